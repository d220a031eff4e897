"""Streams of turns: in order, in constant memory, and a precise word on the first bad line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from web.language.batch import BadInput, code_stream, lines, read_lines, stream, talks
from web.language.coder import Heard
from web.language.conversation import Conversation
from web.language.model import Coding, Flag, Question, QuestionType, Response, Speaker, Turn


class CountingCoder:
    """Stands at the coder's port: says how many turns of the conversation came before."""

    def read(self, turns: Sequence[Turn]) -> list[Heard | None]:
        return [None] * len(turns)

    def code(self, conversation: Conversation, turn: Turn, heard: Heard | None = None) -> Coding:
        seen = len(conversation.turns)
        question = Question(QuestionType.WH, "static", (Flag("long", str(seen)),), {"lyon4": "wh"}, 0.5)
        by_speaker = {
            Speaker.INTERVIEWER: Coding(question=question),
            Speaker.CHILD: Coding(response=Response.SHORT),
            Speaker.INTERPRETER: Coding(),
        }
        conversation.absorb(turn, None, by_speaker[turn.speaker])
        return by_speaker[turn.speaker]


def line(**changes: Any) -> bytes:
    row = {"session": "a", "turn": 1, "speaker": "interviewer", "text": "Who?"} | changes
    return json.dumps({key: value for key, value in row.items() if value is not ...}).encode() + b"\n"


def code(*lines: bytes, format_: Any = "jsonl") -> list[dict[str, Any]]:
    out = io.StringIO()
    code_stream(lines, out, format=format_, coder=CountingCoder(), name="turns.jsonl")
    return [json.loads(text) for text in out.getvalue().splitlines()]


def seen(row: dict[str, Any]) -> int:
    return int(row["question"]["flags"][0]["why"])


def test_each_speaker_gains_its_own_fields() -> None:
    rows = code(line(), line(turn=2, speaker="child"), line(turn=3, speaker="interpreter"))
    assert rows[0]["question"]["type"] == "wh"
    assert "response" not in rows[0]
    assert (rows[1]["response"], rows[1]["indicators"]) == ("short", [])
    assert set(rows[2]) == {"session", "turn", "speaker", "text"}


def test_given_fields_come_back_in_order_and_untouched() -> None:
    (row,) = code(line(note={"x": 1}, age=8, text="Wer? “א”"))
    assert list(row)[:4] == ["session", "turn", "speaker", "text"]
    assert (row["note"], row["age"], row["text"]) == ({"x": 1}, 8, "Wer? “א”")


def test_output_can_be_coded_again() -> None:
    once = code(line())
    assert code(json.dumps(once[0]).encode()) == once


def test_sessions_may_interleave() -> None:
    rows = code(line(), line(session="b"), line(turn=2), line(turn=3), line(session="b", turn=2))
    assert [seen(row) for row in rows] == [0, 0, 1, 2, 1]


def test_memory_is_bounded_by_open_sessions_and_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talks, "OPEN_SESSIONS", 2)
    rows = code(line(), line(session="b"), line(session="c"), line(turn=2))
    assert seen(rows[-1]) == 0
    monkeypatch.setattr(talks, "MAX_TURNS", 2)
    assert [seen(row) for row in code(line(), line(turn=2), line(turn=3))] == [0, 1, 0]


def test_memory_is_bounded_by_the_size_of_all_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talks, "MAX_HELD", 3 * talks.BESIDE)
    rows = code(line(), line(turn=2), line(session="b"), line(turn=3), line(turn=4))
    assert [seen(row) for row in rows] == [0, 1, 0, 0, 1], "the session longest without a turn is closed"
    long = [line(turn=turn, text="x" * 2 * talks.BESIDE) for turn in range(3)]
    assert [seen(row) for row in code(*long)] == [0, 0, 0]


def test_lines_are_read_a_window_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WINDOW", 2)
    asked: list[int] = []

    def given() -> Iterator[bytes]:
        for number in range(7):
            asked.append(number)
            yield line(turn=number)

    pulled: list[tuple[int, int]] = []
    code_stream(
        given(),
        io.StringIO(),
        format="jsonl",
        coder=CountingCoder(),
        progress=lambda done: pulled.append((done, len(asked))),
    )
    assert pulled == [(1, 4), (2, 4), (3, 6), (4, 6), (5, 7), (6, 7), (7, 7)]


def test_large_turns_make_small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WINDOW_BYTES", 1000)
    sizes: list[int] = []

    class Noting(CountingCoder):
        def read(self, turns: Sequence[Turn]) -> list[Heard | None]:
            sizes.append(len(turns))
            return super().read(turns)

    given = [line(turn=turn, text="x" * 600) for turn in range(5)]
    code_stream(given, io.StringIO(), format="jsonl", coder=Noting())
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize("window", [1, 2, 3, 5])
def test_turns_come_out_in_order_whatever_the_window(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "WINDOW", window)
    rows = code(*(line(session="ab"[turn % 2], turn=turn) for turn in range(5)))
    assert [row["turn"] for row in rows] == list(range(5))
    assert [seen(row) for row in rows] == [0, 0, 1, 1, 2]


BAD = [
    (b"{nope}\n", "not JSON at column 2"),
    (b"[1]\n", "not a JSON object"),
    (b"[" * 100_000 + b"\n", "not JSON"),
    (b'{"turn": ' + b"9" * 5000 + b"}\n", "not JSON"),
    (b'{"session": "a", "turn": NaN}\n', "not JSON"),
    (b'{"text": "\xff"}\n', "not UTF-8 (byte 11 of the line)"),
    (line().decode().encode("utf-16"), "not UTF-8"),
    (line(text="h\xe9")[:-1].decode().replace("\\u00e9", "é").encode("latin-1"), "not UTF-8"),
    (b'{"session": "a", "turn": 1, "speaker": "child", "text": "a\x00b"}\n', "not JSON at column"),
    (b"\xef\xbb\xbf" + line(turn=2), "not JSON at column 1"),
    (b'"turn"\n', "not a JSON object"),
    (b"null\n", "not a JSON object"),
    (line(session=...), "session missing"),
    (line(turn=..., text=...), "turn, text missing"),
    (line(session=" "), "session is not a name"),
    (line(session=["a"]), "session is not a name"),
    (line(session=False), "session is not a name"),
    (line(session="a" * 1001), "session is longer than 1,000 characters"),
    (line(turn="2"), "turn is not a whole number"),
    (line(turn=True), "turn is not a whole number"),
    (line(turn=-1), "turn is not a whole number"),
    (line(speaker="mum"), "speaker is none of interviewer, child, interpreter"),
    (line(speaker=["child"]), "speaker is none of"),
    (line(text=5), "text is not a string"),
    (line(text="\ud83d"), "half a character"),
    (line(age=0), "age is not a whole number from 1 to 25"),
    (line(age=8.5), "age is not"),
    (line(age=True), "age is not"),
    (line(language="english please"), "language is not a language tag"),
    (line(turn=0), "turn 0 comes twice in its session"),
    (line(text="x" * 1_000_000), "longer than 1,000,000 bytes"),
]


@pytest.mark.parametrize(
    ("bad", "reason"), BAD, ids=[reason[:30] + str(n) for n, (_, reason) in enumerate(BAD)]
)
def test_a_bad_line_is_named_and_the_lines_before_are_whole(bad: bytes, reason: str) -> None:
    out = io.StringIO()
    with pytest.raises(BadInput) as caught:
        code_stream(
            [line(turn=0), b"\n", bad], out, format="jsonl", coder=CountingCoder(), name="turns.jsonl"
        )
    assert (caught.value.file, caught.value.line) == ("turns.jsonl", 3)
    assert str(caught.value).startswith("turns.jsonl, line 3: ")
    assert reason in caught.value.reason
    assert len(out.getvalue().splitlines()) == 1
    assert out.getvalue().endswith("}\n")


@pytest.mark.parametrize("depth", [*range(880, 1000, 4), 5_000, 100_000])
def test_what_is_nested_too_deeply_is_named_and_no_crash(depth: int) -> None:
    bad = line(turn=2, note=...)[:-2] + b', "note": ' + b"[" * depth + b"]" * depth + b"}"
    out, reason = io.StringIO(), None
    try:
        code_stream([line(), bad], out, format="jsonl", coder=CountingCoder(), name="turns.jsonl")
    except BadInput as error:
        reason = str(error)
    assert reason in {None, "turns.jsonl, line 2: not JSON", "turns.jsonl, line 2: nested too deeply"}
    assert (reason is None) == (len(out.getvalue().splitlines()) == 2)


def test_half_a_character_in_another_field_comes_back_as_it_came() -> None:
    (row,) = code(line(session="\ud83d", note="\udc00 é"))
    assert (row["session"], row["note"]) == ("\ud83d", "\udc00 é")


def test_turns_must_come_in_order() -> None:
    with pytest.raises(BadInput, match="turn 1 comes after turn 2"):
        code(line(turn=2), line(turn=1))


def test_a_child_has_one_age() -> None:
    with pytest.raises(BadInput, match="age 9, but 8 earlier"):
        code(line(age=8), line(turn=2), line(turn=3, age=9))


def test_no_message_quotes_the_turn() -> None:
    with pytest.raises(BadInput) as caught:
        code(b'{"session": "a", "turn": 1, "speaker": "child", "text": "marker sentence"')
    assert "marker" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_line_without_end_is_not_read_into_memory() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def readline(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= lines.MAX_LINE + 1
            self.given += size
            return b"x" * size

    with pytest.raises(BadInput, match="line 1: longer than"):
        list(read_lines(Endless(), "turns"))  # type: ignore[arg-type]


HEADER = b"session,turn,speaker,text,age\n"


def code_csv(*lines: bytes) -> list[dict[str, str]]:
    out = io.StringIO()
    code_stream(lines, out, format="csv", coder=CountingCoder(), name="turns.csv")
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_csv_comes_back_as_csv() -> None:
    rows = code_csv(
        b"\xef\xbb\xbf" + HEADER, b'a,1,interviewer,"Who, and\n', b'where?",8\n', b"a,2,child,mum,\n"
    )
    assert rows[0]["text"] == "Who, and\nwhere?"
    assert (rows[0]["question_type"], rows[0]["flags"], rows[0]["age"]) == ("wh", "long", "8")
    assert (rows[1]["response"], rows[1]["indicators"]) == ("short", "[]")


@pytest.mark.parametrize(
    ("lines", "where", "reason"),
    [
        ([b"session,turn,text\n"], 1, "the header lacks speaker"),
        ([HEADER, b"a,1,child\n"], 2, "not 5 columns like the header"),
        ([HEADER, b"a,1,child,hi,8,9\n"], 2, "not 5 columns like the header"),
        ([HEADER, b"a,one,child,hi,8\n"], 2, "turn is not a whole number"),
        ([HEADER, b"a,1,child,hi,eight\n"], 2, "age is not a whole number"),
        ([HEADER, b'a,1,child,"hi" x,8\n'], 2, "not CSV"),
        ([HEADER, b'a,1,child,"hi\n'], 2, "not CSV"),
        ([], 1, "the header lacks session"),
        ([b"\n", HEADER], 1, "the header lacks session"),
        ([b"session,turn,speaker,text,text\n"], 1, "two columns of the header have the same name"),
        ([HEADER, b"a,1,child,hi\xe9,8\n"], 2, "not UTF-8 (byte 13 of the line)"),
        ([HEADER, b"a,1,child,hi,8\ra,2,child,ho,8\n"], 2, "a line end within the line"),
        ([HEADER, b'a,1,child,"h\n', b"i,8\n"] + [b"x" * 900_000 + b"\n"] * 2, 5, "field larger than"),
        ([HEADER, b"a,1,child,hi,true\n"], 2, "age is not a whole number"),
    ],
)
def test_bad_csv_is_named(lines: list[bytes], where: int, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        code_csv(*lines)
    assert caught.value.line == where
    assert reason in caught.value.reason
