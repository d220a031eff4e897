"""Streams of turns: in order, in constant memory, and a precise word on the first bad line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from web.cli.code import command
from web.language import batch
from web.language.batch import BadInput, code_stream, read_lines
from web.language.conversation import Conversation
from web.language.model import Coding, Flag, Question, QuestionType, Response, Speaker, Turn
from web.language.parse import Parsed


class CountingCoder:
    """Stands at the coder's port: says how many turns of the conversation came before."""

    def read(self, turns: Sequence[Turn]) -> list[Parsed | None]:
        return [None] * len(turns)

    def code(self, conversation: Conversation, turn: Turn, parsed: Parsed | None = None) -> Coding:
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
    monkeypatch.setattr(batch, "OPEN_SESSIONS", 2)
    rows = code(line(), line(session="b"), line(session="c"), line(turn=2))
    assert seen(rows[-1]) == 0
    monkeypatch.setattr(batch, "MAX_TURNS", 2)
    assert [seen(row) for row in code(line(), line(turn=2), line(turn=3))] == [0, 1, 0]


def test_lines_are_read_a_window_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "WINDOW", 2)
    asked: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(3):
            asked.append(number)
            yield line(turn=number)

    pulled: list[tuple[int, int]] = []
    code_stream(
        lines(),
        io.StringIO(),
        format="jsonl",
        coder=CountingCoder(),
        progress=lambda done: pulled.append((done, len(asked))),
    )
    assert pulled == [(1, 2), (2, 2), (3, 3)]


BAD = [
    (b"{nope}\n", "not JSON at column 2"),
    (b"[1]\n", "not a JSON object"),
    (b"[" * 100_000 + b"\n", "not JSON"),
    (b'{"turn": ' + b"9" * 5000 + b"}\n", "not JSON"),
    (b'{"session": "a", "turn": NaN}\n', "not JSON"),
    (b'{"text": "\xff"}\n', "not UTF-8 (byte 11 of the line)"),
    (line(session=...), "session missing"),
    (line(turn=..., text=...), "turn, text missing"),
    (line(session=" "), "session is not a name"),
    (line(session=["a"]), "session is not a name"),
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
            assert 0 < size <= batch.MAX_LINE + 1
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
    ],
)
def test_bad_csv_is_named(lines: list[bytes], where: int, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        code_csv(*lines)
    assert caught.value.line == where
    assert reason in caught.value.reason


def run(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(command, list(arguments), input=stdin)


def test_the_command_codes_a_file(tmp_path: Path) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_bytes(
        line(text="Tell me what happened.", age=8)
        + line(turn=2, speaker="child", text="he hit me with a stick")
    )
    result = run(str(file))
    assert result.exit_code == 0, result.stderr
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["question"]["type"] == "invitation"
    assert second["response"] == "short"
    assert [one["tag"] for one in second["indicators"]] == ["ABU-PHY"]
    shape = set(second["indicators"][0])
    assert shape >= {
        "tag",
        "quote",
        "start",
        "end",
        "polarity",
        "reality",
        "experiencer",
        "time",
        "role",
        "elicitation",
        "urgency",
        "why",
    }


def test_the_command_names_the_bad_line_and_ends_with_2() -> None:
    result = run(stdin=line() + line(turn=2, speaker="dad"))
    assert result.exit_code == 2
    assert "standard input, line 2: speaker is none of" in result.stderr
    assert len(result.stdout.splitlines()) == 1


def test_the_command_knows_csv_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "turns.csv"
    file.write_bytes(HEADER + b"a,1,interpreter,hello,8\n")
    assert run(str(file)).stdout.startswith("session,turn,speaker,text,age")


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    result = run(str(tmp_path / "none.jsonl"))
    assert result.exit_code == 2
    assert "none.jsonl" in result.stderr
