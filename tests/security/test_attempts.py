from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from web.security import attempts
from web.store import Database, LoginAttempt
from web.store.base import now


def test_the_sixth_failure_within_a_minute_is_not_even_compared(database: Database) -> None:
    tries = [attempts.begin(database, "eva") for _ in range(6)]
    assert [attempt is not None for attempt in tries] == [True] * 5 + [False]
    assert attempts.begin(database, "adam") is not None  # another name is not held up


def test_every_attempt_is_in_the_database_before_it_is_compared(database: Database) -> None:
    for _ in range(7):
        attempts.begin(database, "nobody-of-this-name")
    with database.read() as session:
        rows = session.scalars(select(LoginAttempt)).all()
    assert [(row.name, row.succeeded) for row in rows] == [("nobody-of-this-name", False)] * 7


def test_a_minute_later_one_may_try_again(database: Database) -> None:
    for _ in range(6):
        attempts.begin(database, "eva")
    with database.write() as session:
        session.execute(update(LoginAttempt).values(at=now() - timedelta(seconds=61)))
    assert attempts.begin(database, "eva") is not None


def test_what_succeeded_does_not_count(database: Database) -> None:
    for _ in range(9):
        attempt = attempts.begin(database, "eva")
        assert attempt is not None
        with database.write() as session:
            session.get_one(LoginAttempt, attempt.id).succeeded = True


def test_a_name_of_any_length_can_be_tried(database: Database) -> None:
    attempt = attempts.begin(database, "x" * 5000)
    assert attempt is not None
    assert attempt.name == "x" * 80


def test_a_clock_that_was_set_back_locks_nobody_out(database: Database) -> None:
    for _ in range(attempts.MOST + 1):
        attempts.begin(database, "anna")
    with database.write() as session:
        session.execute(update(LoginAttempt).values(at=now() + timedelta(hours=1)))
    assert attempts.begin(database, "anna") is not None


def test_what_was_tried_long_ago_is_forgotten(database: Database) -> None:
    for name in ("long ago", "lately"):
        attempts.begin(database, name)
    with database.write() as session:
        for name, age in (("long ago", attempts.KEPT + timedelta(hours=1)), ("lately", timedelta(days=1))):
            session.execute(update(LoginAttempt).where(LoginAttempt.name == name).values(at=now() - age))
    attempts.forget_old(database)
    with database.read() as session:
        assert session.scalars(select(LoginAttempt.name)).all() == ["lately"]
