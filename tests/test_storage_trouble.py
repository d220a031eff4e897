"""A disk that is full and a database that is busy are said as such, and leave nothing half-written."""

from __future__ import annotations

import errno
import resource
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import make_app
from web.config import Config
from web.recording.files import SealedFiles
from web.security import public
from web.services import Services
from web.store import Database


@pytest.fixture
def app(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr("web.store.db.BUSY_TIMEOUT_MS", 50)
    made = make_app(config)
    yield made
    made.extensions["tellmore"].database.close()


def breaking(app: Flask, body: object) -> Flask:
    """The app with one more page, which does this."""
    app.add_url_rule("/api/break", "break", public(body))  # type: ignore[type-var]
    return app


def test_a_busy_database_is_no_fault_of_the_console(app: Flask, config: Config) -> None:
    here: Services = app.extensions["tellmore"]

    def write() -> str:
        with here.database.write() as session:
            session.execute(text("select 1"))
        return "done"

    client = breaking(app, write).test_client()
    other = Database(config.database_url)
    with other.write() as session:
        session.execute(text("select 1"))
        busy = client.get("/api/break")
    other.close()
    assert (busy.status_code, busy.content_type) == (503, "application/problem+json")
    assert busy.headers["Retry-After"]
    assert client.get("/api/break").text == "done"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_full_disk_is_named(app: Flask, number: int) -> None:
    def write() -> str:
        raise OSError(number, "what was being written")

    answer = breaking(app, write).test_client().get("/api/break")
    assert answer.status_code == 507
    assert "What was saved before is safe" in answer.json["detail"]
    assert "being written" not in answer.text


def test_a_read_only_database_is_named(app: Flask) -> None:
    here: Services = app.extensions["tellmore"]

    def write() -> str:
        with here.database.write() as session:
            session.execute(text("pragma query_only=1"))
            session.execute(text("update interview set case_code='x'"))
        return "done"

    assert breaking(app, write).test_client().get("/api/break").status_code == 507


def test_a_file_that_finds_no_room_leaves_nothing(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    target = tmp_path / "0.chunk"
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            SealedFiles(tmp_path).write(target, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_what_the_commands_write_is_for_the_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "home"
    program = f"umask 022; TELLMORE_HOME={home} exec {sys.executable} -m web.cli migrate"
    subprocess.run(["sh", "-c", program], check=True, capture_output=True)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [home, *home.rglob("*")]}
    assert "tellmore.sqlite3" in modes
    assert not {name: oct(mode) for name, mode in modes.items() if mode & 0o077}
