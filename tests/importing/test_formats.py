"""Good files of every format, and what is forgiven in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importing.files import TALK, WRITERS, clock, csv_file, docx, eaf, srt, table, vtt
from web.importing.model import ImportedTranscript
from web.importing.read import read
from web.importing.times import moment


def told(found: ImportedTranscript) -> list[tuple[str, str, int | None, int | None]]:
    return [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in found.turns]


def codes(found: ImportedTranscript) -> list[tuple[str, int]]:
    return [(problem.code, problem.where) for problem in found.problems]


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("named", [True, False])
def test_the_same_talk_comes_out_of_every_format(form: str, named: bool) -> None:
    found = read(WRITERS[form](), f"talk.{form}" if named else "")
    assert told(found) == list(TALK)
    assert (found.format, found.problems) == (form, ())
    assert found.speakers == {"Interviewer": 2, "Mia": 2}


NAMES = st.sampled_from(["Interviewer", "Child", "Dolmetscherin", "المترجم", "Q", "A"])
LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="<>&|:{}[]-\\\x85")
WORDS = st.text(LETTERS, min_size=1, max_size=60).map(lambda text: " ".join(text.split())).filter(bool)
TALKS = st.lists(st.tuples(NAMES, WORDS, st.integers(0, 5000)), min_size=1, max_size=8)


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=60, deadline=None)
@given(said=TALKS)
def test_any_talk_comes_back_as_it_was_written(form: str, said: list[tuple[str, str, int]]) -> None:
    talk, at = [], 0
    for who, text, length in said:
        talk.append((who, text, at, at + length))
        at += length + 1
    assert told(read(WRITERS[form](talk), f"x.{form}")) == talk


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("form", ["vtt", "srt", "csv", "json"])
def test_every_unicode_encoding_that_says_so_is_read(form: str, encoding: str) -> None:
    text = WRITERS[form]().decode("utf-8-sig")
    assert told(read(text.encode(encoding), f"x.{form}")) == list(TALK)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1:02:03.45", 3_723_450),
        ("62:03", 3_723_000),
        ("62.5", 62_500),
        ("0", 0),
        ("[00:01]", 1000),
        ("7,25s", 7250),
    ],
)
def test_a_moment(text: str, ms: int) -> None:
    assert moment(text) == ms


@pytest.mark.parametrize("text", ["", "x", "1:60", "1:99:00", "-1", "1:2:3:4", "٣", "1e5", "NaN", "9" * 30])
def test_no_moment(text: str) -> None:
    assert moment(text) is None


@given(st.integers(0, 24 * 3600 * 1000))
def test_a_clock_is_read_to_the_millisecond(ms: int) -> None:
    assert moment(clock(ms)) == moment(clock(ms, ",")) == moment(str(ms / 1000)) == ms


def cue(*lines: str) -> bytes:
    return ("WEBVTT\n\n" + "\n".join(lines)).encode()


def test_several_voices_in_a_cue_are_several_turns_and_formatting_is_no_word() -> None:
    found = read(
        cue(
            "00:01.000 --> 00:02.000",
            "<v.loud Anna><i>Where</i>?</v>",
            "<v Mia>There <00:01.500>&gt; here</v>",
        )
    )
    assert told(found) == [("Anna", "Where?", 1000, 2000), ("Mia", "There > here", 1000, 2000)]


def test_a_missing_empty_line_after_the_heading_costs_no_words() -> None:
    found = read(
        b"WEBVTT\nKind: captions\n00:00.000 --> 00:01.000\nfirst\n\n00:01.000 --> 00:02.000\nsecond\n"
    )
    assert told(found) == [("", "first", 0, 1000), ("", "second", 1000, 2000)]


def test_what_only_looks_like_a_tag_stays() -> None:
    found = read(cue("00:01.000 --> 00:02.000", "he <laughs> said <ok"))
    assert told(found) == [("", "he <laughs> said <ok", 1000, 2000)]


def test_words_with_broken_times_are_kept_and_named_by_line() -> None:
    found = read(cue("00:01.000 --> 00:02.000", "one", "", "00:xx --> 00:04.000", "two", "", "three"))
    assert told(found) == [("", "one", 1000, 2000), ("", "two three", None, None)]
    assert codes(found) == [("bad_times", 6), ("continued", 9)]


def test_a_missing_empty_line_between_cues_is_forgiven() -> None:
    found = read(b"1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n", "x.srt")
    assert told(found) == [("", "one", 1000, 2000), ("", "two", 3000, 4000)]


@pytest.mark.parametrize("form", ["vtt", "srt", "json", "csv", "docx"])
def test_no_time_moves_a_turn_and_one_that_runs_backwards_is_left_out(form: str) -> None:
    talk = [("I", "What?", 10_000, 11_000), ("A", "He did.", 1000, 1500), ("I", "And?", 20_000, 21_000)]
    found = read(WRITERS[form](talk), f"x.{form}")
    assert [(turn.text, turn.start_ms, turn.end_ms) for turn in found.turns] == [
        ("What?", 10_000, 11_000), ("He did.", None, None), ("And?", 20_000, 21_000)
    ]  # fmt: skip
    assert [one.code for one in found.problems] == ["backwards"]


def test_a_single_time_far_ahead_costs_no_others_theirs() -> None:
    talk = [
        ("I", "a", 1000, 2000),
        ("A", "b", 302_000, 303_000),
        ("I", "c", 3000, 4000),
        ("A", "d", 5000, 6000),
    ]
    assert [turn.start_ms for turn in read(csv_file(talk), "x.csv").turns] == [1000, None, 3000, 5000]


def test_of_times_that_do_not_fit_together_as_many_as_can_be_are_kept() -> None:
    minutes = [1, 50, 51, 2, 3, 4, 5, 6]
    talk = [("IA"[n % 2], str(n), n * 60_000, n * 60_000 + 500) for n in minutes]
    found = read(csv_file(talk), "x.csv")
    assert [turn.start_ms is None for turn in found.turns] == [n in {50, 51} for n in minutes]
    assert [turn.text for turn in found.turns] == [str(n) for n in minutes]


@pytest.mark.parametrize("form", ["srt", "json", "csv"])
def test_a_file_with_a_block_for_each_speaker_is_put_in_order_and_that_is_said(form: str) -> None:
    asked = [("I", "What?", 1000, 2000), ("I", "And?", 11_000, 12_000)]
    told_ = [("A", "He hit me.", 5000, 6000), ("A", "I ran.", 15_000, 16_000)]
    found = read(WRITERS[form]([*asked, *told_]), f"x.{form}")
    assert [turn.text for turn in found.turns] == ["What?", "He hit me.", "And?", "I ran."]
    assert all(turn.start_ms is not None for turn in found.turns)
    assert [one.code for one in found.problems] == ["blocks"]
    apart = [("A", "later", 50_000, 51_000), ("A", "still", 60_000, 61_000)]
    assert not read(WRITERS[form]([*asked, *apart]), f"x.{form}").problems


def test_two_recordings_in_one_table_are_not_shuffled_into_each_other() -> None:
    talk = [("I", f"{part}{n}", n * 1000, n * 1000 + 500) for part in "ab" for n in range(1, 5)]
    assert [turn.text for turn in read(docx(talk)).turns] == ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"]


def test_the_tiers_of_elan_are_one_talk_in_order_of_time() -> None:
    talk = [("A", "first", 1000, 2000), ("A", "untimed", 3000, 4000), ("A", "last", 9000, 9500)]
    content = eaf([*talk, ("I", "between", 5000, 6000)]).replace(b' TIME_VALUE="3000"', b"")
    assert [turn.text for turn in read(content).turns] == ["first", "untimed", "between", "last"]


def test_times_that_cannot_be_are_left_out_and_the_words_stay() -> None:
    found = read(csv_file([("A", "backwards", 5000, 4000)]))
    assert (told(found), codes(found)) == ([("A", "backwards", 5000, None)], [("ends_before", 2)])
    found = read(b'[{"text": "late", "start_ms": 86400001}]')
    assert (told(found), codes(found)) == ([("", "late", None, None)], [("no_such_time", 1)])


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["He said: come here", "I went."], {"": 2}),
        (["INT: Who?", "Nobody: came."], {"INT": 1, "": 1}),
        (["Anna: Who?", "Anna: And?"], {"Anna": 2}),
        (["Anna Berg: Who?", "INT: And?", "Anna Berg: me"], {"Anna Berg": 2, "INT": 1}),
        (["He said: don't tell", "He said: I will hit you"], {"": 2}),
        (["At 8:30 he came", "At 8:45 he left"], {"": 2}),
        (["NO: I don't want", "ok"], {"": 2}),
        (["Then: a", "Then: b", *["INT: c"] * 5], {"": 2, "INT": 5}),
        (["Speaker 1: Who?", "Speaker 2: me"], {"Speaker 1": 1, "Speaker 2": 1}),
        (["SPEAKER_00: Who?", "he said: x", "so"], {"SPEAKER_00": 1, "": 2}),
        (
            ["Speaker A: Who?", "[Speaker B]: me", "Sprecher 2: x"],
            {"Speaker A": 1, "Speaker B": 1, "Sprecher 2": 1},
        ),
        (["Room 1: it was there", "Room 2: no"], {"": 2}),
        (["Child: it was 12:30", "at 12:45 too"], {"Child": 1, "": 1}),
        (["see http://x.example", "see http://y.example"], {"": 2}),
    ],
)
def test_only_what_surely_is_a_name_is_taken_off_the_text(lines: list[str], speakers: dict[str, int]) -> None:
    cues = "\n\n".join(f"00:00:0{i},000 --> 00:00:0{i},500\n{line}" for i, line in enumerate(lines, 1))
    assert read(cues.encode(), "x.srt").speakers == speakers


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_with_any_usual_delimiter(delimiter: str) -> None:
    assert told(read(csv_file(delimiter=delimiter), "x.csv")) == list(TALK)


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("0:01,Anna,Who?\n0:02,Mia,Me.", [("Anna", "Who?", 1000, None), ("Mia", "Me.", 2000, None)]),
        ("Anna,Who?\nMia,Me.", [("Anna", "Who?", None, None), ("Mia", "Me.", None, None)]),
        ("0:01 - 0:02,Anna,Who?", [("Anna", "Who?", 1000, 2000)]),
        ("1,Anna,Who?\n2,Mia,Me.", [("Anna", "Who?", None, None), ("Mia", "Me.", None, None)]),
        (
            "1,0:01,0:02,Anna,Who?\n2,0:03,0:04,Mia,Me.",
            [("Anna", "Who?", 1000, 2000), ("Mia", "Me.", 3000, 4000)],
        ),
        ("1.5,Anna,Who?\n2,Mia,Me.", [("Anna", "Who?", 1500, None), ("Mia", "Me.", 2000, None)]),
        ("start_ms,text\n1500,Who?", [("", "Who?", 1500, None)]),
        ("Talare;Text\nAnna;Vem?", [("Anna", "Vem?", None, None)]),
    ],
    ids=[
        "no headings",
        "two columns",
        "a span",
        "rows' numbers",
        "rows' numbers and times",
        "seconds",
        "milliseconds",
        "Swedish headings",
    ],
)
def test_tables_as_people_make_them(text: str, turns: list[tuple[str, str, int | None, int | None]]) -> None:
    assert told(read(text.encode(), "x.csv")) == turns


def test_a_quoted_cell_may_hold_lines_and_its_row_is_named_where_it_ends() -> None:
    found = read(b'speaker,text\nA,"one\ntwo"\nB,\n', "x.csv")
    assert told(found) == [("A", "one two", None, None)]
    assert codes(found) == [("empty", 4)]


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("uk", "uk"),
        ("Ukrainian", "uk"),
        ("УКРАЇНСЬКА", "uk"),
        ("pt_BR", "pt-BR"),
        ("svenska", "sv"),
        ("loud", None),
    ],
)
def test_a_language_is_a_code_or_a_name(told: str, language: str | None) -> None:
    found = read(f"Speaker,Language,Text\nT,{told},so".encode(), "x.csv")
    assert found.turns[0].language == language
    assert codes(found) == ([] if language else [("language", 2)])


def test_tracked_changes_show_the_document_as_it_stands() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    gone = "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
    cell = f"<w:p><w:ins>{run.format('new ')}</w:ins>{gone}{run.format('same')}</w:p>"
    body = f"<w:tbl><w:tr><w:tc><w:p>{run.format('Mia')}</w:p></w:tc><w:tc>{cell}</w:tc></w:tr></w:tbl>"
    assert told(read(docx(body=body))) == [("Mia", "new same", None, None)]


def test_several_tables_with_the_same_heading_are_one_transcript() -> None:
    one = [("Speaker", "Text"), ("A", "first")]
    two = [("Speaker", "Text"), ("B", "second")]
    assert [turn.text for turn in read(docx(body=table(one) + "<w:p/>" + table(two))).turns] == [
        "first",
        "second",
    ]


def test_tiers_that_depend_on_others_stay_out_and_it_is_said() -> None:
    content = WRITERS["eaf"]().replace(
        b"</ANNOTATION_DOCUMENT>",
        b'<TIER TIER_ID="english" PARENT_REF="Mia"><ANNOTATION><REF_ANNOTATION ANNOTATION_REF="a3">'
        b"<ANNOTATION_VALUE>Then we went home.</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>"
        b"</ANNOTATION_DOCUMENT>",
    )
    found = read(content)
    assert told(found) == list(TALK)
    assert codes(found) == [("dependent", 5)]


def test_words_with_times_are_kept_where_all_can_be_read() -> None:
    word = {"word": " Who", "start": 1.0, "end": 1.5, "score": 0.9}
    item = {"text": "Who?", "start": 1, "end": 2, "words": [word]}
    (turn,) = read(json.dumps([item]).encode()).turns
    assert turn.words == ({"text": "Who", "start_ms": 1000, "end_ms": 1500, "probability": 0.9},)
    for broken in ({**word, "end": "x"}, {**word, "score": 7}, {**word, "word": ""}, "Who"):
        (turn,) = read(json.dumps([{**item, "words": [word, broken]}]).encode()).turns
        assert (turn.words, turn.text) == (None, "Who?")


def test_what_tellmore_transcribe_writes_is_read() -> None:
    item = {
        "track": "left",
        "speaker": None,
        "text": "hi",
        "words": [],
        "start_ms": 10,
        "end_ms": 20,
        "language": "en",
    }
    assert told(read(json.dumps({"segments": [item]}).encode())) == [("", "hi", 10, 20)]
    assert vtt() != srt()
