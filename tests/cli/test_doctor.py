"""The doctor names each part, says what is wrong, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.conftest import make_config
from web.cli import main
from web.store import migrate


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


def test_migrations_are_complete() -> None:
    answer = CliRunner().invoke(main, ["migrate", "--check"])
    assert answer.exit_code == 0, answer.output
