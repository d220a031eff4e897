"""What the supervisor is told, and when serving is refused."""

from __future__ import annotations

import configparser
import socket
from pathlib import Path

import pytest

from web.config import Config
from web.running import supervise
from web.running.supervise import CannotServe


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    python = tmp_path / "bot python"
    python.touch()
    monkeypatch.setenv("TELLMORE_BOT_PYTHON", str(python))
    return python


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    return Config.from_environment({"TELLMORE_HOME": str(tmp_path / "home"), "TELLMORE_PORT": "18123"})


def written(settings: Config) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read(supervise.write_configuration(settings))
    return parser


def test_three_programs_are_kept_alive(settings: Config, bot: Path) -> None:
    parser = written(settings)
    for name in ("web", "worker", "bot"):
        section = parser[f"program:{name}"]
        assert section["autorestart"] == "true"
        assert section["killasgroup"] == "true"
    assert "--bind 127.0.0.1:18123" in parser["program:web"]["command"]


def test_the_file_is_private_and_holds_no_secret(settings: Config, bot: Path) -> None:
    path = supervise.write_configuration(settings)
    assert path.stat().st_mode & 0o077 == 0
    assert settings.bot_token not in path.read_text()
    assert "BOT_TOKEN" not in path.read_text()


def test_native_engines_may_not_report_to_anybody(settings: Config, bot: Path) -> None:
    for name in ("web", "worker"):
        environment = written(settings)[f"program:{name}"]["environment"]
        assert 'ORT_DISABLE_TELEMETRY="1"' in environment
        assert 'HF_HUB_OFFLINE="1"' in environment


def test_a_missing_bot_environment_says_how_to_get_it(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELLMORE_BOT_PYTHON", "/nowhere/python")
    with pytest.raises(CannotServe, match="make run"):
        supervise.write_configuration(settings)


def test_a_port_in_use_is_named_with_a_way_out(settings: Config, socket_enabled: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 18123))
        taken.listen()
        with pytest.raises(CannotServe, match=r"18123.*TELLMORE_PORT="):
            supervise.check_ports(settings)
