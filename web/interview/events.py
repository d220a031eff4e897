"""The one running order of an interview: numbers 1, 2, 3 … without a gap, each event a sealed row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview.errors import KeyReused, NotFound
from web.store import Event, EventKind, Interview, Sealer
from web.store.base import new_id

LIVE_KINDS = tuple(kind for kind in EventKind if kind not in (EventKind.TAGS, EventKind.REVIEW))
"""What the live page gets: suggestions for the reviewer stay out of the room."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as it is read back, opened."""

    seq: int
    kind: EventKind
    at: datetime
    actor_id: str | None
    payload: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {"seq": self.seq, "kind": self.kind.value, "at": self.at.isoformat(), **self.payload}


def lock(session: Session, interview_id: str) -> Interview:
    """The interview's row, held until the transaction ends. Raises NotFound."""
    row = session.get(Interview, interview_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def append(
    session: Session,
    sealer: Sealer,
    interview: Interview,
    kind: EventKind,
    payload: dict[str, Any],
    *,
    key: str | None = None,
    actor_id: str | None = None,
) -> Event:
    """Write the next event. The caller holds the interview's lock, so numbers stay dense."""
    event_id = new_id()
    row = Event(
        id=event_id,
        interview_id=interview.id,
        seq=interview.next_seq,
        kind=kind,
        key=key,
        actor_id=actor_id,
        sealed_payload=sealer.seal(payload, f"event:{event_id}"),
    )
    interview.next_seq += 1
    session.add(row)
    return row


def by_key(session: Session, interview_id: str, key: str) -> Event | None:
    """The event this idempotency key made, if it came before."""
    return session.scalar(select(Event).where(Event.interview_id == interview_id, Event.key == key))


def again(  # noqa: PLR0917
    session: Session, sealer: Sealer, interview_id: str, key: str, payload: dict[str, Any], kind: EventKind
) -> int | None:
    """The number of the event this key made, None where it is new. Raises KeyReused where it made another."""
    before = by_key(session, interview_id, key)
    if before is None:
        return None
    if before.kind is not kind or opened(sealer, before) != payload:
        raise KeyReused
    return before.seq


def opened(sealer: Sealer, row: Event) -> dict[str, Any]:
    value: dict[str, Any] = sealer.open(row.sealed_payload, f"event:{row.id}")
    return value


def after(
    session: Session,
    sealer: Sealer,
    interview_id: str,
    seq: int,
    *,
    kinds: tuple[EventKind, ...] = LIVE_KINDS,
    limit: int | None = 200,
) -> list[Happening]:
    """Events that follow `seq`, in order, at most `limit`; all of them where that is None."""
    rows = session.scalars(
        select(Event)
        .where(Event.interview_id == interview_id, Event.seq > seq, Event.kind.in_(kinds))
        .order_by(Event.seq)
        .limit(limit)
    )
    return [_read(sealer, row) for row in rows]


def newest(session: Session, sealer: Sealer, interview_id: str, kind: EventKind) -> Happening | None:
    """The last event of a kind."""
    row = session.scalar(
        select(Event)
        .where(Event.interview_id == interview_id, Event.kind == kind)
        .order_by(Event.seq.desc())
        .limit(1)
    )
    return _read(sealer, row) if row else None


def _read(sealer: Sealer, row: Event) -> Happening:
    return Happening(row.seq, row.kind, row.at, row.actor_id, opened(sealer, row))
