from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli.packages import command as packages
from web.cli.translate import command


@pytest.fixture(autouse=True)
def home(packages_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TELLMORE_HOME", str(packages_dir.parent))
    return packages_dir.parent


def translate(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(command, arguments, input=given)


def test_every_line_gets_one_json_line() -> None:
    done = translate("--from", "uk", "--to", "es", given="я був на кухні\n\nмій брат\n".encode())

    assert done.exit_code == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["text"] for answer in answers] == ["я був на кухні", "", "мій брат"]
    assert set(answers[0]) == {"text", "translation", "route", "packages", "warnings"}
    assert answers[0]["route"] == ["uk", "en", "es"]
    assert set(answers[0]["packages"][0]) == {"name", "version", "sha256"}
    assert answers[1]["translation"] == ""


def test_a_file_is_read_like_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "turns.txt"
    file.write_bytes("\ufeffмій брат".encode())

    done = translate("--from", "uk", "--to", "en", str(file))

    assert json.loads(done.stdout)["text"] == "мій брат"


def test_without_a_way_it_exits_2_and_says_how_to_get_one() -> None:
    done = translate("--from", "so", "--to", "en", given=b"x")

    assert done.exit_code == 2
    assert done.stdout == ""
    assert "no translation package from 'so' to 'en'" in done.stderr
    assert "tellmore packages install FILE" in done.stderr


@pytest.mark.parametrize(
    ("given", "reason"),
    [(b"ok\n\xff\xfe\n", "-:2: this is not UTF-8"), (b"ok\nok\n" + b"a" * 30_000, "-:3: 30000 characters")],
)
def test_bad_lines_are_named_before_anything_is_written(given: bytes, reason: str) -> None:
    done = translate("--from", "uk", "--to", "en", given=given)

    assert done.exit_code == 2
    assert reason in done.stderr
    assert done.stdout == ""


def test_a_missing_file_is_named() -> None:
    assert "gone.txt: cannot be read" in translate("--from", "uk", "--to", "en", "gone.txt").stderr


def test_packages_are_listed_installed_and_removed(archives: dict[str, Path], tmp_path: Path) -> None:
    run = CliRunner()
    names = [json.loads(line)["name"] for line in run.invoke(packages, ["list"]).stdout.splitlines()]
    assert names == ["translate-en_es", "translate-uk_en"]

    installed = json.loads(run.invoke(packages, ["install", str(archives["uk-en-2"])]).stdout)
    assert (installed["version"], installed["from"], installed["to"]) == ("2.0", "uk", "en")
    assert run.invoke(packages, ["remove", "translate-uk_en"]).exit_code == 0
    assert "uk" not in run.invoke(packages, ["list"]).stdout

    bad = tmp_path / "bad.argosmodel"
    bad.write_bytes(b"PK")
    refused = run.invoke(packages, ["install", str(bad)])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "bad.argosmodel" in refused.stderr
    assert run.invoke(packages, ["remove", "translate-uk_en"]).exit_code == 2
