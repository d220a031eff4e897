"""`tellmore code` as it is called: exit status, messages, progress on a terminal, Ctrl-C."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from web.cli.code import WholeLines, command
from web.cli.progress import Progress

HEADER = b"session,turn,speaker,text,age\n"


def line(**changes: Any) -> bytes:
    return (
        json.dumps({"session": "a", "turn": 1, "speaker": "interviewer", "text": "Who?"} | changes).encode()
        + b"\n"
    )


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


def test_half_a_line_is_never_left_by_an_interruption() -> None:
    class Interrupted(io.BytesIO):
        def write(self, data: Any) -> int:
            if not self.getvalue():
                signal.raise_signal(signal.SIGINT)
            return super().write(data)

    raw = Interrupted()
    before = signal.getsignal(signal.SIGINT)

    def write_all() -> None:
        with WholeLines(raw) as out:
            for number in range(10_000):
                out.write(f"line {number}\n")

    with pytest.raises(KeyboardInterrupt):
        write_all()
    *whole, rest = raw.getvalue().split(b"\n")
    assert rest == b""
    assert whole == [f"line {number}".encode() for number in range(len(whole))]
    assert 0 < len(whole) < 10_000
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_interruption_ends_a_write_that_does_not() -> None:
    class Stuck(io.BytesIO):
        def write(self, data: Any) -> int:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            raise AssertionError("goes on writing")

    with pytest.raises(KeyboardInterrupt), WholeLines(Stuck()) as out:
        out.write("x" * 100_000)


def test_ctrl_c_ends_with_130_after_whole_lines_and_progress(tmp_path: Path) -> None:
    """As at a terminal: messages go to it, codings to a file, turns come in without end."""
    terminal, stderr = pty.openpty()
    written = tmp_path / "out.jsonl"
    given = b"".join(line(turn=turn) for turn in range(600))
    with (
        written.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "web.cli", "code"], stdin=subprocess.PIPE, stdout=out, stderr=stderr
        ) as process,
    ):
        os.close(stderr)
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.flush()
        while not written.stat().st_size:  # the first window is out, the next is waited for
            assert process.poll() is None
            signal.sigtimedwait([], 0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        process.stdin.close()
    shown = os.read(terminal, 10_000).decode()
    os.close(terminal)
    rows = [json.loads(text) for text in written.read_text("utf-8").splitlines()]
    assert [row["turn"] for row in rows] == list(range(len(rows)))
    assert written.read_bytes().endswith(b"\n")
    assert f"{len(rows):,} turns, " in shown
    assert "Traceback" not in shown


def test_progress_counts_turns_rate_and_share(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(shown=True, size=200, place=lambda: 50) as progress:
        progress(1_200)
    shown = capsys.readouterr().err
    assert shown.startswith("\r1,200 turns, ")
    assert " a second, 25% of the file read" in shown
    assert shown.endswith("\n")
    with Progress(shown=True, size=0, place=lambda: 50) as progress:
        progress(3)
    assert "%" not in capsys.readouterr().err


def test_nothing_is_shown_where_messages_go_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_bytes(b"x" * 30)
    with file.open("rb") as opened, Progress.of(opened) as progress:
        progress(5)
    assert capsys.readouterr().err == ""
