"""Transactions: nothing lost under contention, nothing half-written, the settings that make it so."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread, Timer

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from web.config import Config
from web.store import Database, Heartbeat, UserSession


def beat(database: Database, name: str = "worker") -> None:
    with database.write() as session:
        session.add(Heartbeat(name=name, state="0", detail={}))


def test_read_then_write_loses_nothing_under_contention(database: Database) -> None:
    beat(database)

    def count() -> None:
        for _ in range(25):
            with database.write() as session:
                row = session.scalars(select(Heartbeat).with_for_update()).one()
                row.state = str(int(row.state) + 1)

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.scalars(select(Heartbeat.state)).one() == "100"


def test_an_error_takes_everything_of_the_block_back(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:  # noqa: PT012
        session.add(Heartbeat(name="a", state="", detail={}))
        session.flush()
        raise RuntimeError
    with database.read() as session:
        assert session.scalars(select(Heartbeat)).all() == []


def test_a_reader_does_not_hold_up_a_writer(database: Database) -> None:
    beat(database)
    with database.read() as session:
        session.scalars(select(Heartbeat)).all()
        beat(database, "second")
        assert len(session.scalars(select(Heartbeat.name)).all()) in {1, 2}


def test_references_are_kept(database: Database) -> None:
    moment = datetime.now(UTC)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(UserSession(user_id="nobody", token_sha256=b"x", expires_at=moment))


def test_times_come_back_as_the_same_instant_in_utc(database: Database) -> None:
    there = datetime(2026, 3, 12, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    with database.write() as session:
        session.add(Heartbeat(name="a", at=there, state="", detail={}))
    with database.read() as session:
        back = session.scalars(select(Heartbeat.at)).one()
    assert back == there
    assert back.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        session.add(Heartbeat(name="a", at=datetime(2026, 3, 12), state="", detail={}))  # noqa: DTZ001


def test_sqlite_is_set_up_to_survive_a_power_cut(config: Config) -> None:
    database = Database(config.database_url)
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with database.read() as session:
        found = {name: session.scalar(text(f"PRAGMA {name}")) for name in expected}
        assert session.scalar(text("PRAGMA trusted_schema")) == 0
    database.close()
    assert found == expected


def test_a_new_file_that_another_is_writing_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite3"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = Timer(0.3, other.execute, ("COMMIT",))
    release.start()
    database = Database(f"sqlite:///{path}")
    with database.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
    database.close()
    release.join()
    other.close()


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")
    with pytest.raises(OperationalError, match="unable to open"), database.read() as session:
        session.scalar(text("SELECT 1"))


def test_errors_do_not_quote_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(StatementError) as refusal, database.write() as session:
        session.add(Heartbeat(name="the swing behind the house", state=None, detail={}))
    assert "swing behind" not in str(refusal.value).split("DETAIL")[0]
