"""Preparing the model."""

from __future__ import annotations

import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from bot import paths, serve
from bot.environment import environment
from bot.serve import command
from tests.bot.server import ROOT


def test_a_model_that_fits_is_not_trained_again(server, model):
    before = model.stat().st_mtime_ns
    done = server.run("--train-only", token="")
    assert (done.returncode, done.stdout) == (0, "bot: the model is up to date\n")
    assert model.stat().st_mtime_ns == before


def test_nothing_half_trained_lies_beside_the_model(server, model):
    assert [path.name for path in model.parent.iterdir()] == [model.name]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the protocols and the bot that may be changed."""
    for name in paths.SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path


def test_the_hash_is_that_of_the_content(copy, monkeypatch):
    here = paths.digest()
    monkeypatch.setattr(paths, "ROOT", ROOT)
    assert paths.digest() == here


@pytest.mark.parametrize("name", ["protocols/reasons.yml", "bot/config.yml", "protocols/walker.py"])
def test_any_change_of_protocol_or_bot_asks_for_a_new_model(copy, name):
    before = paths.digest()
    with (copy / name).open("a") as file:
        file.write("# changed\n")
    assert paths.digest() != before


def test_a_note_beside_the_protocols_does_not(copy):
    before = paths.digest()
    (copy / "protocols" / "NOTES.md").write_text("nothing for the bot")
    assert paths.digest() == before


def test_what_a_killed_training_left_is_cleared_away(server, copy, tmp_path, monkeypatch):
    models = tmp_path / "home" / "bot" / "models"
    (models / ".training-abc").mkdir(parents=True)
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(
        serve.subprocess, "run", lambda *args, **kwargs: SimpleNamespace(returncode=1, stdout="no")
    )
    with pytest.raises(SystemExit, match="training failed"):
        serve.prepare()
    assert list(models.iterdir()) == []


def test_a_broken_protocol_stops_training_and_is_named(server, copy, tmp_path):
    (copy / "protocols" / "reasons.yml").write_text("reasons: [")
    done = subprocess.run(
        [sys.executable, "-m", "bot.serve", "--train-only"],
        cwd=copy,
        env={**environment(), "TELLMORE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "reasons.yml" in done.stderr
    assert list((tmp_path / "home" / "bot" / "models").iterdir()) == []


def test_the_command_line_opens_no_api_and_no_door_to_the_outside(model):
    line = command(model, 5105)
    assert line[line.index("--interface") + 1] == "127.0.0.1"
    assert "--enable-api" not in line
    assert "--cors" not in line


def test_telemetry_is_off(tmp_path, monkeypatch):
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path))
    assert environment()["RASA_TELEMETRY_ENABLED"] == "false"
    assert "enabled: false" in (tmp_path / "bot/.config/rasa/global.yml").read_text()


def test_rasa_finds_the_project_valid(server, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "rasa", "data", "validate", "--config", "bot/config.yml", "--domain", "bot"],
        cwd=ROOT,
        env={**environment(), "TELLMORE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
