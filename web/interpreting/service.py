"""Notes about interpreters: written in order, beside an event each, never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interpreting.notes import NoteIn
from web.interview import events
from web.interview.errors import Conflict
from web.interview.feed import Feed
from web.store import Database, EventKind, InterpreterNote, Interview, Sealer, User, Vault
from web.store.base import new_id


@dataclass(frozen=True)
class Noted:
    """A note as it is read back; `by` is who wrote it."""

    number: int
    kind: str
    at: datetime
    by: str
    values: dict[str, Any]


class InterpretingService:
    """One per process. Callers check access first. `audit` as for the interview service."""

    def __init__(
        self, database: Database, vault: Vault, feed: Feed, audit: Callable[..., Any] = lambda *_: None
    ) -> None:
        self._database, self._vault, self._feed, self._audit = database, vault, feed, audit

    def write(self, interview_id: str, actor_id: str | None, given: NoteIn) -> int:
        """Put a note on record; the number of its event. The same key again changes nothing.

        Raises NotFound, Invalid, KeyReused, and Conflict where nobody interprets who could be replaced.
        """
        given = given.checked()
        payload = {"note": given.kind, **given.values}
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._vault.sealer(interview.id, interview.wrapped_key)
            before = events.again(session, sealer, interview_id, given.key, payload, EventKind.INTERPRETER)
            if before is not None:
                return before
            if given.kind == "replaced" and present(_read(session, sealer, interview_id)) is None:
                raise Conflict("Nobody is noted as interpreting now.", field="kind")
            seq = events.append(
                session, sealer, interview, EventKind.INTERPRETER, payload, key=given.key, actor_id=actor_id
            ).seq
            _add(session, sealer, interview, actor_id, given)
            self._audit(session, actor_id, f"interpreter:{given.kind}", interview_id)
        self._feed.announce(interview_id, seq)
        return seq

    def read(self, interview: Interview) -> list[Noted]:
        """All notes in order."""
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        with self._database.read() as session:
            return _read(session, sealer, interview.id)


def present(notes: Sequence[Noted]) -> Noted | None:
    """Who interprets now: the last who came, unless replaced since."""
    for one in reversed(notes):
        if one.kind in ("present", "replaced"):
            return one if one.kind == "present" else None
    return None


def _read(session: Session, sealer: Sealer, interview_id: str) -> list[Noted]:
    rows = session.execute(
        select(InterpreterNote, User)
        .join(User, User.id == InterpreterNote.author_id)
        .where(InterpreterNote.interview_id == interview_id)
        .order_by(InterpreterNote.number)
    )
    return [
        Noted(row.number, row.kind, row.at, user.full_name or user.name, _opened(sealer, row))
        for row, user in rows
    ]


def _opened(sealer: Sealer, row: InterpreterNote) -> dict[str, Any]:
    value: dict[str, Any] = sealer.open(row.sealed_payload, f"interpreter:{row.id}")
    return value


def _add(session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, given: NoteIn) -> None:
    last = session.scalar(
        select(func.max(InterpreterNote.number)).where(InterpreterNote.interview_id == interview.id)
    )
    row_id = new_id()
    session.add(
        InterpreterNote(
            id=row_id,
            interview_id=interview.id,
            number=(last or 0) + 1,
            key=given.key,
            author_id=actor_id,
            kind=given.kind,
            sealed_payload=sealer.seal(given.values, f"interpreter:{row_id}"),
        )
    )
