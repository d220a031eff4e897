"""Files that are broken, or were made to break something: always a sentence, never a crash."""

from __future__ import annotations

import io
import json
import resource
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importing.files import WRITERS, docx, eaf, packed, vtt
from web.importing import words
from web.importing.model import MAX_BYTES, MOST_TURNS, BadTranscript, ImportedTranscript, Problem
from web.importing.read import FORMATS, read

SECRET = "the child's words"
LAUGHS = '<!ENTITY l0 "ha">' + "".join('<!ENTITY l{} "{}">'.format(i + 1, f"&l{i};" * 10) for i in range(9))
BOMB = f"<!DOCTYPE x [{LAUGHS}]>"
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'


def refused(content: bytes, name: str = "") -> BadTranscript:
    with pytest.raises(BadTranscript) as caught:
        read(content, name)
    assert SECRET not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("head", [BOMB, FILE, "<!DOCTYPE x>"], ids=["laughs", "a file", "a document type"])
@pytest.mark.parametrize("make", [eaf, docx], ids=["eaf", "docx"])
def test_no_document_type_is_opened(make, head: str) -> None:
    assert refused(make([("A", "x", 1, 2)], head=head)).code == "entities"


def test_an_archive_that_unpacks_to_much_more_is_not_unpacked() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = io.BytesIO()
    with (
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(512):
            part.write(bytes(1 << 20))
    assert len(content.getvalue()) < 1 << 20
    assert refused(content.getvalue()).code == "zip_bomb"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300 * 1024


def test_an_archive_with_thousands_of_entries_is_not_listed() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for number in range(2001):
            package.writestr(str(number), b"")
        package.writestr("word/document.xml", b"<x/>")
    assert refused(content.getvalue()).code == "zip_bomb"


@pytest.mark.parametrize("spread", [False, True], ids=["on one element", "on many"])
def test_attributes_without_end_are_not_built(spread: bool) -> None:
    many = [f'a{number}="x"' for number in range(400 if spread else 400_000)]
    body = f"<w:p {' '.join(many)}/>" * (3000 if spread else 1)
    tracemalloc.start()
    code = refused(docx(body=body)).code
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == "too_large_inside"
    assert peak < 200 << 20


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "", "nothing_said"),
        (b" \n ", "x.vtt", "nothing_said"),
        (b"WEBVTT\n", "", "nothing_said"),
        (b"hello", "x.vtt", "no_header"),
        (b"WEBVTTX\n\n00:01.000 --> 00:02.000\nx", "", "no_header"),
        (bytes(MAX_BYTES + 1).replace(b"\0", b"x"), "", "too_large"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "x.doc", "other_program"),
        (b"%PDF-1.7", "x.csv", "other_program"),
        (b"a," + b"x" * 300_000, "x.csv", "turn_too_long"),
        (b"speaker,text\nA,\xe5\xe4", "x.csv", "encoding"),
        (b"speaker,text\nA,b\0c", "x.csv", "not_text"),
        ("speaker,text\nA,b".encode("utf-16-le"), "x.csv", "not_text"),
        (b'speaker,text\nA,"open\n', "x.csv", "bad_quotes"),
        (b'speaker,text\nA,"x"y\n', "x.csv", "bad_quotes"),
        (b"{", "", "bad_json"),
        (nested(100_000), "", "bad_json"),
        (b'[{"text": "x", "start": ' + b"9" * 5000 + b"}]", "", "bad_json"),
        (b'{"text": "x"}', "", "no_list"),
        (b'["x"]', "", "no_list"),
        (b'[{"text": 7}]', "", "no_text"),
        (b'[{"text": "a\\u0000b"}]', "", "not_text"),
        (b'[{"text": "a\\ud800b"}]', "", "not_text"),
        (b"<a><b></a>", "x.eaf", "bad_xml"),
        (b"<ANNOTATION", "", "bad_xml"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "", "bad_xml"),
        (b"<html/>", "", "no_header"),
        (b"PK\x03\x04broken", "x.docx", "bad_zip"),
        (packed(b"<a/>", "xl/workbook.xml"), "x.docx", "no_header"),
        (packed(b"<a"), "", "bad_xml"),
        (packed(b"<a/>"), "", "no_table"),
        (b"<a>" * 300 + b"</a>" * 300, "", "too_large_inside"),
        (packed(b"<a>" + b"<b/>" * 1_000_001 + b"</a>"), "", "too_large_inside"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(content: bytes, name: str, code: str) -> None:
    assert refused(content, name).code == code


def test_words_no_database_holds_are_left_out_before_anybody_confirms() -> None:
    word = {"text": "\ud800", "start": 0, "end": 1}
    (turn,) = read(json.dumps([{"text": "hi", "start": 0, "end": 1, "words": [word]}]).encode()).turns
    assert (turn.text, turn.words) == ("hi", None)


def test_a_text_that_begins_with_the_letters_of_an_archive_is_a_text() -> None:
    assert read(b"PK: Hello there\nC: Hi\n", "x.txt").format == "csv"


def test_a_refusal_names_the_place() -> None:
    assert refused(b"speaker,text\nA,ok\nB,\xff\n", "x.csv").where == 3
    assert refused(b'[\n{"text": "x"},\n{"text" "y"}]').where == 3
    assert refused(f'[{{"text": "x"}}, {{"text": ["{SECRET}"]}}]'.encode()).where == 2
    assert refused(f"<a>\n<b>{SECRET}</c></a>".encode()).where == 2


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        ([{"text": "x"}] * (MOST_TURNS + 1), "too_many"),
        ([{"text": "x" * 65_537}], "turn_too_long"),
        ([{"text": "x", "speaker": str(i)} for i in range(41)], "too_many_speakers"),
    ],
)
def test_limits(turns: list[dict[str, str]], code: str) -> None:
    assert refused(json.dumps(turns).encode()).code == code


def test_a_flipped_or_missing_byte_is_found_or_harmless() -> None:
    """Of each format, at every place of a short file."""
    for form, write in WRITERS.items():
        content = write([("Anna", "one", 0, 5), ("Mia", "two", 6, 9)])
        for place in range(0, len(content), 3):
            for damaged in (content[:place], content[:place] + b"\xff" + content[place + 1 :]):
                outcome(damaged, f"x.{form}")


def outcome(content: bytes, name: str) -> None:
    """Either a transcript, all of whose problems have words, or a refusal that has."""
    try:
        found = read(content, name)
    except BadTranscript as error:
        assert error.code in words._REFUSALS  # noqa: PT017
    else:
        assert isinstance(found, ImportedTranscript)
        assert found.turns
        assert {problem.code for problem in found.problems} <= words._PROBLEMS.keys()
        for turn in found.turns:
            assert turn.text
            assert "\0" not in turn.text + turn.speaker
            assert turn.start_ms is None or 0 <= turn.start_ms <= (turn.end_ms or turn.start_ms)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([*FORMATS, ""]))
def test_any_bytes_end_in_a_transcript_or_a_refusal(content: bytes, form: str) -> None:
    outcome(content, f"x.{form}")


MARKS = st.sampled_from(
    ["WEBVTT", "\n", "\n\n", "00:01.000", "00:00:01,000", " --> ", "-->", "<v A>", "</v>", "A: ", "\t", ";",
     ",", '"', "text", "start", "{", "}", "[", "]", ":", "1", "\\u0000", "слово", "\ufeff", "NOTE ", "|", "x"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKS, max_size=40).map("".join), st.sampled_from(["vtt", "srt", "csv", "json", ""]))
def test_any_heap_of_marks_ends_in_a_transcript_or_a_refusal(text: str, form: str) -> None:
    outcome(text.encode(), f"x.{form}")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["text", "speaker", "start", "end", "start_ms", "words", "word", "score", "segments"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_ends_in_a_transcript_or_a_refusal(value: object) -> None:
    outcome(json.dumps(value).encode(), "x.json")


def test_nothing_that_was_said_is_in_a_problem(app) -> None:
    with app.test_request_context():
        for code in words._PROBLEMS:
            assert words.problem(Problem(code, 7), "line").startswith("Line 7: ")
        assert words.refusal(BadTranscript("encoding", 3)).endswith("(at 3)")


def test_a_pattern_cannot_be_made_to_run_for_ever() -> None:
    """Long runs that a careless pattern would try in every way."""
    for text in (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v " * 60_000,
        "WEBVTT\n\n" + "00:" * 60_000 + " --> " + "1" * 60_000 + "\nx",
        "1\n00:00:01,000 --> 00:00:02,000\n" + "A " * 30_000 + "\n" + "{\\" * 30_000,
        "speaker,text\n" + " " * 60_000 + "x" + " " * 60_000 + "(" * 1000,
        "a" + " - " * 60_000 + ",b\n",
        "0:01,a\n" + "-" * 200_000 + " x y,b\n",
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v" + " " * 200_000,
    ):
        outcome(text.encode(), "x.vtt" if text.startswith("WEBVTT") else "")
    assert read(vtt()).turns
