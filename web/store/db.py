"""Transactions on SQLite and PostgreSQL.

Every write on SQLite begins IMMEDIATE: a read that later turns into a write would fail at once with
"database is locked" however long the busy timeout is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tenacity
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 5000


class Database:
    """One engine. `read()` and `write()` each give a session in one transaction; keep writes short and
    never hold one while an engine (language, bot, speech) works."""

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        # errors must not quote what was being written
        self.engine = create_engine(parsed, hide_parameters=True, **self._pool())
        if self.is_sqlite:
            _tune_sqlite(self.engine)

    def _pool(self) -> dict[str, Any]:
        return {} if self.is_sqlite else {"pool_size": 16, "max_overflow": 48, "pool_pre_ping": True}

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits at the end of the block, rolls back on any error."""
        connection = self.engine.connect().execution_options(write=True)
        with connection, Session(connection, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        self.engine.dispose()


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        _to_wal(connection)
        for pragma in (
            "synchronous=FULL",  # an acknowledged turn must survive a power cut
            "foreign_keys=ON",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _busy(error: BaseException) -> bool:
    code = error.sqlite_errorcode if isinstance(error, sqlite3.OperationalError) else 0
    return code & 0xFF == sqlite3.SQLITE_BUSY


@tenacity.retry(
    retry=tenacity.retry_if_exception(_busy),
    wait=tenacity.wait_random(0, 0.05),
    stop=tenacity.stop_after_delay(BUSY_TIMEOUT_MS / 1000),
    reraise=True,
)
def _to_wal(connection: Any) -> None:
    """SQLite does not wait its busy timeout when two turn a new file's journal to WAL at once."""
    connection.execute("PRAGMA journal_mode=WAL")
