"""Settings, read once from the environment into a frozen object. Everything else gets them handed in."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


class ConfigError(ValueError):
    """A setting that cannot be used; the text says which and how to mend it."""


@dataclass(frozen=True)
class Config:
    """Where things are and how large they may grow. Sizes in bytes, times in seconds."""

    home: Path
    database_url: str
    redis_url: str | None
    host: str
    port: int
    bot_url: str
    secure_cookies: bool
    max_streams: int = 32
    threads: int = 64
    max_turn_bytes: int = 64 * 1024
    max_chunk_bytes: int = 2 * MIB
    max_import_bytes: int = 21 * MIB  # a transcript and the form around it
    max_part_bytes: int = 4 * MIB
    max_recording_bytes: int = 6 * 1024 * MIB  # in parts
    max_package_bytes: int = 300 * MIB
    max_model_bytes: int = 8 * 1024 * MIB
    models_mirror: str | None = None
    session_idle_s: int = 8 * 3600
    session_life_s: int = 16 * 3600

    @property
    def speech_models(self) -> Path:
        """Where installed speech models lie."""
        return self.home / "models" / "speech"

    @classmethod
    def from_environment(cls, environ: dict[str, str] | None = None) -> Config:
        """Read TELLMORE_HOME, DATABASE_URL, REDIS_URL, TELLMORE_HOST, TELLMORE_PORT, TELLMORE_BOT_URL,
        TELLMORE_BOT_PORT, TELLMORE_SECURE_COOKIES and TELLMORE_MODELS_URL. Raises ConfigError naming the
        setting."""
        env = dict(os.environ) if environ is None else environ
        home = Path(env.get("TELLMORE_HOME", "var")).resolve()
        bot_port = _port(env, "TELLMORE_BOT_PORT", 5105)
        return cls(
            home=home,
            database_url=env.get("DATABASE_URL", f"sqlite:///{home / 'tellmore.sqlite3'}"),
            redis_url=env.get("REDIS_URL") or None,
            host=env.get("TELLMORE_HOST", "127.0.0.1"),
            port=_port(env, "TELLMORE_PORT", 8100),
            bot_url=env.get("TELLMORE_BOT_URL", f"http://127.0.0.1:{bot_port}"),
            secure_cookies=env.get("TELLMORE_SECURE_COOKIES", "0") == "1",
            models_mirror=_address(env, "TELLMORE_MODELS_URL"),
        )

    def secret(self, name: str) -> bytes:
        """32 random bytes kept in a private file outside the database, made on first use."""
        folder = self.home / "secrets"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / name
        if not path.exists():
            fresh = folder / f".{name}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(fresh, path)  # atomic, and never overwrites a key that another process just made
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        value = path.read_bytes()
        if len(value) != 32:
            raise ConfigError(f"{path} should hold 32 bytes and holds {len(value)}; restore it from a backup")
        return value

    @property
    def bot_token(self) -> str:
        return os.environ.get("TELLMORE_BOT_TOKEN") or self.secret("bot-token").hex()


def _port(env: dict[str, str], name: str, default: int) -> int:
    raw = env.get(name, str(default))
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise ConfigError(f"{name} must be a port number from 1 to 65535, not {raw!r}")
    return int(raw)


def _address(env: dict[str, str], name: str) -> str | None:
    raw = env.get(name) or None
    if raw is not None and not raw.startswith(("https://", "http://")):
        raise ConfigError(f"{name} must begin with https:// or http://, not {raw[:8]!r}")
    return raw
