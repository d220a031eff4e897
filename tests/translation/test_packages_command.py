"""`tellmore packages`, beyond what test_command.py shows of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.translation.test_packages_stock import carry
from web.cli.packages import command
from web.translation import stock
from web.translation.installing import find


@pytest.fixture(autouse=True)
def home(packages_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """uk-en and en-es are installed from files."""
    monkeypatch.setenv("TELLMORE_HOME", str(packages_dir.parent))
    return packages_dir.parent


@pytest.fixture
def carried(tmp_path: Path, archives: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = carry(tmp_path / "shipped", archives["uk-en-2"])
    monkeypatch.setattr(stock, "FOLDER", folder)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def lines(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_ways_are_listed_with_the_packages_they_go_through() -> None:
    assert lines(run("routes")) == [
        {"from": "en", "to": "es", "packages": ["translate-en_es"]},
        {"from": "uk", "to": "en", "packages": ["translate-uk_en"]},
        {"from": "uk", "to": "es", "packages": ["translate-uk_en", "translate-en_es"]},
    ]


def test_a_check_finds_what_was_changed_and_what_does_not_load(packages_dir: Path) -> None:
    good = run("check")
    assert (good.exit_code, [line["ok"] for line in lines(good)]) == (0, [True, True])

    first = find(packages_dir, "translate-en_es")
    second = find(packages_dir, "translate-uk_en")
    assert first is not None
    assert second is not None
    (first.folder / "README.md").write_text("new")
    (second.folder / "tellmore.json").unlink()
    (second.folder / "model" / "model.bin").write_bytes(b"nothing")

    bad = run("check")
    assert bad.exit_code == 1
    problems = [line["problem"] for line in lines(bad)]
    assert "changed since it was installed" in problems[0]
    assert "cannot be loaded" in problems[1]


def test_one_that_is_carried_is_installed_by_its_name(carried: Path) -> None:
    assert [line["installed"] for line in lines(run("list", "--shipped"))] == [False]
    before = lines(run("list"))
    assert [(line["origin"], line["meaning"]) for line in before] == [("file", "unmeasured")] * 2

    done = run("install", "translate-uk_en")

    assert done.exit_code == 0, done.stderr
    [answer] = lines(done)
    assert (answer["version"], answer["origin"], answer["meaning"]) == ("2.0", "shipped", "simple")
    assert answer["chrf"] == {"tatoeba-heldout": 52.4, "domain": 47.0}
    assert [line["installed"] for line in lines(run("list", "--shipped"))] == [True]


def test_a_broken_list_of_what_is_carried_stops_nothing_else(carried: Path) -> None:
    (carried / "shipped.json").write_text("{")
    done = run("list")
    assert (done.exit_code, len(lines(done))) == (0, 2)
    assert "shipped.json" in done.stderr


def test_a_name_that_is_neither_carried_nor_a_file_is_refused(carried: Path) -> None:
    done = run("install", "translate-so_en")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "translate-so_en: cannot be" in done.stderr
