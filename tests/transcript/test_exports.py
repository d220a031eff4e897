"""Files of the corrected transcript: all from the same lines, none that breaks its form."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transcript.test_folding import HIT, segment
from web.store import Interview
from web.transcript import canonical
from web.transcript.exports import FORMS, UNWRITTEN, Kept, lines
from web.transcript.folding import fold
from web.transcript.model import Place, Segment, Step, told

NAMES = {"interviewer": "Interviewer", "child": "Child <1>", "interpreter": "Interpreter"}
UNHEARD = Segment("child@500", "child", "en", told("", place=Place(9500, 10_500, None, "child")))
TYPED = segment(8, "=1+1 --> <b>\nnext", (None, None), speaker="interviewer")


def written(form: str, *segments: Segment, steps: list[Step] | None = None) -> str:
    interview = Interview(id="abc", case_code="K-17")
    return FORMS[form][1](Kept(interview, fold(segments, steps or []), NAMES))


def test_text_has_a_line_for_each_segment_with_its_time():
    text = written("txt", HIT, TYPED, UNHEARD)
    assert text.splitlines()[2:] == [
        "00:00:01  Child <1>: he hit me then",
        "Interviewer: =1+1 --> <b> next",
        f"00:00:09  Child <1>: {UNWRITTEN}",
    ]


def test_vtt_names_voices_escapes_and_says_what_is_missing():
    text = written("vtt", HIT, TYPED, UNHEARD)
    assert text.startswith("WEBVTT\n\nNOTE 1 lines without times")
    assert "00:00:01.000 --> 00:00:03.000\n<v Child &lt;1&gt;>he hit me then\n" in text
    assert text.count("-->") == 2


def test_srt_numbers_its_cues_by_time():
    late = replace(HIT, id="9", said=told("first", place=Place(500, 700)))
    text = written("srt", HIT, late)
    assert [line for line in text.splitlines() if line.isdecimal()] == ["1", "2"]
    assert text.index("first") < text.index("he hit me")
    assert "00:00:00,500 --> 00:00:00,700" in text


def test_only_the_state_that_was_certified_is_said_to_be():
    interview, before = Interview(id="abc", case_code="K-17"), fold([HIT], [])
    after = fold([HIT], [Step(1, "text", HIT.id, text="he hit me")])
    names = {canonical.digest(before).hex()}
    said = [
        json.loads(FORMS["json"][1](Kept(interview, now, NAMES, names)))["certified"]
        for now in (before, after)
    ]
    assert said == [True, False]


def test_csv_is_read_back_and_holds_no_formula():
    rows = list(csv.DictReader(io.StringIO(written("csv", HIT, TYPED))))
    assert [row["text"] for row in rows] == ["he hit me then", "'=1+1 --> <b> next"]
    assert (rows[0]["start_s"], rows[1]["start_s"]) == ("1.000", "")


def test_json_holds_words_with_times_and_a_hash_anybody_can_make_again():
    found = json.loads(written("json", HIT))
    assert found["segments"][0]["words"][1] == {
        "text": "hit",
        "start_ms": 1150,
        "end_ms": 1300,
        "probability": 0.4,
    }
    assert found["sha256"] == canonical.digest(fold([HIT], [])).hex()


def test_a_segment_whose_every_word_was_deleted_is_in_no_file():
    for form in ("txt", "vtt", "srt", "csv"):
        text = written(form, HIT, UNHEARD, steps=[Step(1, "text", "7")])
        assert UNWRITTEN in text
        assert "hit" not in text
    filled = [Step(1, "text", UNHEARD.id, text="dog"), Step(2, "text", UNHEARD.id, text="")]
    assert lines(fold([UNHEARD], filled)) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_no_text_breaks_a_form(text):
    one = segment(1, text.strip(), (0, 1000))
    count = len(lines(fold([one], [])))
    assert len(re.findall(r"^\d\d:\d\d:\d\d\.\d{3} --> ", written("vtt", one), re.M)) == count
    assert len(re.findall(r"^\d\d:\d\d:\d\d,\d{3} --> ", written("srt", one), re.M)) == count
    assert len(list(csv.DictReader(io.StringIO(written("csv", one))))) == count
    assert len(json.loads(written("json", one))["segments"]) == 1


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_transcript_is_an_empty_file(form):
    assert written(form) is not None
