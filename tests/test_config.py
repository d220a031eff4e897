"""Settings: read once, refused by name, keys made once and never overwritten."""

from __future__ import annotations

import dataclasses
import threading
from pathlib import Path

import pytest

from web.config import Config, ConfigError


def config(home: Path, **environ: str) -> Config:
    return Config.from_environment({"TELLMORE_HOME": str(home), **environ})


def test_everything_has_a_safe_default(tmp_path: Path) -> None:
    made = config(tmp_path)
    assert made.database_url == f"sqlite:///{tmp_path}/tellmore.sqlite3"
    assert made.host == "127.0.0.1"
    assert made.bot_url.startswith("http://127.0.0.1:")
    assert made.redis_url is None


@pytest.mark.parametrize("value", ["", "0", "65536", "-1", "8080x", "eight", " 80"])
@pytest.mark.parametrize("name", ["TELLMORE_PORT", "TELLMORE_BOT_PORT"])
def test_a_port_that_is_none_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        config(tmp_path, **{name: value})


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        config(tmp_path).port = 1  # type: ignore[misc]


class TestSecrets:
    def test_a_key_is_made_once_private_and_stays(self, tmp_path: Path) -> None:
        made = config(tmp_path)
        key = made.secret("master-key")
        assert len(key) == 32
        assert config(tmp_path).secret("master-key") == key
        assert made.secret("other-key") != key
        assert (tmp_path / "secrets" / "master-key").stat().st_mode & 0o077 == 0

    def test_many_at_once_agree_on_one_key(self, tmp_path: Path) -> None:
        found: set[bytes] = set()
        threads = [threading.Thread(target=lambda: found.add(config(tmp_path).secret("k"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 1
        assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["k"]

    def test_a_damaged_key_is_never_replaced(self, tmp_path: Path) -> None:
        made = config(tmp_path)
        made.secret("master-key")
        path = tmp_path / "secrets" / "master-key"
        path.write_bytes(b"short")
        with pytest.raises(ConfigError, match="should hold 32 bytes"):
            made.secret("master-key")
        assert path.read_bytes() == b"short"
