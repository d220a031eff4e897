"""`tellmore protocols choose`: one JSON line a protocol, in order; bad input said plainly."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from protocols.files import ROOT
from tests.protocols.player import library
from web.cli.protocols import command


def run(*args: str) -> Result:
    return CliRunner().invoke(command, ["choose", *args], catch_exceptions=False)


def lines(*args: str) -> list[dict[str, Any]]:
    result = run(*args)
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_best_fit_is_the_first_line_and_all_protocols_follow() -> None:
    found = lines("--setting", "outreach", "--age", "16", "--purpose", "first_contact")
    assert found[0]["id"] == "trafficking_first_contact"
    assert sorted(line["id"] for line in found) == sorted(library().flows)
    assert {reason["about"] for reason in found[0]["for"]} == {"setting", "age", "purpose"}
    assert all(reason["source"] for line in found for reason in line["needs"])


def test_those_for_another_age_come_last_and_say_so() -> None:
    found = lines("--age", "3")
    assert [line["outside"] for line in found] == sorted(line["outside"] for line in found)
    assert "this child is 3" in found[-1]["against"][0]["says"]


def test_nothing_needs_to_be_said() -> None:
    assert all(line["for"] == line["against"] == [] for line in lines())


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--setting", "polis"), "there is no setting 'polis'. Known: police, child_house,"),
        (("--purpose", "\x1b[2J"), "there is no purpose '\\x1b[2J'. Known: first_account,"),
        (("--age", "2"), "3<=x<=17"),
        (("--age", "nine"), "not a valid integer"),
    ],
)
def test_bad_input_is_named_with_what_there_is(args: tuple[str, ...], says: str) -> None:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    root = tmp_path / "protocols"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (root / "fit.yml").write_text("settings:\n\tpolice: x\n")
    result = run("--root", str(root))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "fit.yml:2: a tab" in result.stderr
