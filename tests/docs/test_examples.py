"""Every console example in the documents is typed in, and says what the document says it says."""

from __future__ import annotations

import fnmatch
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from web.cli import main

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(console|jsonl \S+)\n(.*?)^```$", flags=re.M | re.S)


@dataclass
class Example:
    """One command, the lines it is said to print (standard output and error together), its exit status."""

    command: str
    lines: list[str] = field(default_factory=list)
    status: int | None = 0


def read(path: Path) -> tuple[dict[str, str], list[Example]]:
    files: dict[str, str] = {}
    examples: list[Example] = []
    for kind, body in BLOCK.findall(path.read_text(encoding="utf-8")):
        if kind.startswith("jsonl"):
            files[kind.split()[1]] = body
            continue
        for line in body.splitlines():
            if line.startswith("$ "):
                examples.append(Example(line[2:]))
            elif found := re.fullmatch(r"\[exit (\d)\]", line):
                examples[-1].status = int(found[1])
            else:
                examples[-1].lines.append(line)
    return files, examples


def test_the_examples_of_the_command_page_are_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, examples = read(ROOT / "docs" / "commands.md")
    assert len(examples) >= 8
    for name, body in files.items():
        (tmp_path / name).write_text(body, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path / "home"))
    for example in examples:
        check(example)


def check(example: Example) -> None:
    program, *arguments = shlex.split(example.command)
    assert program == "tellmore"
    answer = CliRunner().invoke(main, arguments)
    printed = [line for line in answer.output.splitlines() if line.strip()]
    if "doctor" not in arguments:  # whether the guide runs is not the document's business
        assert answer.exit_code == example.status, f"{example.command}: {answer.output}"
    for expected in example.lines:
        pattern = re.sub(r"\\…|…", "*", re.sub(r"([\[\]?*])", r"[\1]", expected)) + (
            "*" if expected.endswith("…") else ""
        )
        assert fnmatch.filter(printed, pattern), f"{example.command}: no line like {expected!r} in {printed}"
