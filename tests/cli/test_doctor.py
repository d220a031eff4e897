"""The doctor names each part, says what is wrong, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.authoring.parts import authoring, other_version, own_flow, publish, supervisor
from tests.conftest import make_config
from tests.interview.parts import LIBRARY
from web.cli import main
from web.config import Config
from web.dialogue import Dialogue
from web.store import Database, migrate


def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, dict[str, dict[str, object]]]:
    monkeypatch.setenv("TELLMORE_HOME", str(home))
    answer = CliRunner().invoke(main, ["doctor"])
    parts = [json.loads(line) for line in answer.stdout.splitlines()]
    return answer.exit_code, {part["part"]: part for part in parts}


def test_a_home_without_a_database_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, parts = run(tmp_path, monkeypatch)
    assert status == 1
    assert parts["database"]["ok"] is False


def test_a_prepared_home_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate.upgrade(make_config(tmp_path))
    _, parts = run(tmp_path, monkeypatch)
    assert parts["database"]["ok"] is True
    assert parts["language"]["ok"] is True
    assert parts["speech"]["ok"] is True


def test_which_protocols_are_in_force_is_told(
    config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And why not, where an update does not go with an agency's own; looking changes nothing."""
    assert run(config.home, monkeypatch)[1]["protocols"]["detail"] == "as shipped"
    database = Database(config.database_url)
    publish(authoring(config, database), supervisor(database), dict(own_flow()))
    database.close()
    assert run(config.home, monkeypatch)[1]["protocols"]["detail"] == "edition 1 in force"
    other = other_version(LIBRARY.files, "open_comfort", "open_comfy")
    monkeypatch.setattr("web.authoring.libraries.installed", lambda: other)
    status, parts = run(config.home, monkeypatch)
    assert (status, parts["protocols"]["ok"]) == (1, False)
    assert "Edition 1 was made with the protocols of another version" in str(parts["protocols"]["detail"])
    assert "own_house" in str(parts["protocols"]["detail"])


def test_a_guide_that_walks_other_protocols_is_told(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    class Answering(Dialogue):
        def status(self) -> dict[str, Any]:
            return {"protocols": self.walked}

        def ready(self) -> bool:
            return True

        walked = {name: flow.hash for name, flow in LIBRARY.flows.items()}

    monkeypatch.setattr("web.dialogue.Dialogue", Answering)
    assert "answers" in str(run(config.home, monkeypatch)[1]["bot"]["detail"])
    Answering.walked = {**Answering.walked, "asylum": "0" * 64}
    parts = run(config.home, monkeypatch)[1]
    assert parts["bot"]["ok"] is False
    assert "restart Tellmore" in str(parts["bot"]["detail"])


def test_migrations_are_complete() -> None:
    answer = CliRunner().invoke(main, ["migrate", "--check"])
    assert answer.exit_code == 0, answer.output
