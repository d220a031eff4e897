"""The audit log on both databases: complete, in order, and any change to it shows."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from web.store import AuditEntry, Database, audit

KEY = b"k" * 32


def write(database: Database, count: int = 5) -> None:
    for number in range(1, count + 1):
        with database.write() as session:
            audit.append(session, KEY, "actor", "thing:do", f"subject{number}", {"å": [number, None, 0.1]})


def verify(database: Database, key: bytes = KEY) -> int | None:
    with database.read() as session:
        return audit.verify(session, key)


def test_entries_are_numbered_without_a_gap_and_verify(database: Database) -> None:
    assert verify(database) is None
    write(database)
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [row.id for row in rows] == [1, 2, 3, 4, 5]
    assert (rows[0].actor_id, rows[0].action, rows[0].subject_id) == ("actor", "thing:do", "subject1")
    assert verify(database) is None


@pytest.mark.parametrize(
    "change",
    [
        {"action": "thing:undo"},
        {"actor_id": "another"},
        {"actor_id": None},
        {"subject_id": "subject4"},
        {"detail": {"å": [3, None, 0.2]}},
        {"mac": b"\0" * 32},
    ],
)
def test_a_changed_entry_is_found(database: Database, change: dict[str, Any]) -> None:
    write(database)
    with database.write() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 3).values(**change))
    assert verify(database) == 3


def test_a_changed_time_is_found(database: Database) -> None:
    write(database)
    with database.write() as session:
        entry = session.get_one(AuditEntry, 2)
        entry.at = entry.at.replace(microsecond=(entry.at.microsecond + 1) % 1_000_000)
    assert verify(database) == 2


@pytest.mark.parametrize("gone", [1, 3])
def test_a_missing_entry_is_found(database: Database, gone: int) -> None:
    write(database)
    with database.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == gone))
    assert verify(database) == gone


def test_entries_that_changed_places_are_found(database: Database) -> None:
    write(database)
    with database.write() as session:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            session.execute(update(AuditEntry).where(AuditEntry.id == old).values(id=new))
    assert verify(database) == 2


def test_without_the_key_nobody_writes_an_entry_that_holds(database: Database) -> None:
    write(database)
    with database.write() as session:
        audit.append(session, b"f" * 32, None, "thing:forge", None)
    assert verify(database) == 6
    assert verify(database, b"f" * 32) == 1


def test_an_entry_lives_and_dies_with_what_it_tells_of(database: Database) -> None:
    write(database, 1)
    with pytest.raises(RuntimeError), database.write() as session:  # noqa: PT012
        audit.append(session, KEY, None, "thing:do", None)
        raise RuntimeError
    write(database, 1)
    with database.read() as session:
        assert session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all() == [1, 2]
    assert verify(database) is None


def test_many_at_once_make_one_chain(database: Database) -> None:
    threads = [Thread(target=write, args=(database, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert len(session.scalars(select(AuditEntry.id)).all()) == 20
    assert verify(database) is None
