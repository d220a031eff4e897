"""Sessions as rows: a stolen database holds no usable token, and ending a row ends the session."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session, joinedload

from web.store import Database, User, UserSession
from web.store.base import now

BROWSER = "browser"
TOKEN = "token"  # noqa: S105 - a kind, not a secret
TOUCH_EVERY = timedelta(minutes=1)


def open_session(session: Session, user: User, life_s: int, kind: str = BROWSER) -> tuple[str, UserSession]:
    """A fresh session for the user; the token (256 bits) is told once and not kept. `life_s`: seconds."""
    token = secrets.token_urlsafe(32)
    row = UserSession(
        user_id=user.id, kind=kind, token_sha256=_digest(token), expires_at=now() + timedelta(seconds=life_s)
    )
    session.add(row)
    session.flush()
    return token, row


def find(database: Database, token: str, kind: str, idle_s: int) -> UserSession | None:
    """The living session of an active user that this token opens, with its user; else None.
    A token for programs has no idle limit, only its end."""
    with database.read() as session:
        row = session.scalar(
            select(UserSession)
            .options(joinedload(UserSession.user))
            .where(UserSession.token_sha256 == _digest(token), UserSession.kind == kind)
        )
    moment = now()
    if row is None or row.ended_at is not None or not row.user.active or row.expires_at <= moment:
        return None
    if kind == BROWSER and row.seen_at + timedelta(seconds=idle_s) <= moment:
        return None
    if row.seen_at + TOUCH_EVERY <= moment and not _touch(database, row.id, moment):
        return None
    return row


def _touch(database: Database, session_id: str, moment: datetime) -> bool:
    """Notes the sign of life; False when the session was ended meanwhile: it must not come back."""
    living = UserSession.ended_at.is_(None)
    with database.write() as session:
        statement = update(UserSession).where(UserSession.id == session_id, living).values(seen_at=moment)
        return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


def end(session: Session, user_id: str, session_id: str, why: str) -> bool:
    """Ends one session of this user; False when there is no such living one."""
    return _end(session, why, UserSession.user_id == user_id, UserSession.id == session_id) == 1


def end_all(session: Session, user_id: str, why: str, keep: str | None = None) -> int:
    """Ends every session and token of the user, but the one to keep; gives how many."""
    return _end(session, why, UserSession.user_id == user_id, UserSession.id != (keep or ""))


def _end(session: Session, why: str, *which: Any) -> int:
    statement = (
        update(UserSession)
        .where(UserSession.ended_at.is_(None), *which)
        .values(ended_at=now(), ended_why=why)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", session.execute(statement)).rowcount


def living(session: Session, user_id: str, idle_s: int) -> list[UserSession]:
    """The sessions and tokens of the user that still open something, newest sign of life first."""
    moment = now()
    rows = session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > moment
        )
        .order_by(UserSession.seen_at.desc())
    )
    idle = moment - timedelta(seconds=idle_s)
    return [row for row in rows if row.kind == TOKEN or row.seen_at > idle]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
