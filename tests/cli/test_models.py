"""`tellmore models` on a home of its own. The network part is in tests/speech/test_installing.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.speech.models import catalogue, tiny_folder, toy_folder
from web.cli.models import command
from web.speech.catalogue import Catalogue
from web.speech.models import Models

Tell = Callable[..., Result]


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tell:
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path / "home"))
    made = catalogue()
    monkeypatch.setattr(Catalogue, "load", classmethod(lambda cls: made))
    return lambda *words: CliRunner().invoke(command, [str(word) for word in words])


def listed(tell: Tell) -> dict[str, dict[str, Any]]:
    lines = [json.loads(line) for line in tell("list").stdout.splitlines()]
    return {line["name"]: line for line in lines}


def test_a_model_comes_is_used_and_goes(tell: Tell, tmp_path: Path) -> None:
    before = listed(tell)
    assert (before["toy"]["state"], before["tiny.en"]["in_use_for"]) == ("absent", ["en"])

    done = tell("install", "toy", "--from", toy_folder(tmp_path / "stick"))
    assert json.loads(done.stdout)["source"] == "stick"
    assert listed(tell)["toy"]["state"] == "ready"

    assert json.loads(tell("use", "toy", "--language", "uk").stdout) == {"en": "tiny.en", "uk": "toy"}
    assert json.loads(tell("use", "toy").stdout) == {"en": "toy", "uk": "toy"}

    assert tell("remove", "toy").exit_code == 0
    after = listed(tell)
    assert (after["toy"]["installed"], after["tiny.en"]["in_use_for"]) == (False, ["en"])


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["install", "huge"], "no speech model is called 'huge'"),
        (["install", "toy", "--from", "gone"], "No such file"),
        (["use", "toy"], "toy is not installed"),
        (["use", "tiny.en", "--language", "uk"], "does not write 'uk'"),
        (["remove", "tiny.en"], "was not installed here"),
        (["measure", "toy"], "get it with: tellmore models install toy"),
    ],
)
def test_bad_input_exits_2_with_a_reason(tell: Tell, words: list[str], reason: str) -> None:
    done = tell(*words)
    assert done.exit_code == 2
    assert reason in done.stderr
    assert done.stdout == ""


def test_a_file_that_differs_is_trusted_again_only_when_told(tell: Tell, tmp_path: Path) -> None:
    folder = toy_folder(tmp_path / "stick")
    tell("install", "toy", "--from", folder)
    tell("remove", "toy")
    (folder / "tokenizer.json").write_bytes(b'{"t": 2}')
    done = tell("install", "toy", "--from", folder)
    assert done.exit_code == 2
    assert "another file than when toy was first installed" in done.stderr
    assert listed(tell)["toy"]["state"] == "failed"
    assert tell("install", "toy", "--from", folder, "--new-files").exit_code == 0


def test_measuring_a_real_model_is_kept_with_it(tell: Tell, tmp_path: Path) -> None:
    done = tell("measure")

    figures = json.loads(done.stdout)
    read = next(one for one in figures["heard"] if one["kind"] == "read")
    assert read["word_error_rate"] < 0.1
    assert {one["language"] for one in figures["heard"]} == {"en"}
    assert figures["real_time_factor"] > 0
    assert figures["memory_mb"] > 100
    assert listed(tell)["tiny.en"]["measured"]["heard"] == figures["heard"]

    # the same figures are not another model's
    tell("install", "second", "--from", tiny_folder())
    assert "measured" not in listed(tell)["second"]
    kept = tmp_path / "home" / "models" / "speech" / "measured.json"
    kept.write_text(kept.read_text().replace(listed(tell)["tiny.en"]["sha256"], "0" * 64))
    assert "measured" not in listed(tell)["tiny.en"]


def test_the_mirror_is_a_setting(tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLMORE_MODELS_URL", "ftp://x")
    done = tell("list")
    assert done.exit_code == 2
    assert "TELLMORE_MODELS_URL must begin with https://" in done.stderr


def test_what_is_here_is_told_by_folder_alone(tmp_path: Path) -> None:
    assert Models(tmp_path / "nothing", catalogue()).installed().keys() == {"tiny.en"}
