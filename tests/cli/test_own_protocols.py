"""An agency's own files at the terminal: out to a folder, back in, and what is told of what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.authoring.parts import WORDS, own_flow, own_words
from tests.interview.parts import PlainCoder
from web.cli import main
from web.config import Config


@pytest.fixture(autouse=True)
def prepared(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLMORE_HOME", str(config.home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("web.cli.own_protocols._coder", PlainCoder)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["protocols", *map(str, arguments)], catch_exceptions=False)


def written(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder


def read(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_brought_in_comes_out_again(tmp_path: Path) -> None:
    own = {**own_flow(), WORDS: own_words("Я слушаю. أستمع.")}
    done = run(
        "import", written(tmp_path / "in", {**own, ".git/x": "hidden"}), "--note", "From the other house"
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"edition": 1, "changed": sorted(own)}
    assert run("import", written(tmp_path / "in2", {WORDS: own_words()}), "--note", "Less").exit_code == 0
    done = run("export", tmp_path / "out", "--edition", "1")
    assert json.loads(done.stdout) == {"edition": 1, "files": sorted(own)}
    assert read(tmp_path / "out") == own
    run("export", tmp_path / "newest")
    assert read(tmp_path / "newest") == {WORDS: own_words()}
    told = [json.loads(line) for line in run("history").stdout.splitlines()]
    assert [(line["number"], line["note"], line["in_force"]) for line in told] == [
        (2, "Less", True),
        (1, "From the other house", False),
    ]


def test_problems_are_told_line_by_line_and_nothing_is_published(tmp_path: Path) -> None:
    done = run("import", written(tmp_path / "in", {WORDS: own_words("Did he touch you?")}), "--note", "n")
    assert done.exit_code == 1
    problems = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(one["file"], one["where"]) for one in problems} == {(WORDS, "open_job")}
    assert "nothing was published" in done.stderr
    assert run("history").stdout == ""


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("cards/rapport.yml", "cards: {}", "cannot be your own: cards/rapport.yml"),
        ("notes.txt", "a", "cannot be your own: notes.txt"),
        ("wording/own_en.yml", "\udcff", "not UTF-8"),
        ("packs/own_a.yml", "a" * 6_000_000, "holds more than"),
    ],
)
def test_what_cannot_be_own_is_named(tmp_path: Path, path: str, text: str, told: str) -> None:
    target = tmp_path / "in" / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = run("import", tmp_path / "in", "--note", "n")
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


def test_without_the_language_models_nothing_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.cli.own_protocols._coder", lambda: None)
    done = run("import", written(tmp_path / "in", {WORDS: own_words()}), "--note", "n")
    assert done.exit_code == 1
    assert "language models" in done.stderr


def test_what_changes_nothing_or_has_no_note_is_refused(tmp_path: Path) -> None:
    assert run("import", written(tmp_path / "empty", {".hidden": ""}), "--note", "n").exit_code == 2
    assert run("import", written(tmp_path / "in", {WORDS: own_words()}), "--note", " ").exit_code == 2
    assert run("history").stdout == ""


def test_export_writes_over_nothing(tmp_path: Path) -> None:
    assert "there is no edition" in run("export", tmp_path / "out").stderr
    run("import", written(tmp_path / "in", {WORDS: own_words()}), "--note", "n")
    full = run("export", tmp_path / "in")
    assert (full.exit_code, read(tmp_path / "in")) == (2, {WORDS: own_words()})
    for number in ("2", "-1", "0"):
        done = run("export", tmp_path / "out", "--edition", number)
        assert done.exit_code == 2
        assert not (tmp_path / "out").exists()


def test_a_database_that_is_not_prepared_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path))
    done = run("history")
    assert done.exit_code == 2
    assert "tellmore migrate" in done.stderr
