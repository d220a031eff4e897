"""Guessing one name's password is slow: five failures a minute, counted whether or not the name exists."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select

from web.store import Database, LoginAttempt
from web.store.base import now

MOST = 5
WINDOW = timedelta(seconds=60)
KEPT = timedelta(days=30)  # long enough to look into a guesser; people type passwords where names belong


def begin(database: Database, name: str) -> LoginAttempt | None:
    """Commits the attempt as failed before anything is compared. None: too many of late, do not compare."""
    with database.write() as session:
        attempt = LoginAttempt(name=name[:80], succeeded=False)
        session.add(attempt)
    with database.read() as session:
        failures = session.scalar(
            select(func.count())
            .select_from(LoginAttempt)
            .where(
                LoginAttempt.name == attempt.name,
                LoginAttempt.at > now() - WINDOW,
                LoginAttempt.at < now() + WINDOW,  # a clock that was set back must not lock anybody out
                LoginAttempt.succeeded.is_(False),
            )
        )
    return attempt if (failures or 0) <= MOST else None


def forget_old(database: Database) -> None:
    """Remove the attempts older than KEPT. Refusals stay in the audit log, without the name tried."""
    with database.write() as session:
        session.execute(delete(LoginAttempt).where(LoginAttempt.at < now() - KEPT))
