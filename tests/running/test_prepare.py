"""Preparing: in order, repeatable, and stopped by what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.editions import fetch
from tests.authoring.parts import authoring, other_version, own_flow, publish, supervisor
from tests.interview.parts import LIBRARY
from web.authoring.libraries import folder_of
from web.config import Config
from web.running import prepare
from web.running.supervise import CannotServe
from web.store import Database

ADMIN = {"TELLMORE_ADMIN_NAME": "admin", "TELLMORE_ADMIN_PASSWORD": "quiet lamp on the table"}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    for name, value in ADMIN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TELLMORE_HOME", str(tmp_path / "home"))
    return Config.from_environment()


def test_database_and_administrator_come_before_anything_slow() -> None:
    assert prepare.STEPS[:2] == (prepare.migrate, prepare.first_administrator)


def test_the_first_steps_can_be_repeated(settings: Config) -> None:
    said: list[str] = []
    settings.home.mkdir()
    for _ in range(2):
        prepare.migrate(settings, said.append)
        prepare.first_administrator(settings, said.append)
    from web.store import User

    database = Database(settings.database_url)
    with database.read() as session:
        assert [user.name for user in session.query(User)] == ["admin"]
    database.close()


def test_a_bot_that_cannot_be_prepared_stops_with_its_exit_status(
    settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 7\n")
    broken.chmod(0o755)
    monkeypatch.setenv("TELLMORE_BOT_PYTHON", str(broken))
    with pytest.raises(CannotServe, match="exit 7"):
        prepare.train_bot(settings, print)


def test_the_home_folder_is_private(settings: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "STEPS", ())
    prepare.prepare(settings, print)
    assert settings.home.stat().st_mode & 0o077 == 0


def test_an_update_makes_the_editions_of_an_agency_anew(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    prepare.editions(config, said.append)
    database = Database(config.database_url)
    service = authoring(config, database)
    assert fetch(folder_of(config), service._libraries.shipped.edition) == service.files()
    publish(service, supervisor(database), dict(own_flow()))
    prepare.editions(config, said.append)
    assert said == []
    monkeypatch.setattr("web.authoring.libraries.installed", lambda: other_version(LIBRARY.files))
    prepare.editions(config, said.append)
    assert "anew as edition 2" in said.pop()
    misfit = other_version(LIBRARY.files, "open_comfort", "open_comfy")
    monkeypatch.setattr("web.authoring.libraries.installed", lambda: misfit)
    prepare.editions(config, said.append)
    assert "made with the protocols of another version" in said.pop()
    assert said == []
    database.close()


def test_a_folder_of_editions_that_cannot_be_written_does_not_keep_the_console_from_starting(
    config: Config,
) -> None:
    folder_of(config).write_text("in the way")
    said: list[str] = []
    prepare.editions(config, said.append)
    assert "could not be kept" in said[0]


def test_models_are_checked_once_for_each_state_of_them(settings: Config) -> None:
    said: list[str] = []
    for _ in range(2):
        prepare.models(settings, said.append)
    assert said == ["Checking the language and speech models"]
