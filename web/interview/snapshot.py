"""Everything one round of work needs to know, read in one transaction; costs what is new, not what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from protocols.labels import Label
from web.interview import events
from web.interview.errors import NotFound
from web.interview.memory import Memory
from web.store import Database, DialogueLabel, EventKind, Interview, InterviewState, Sealer, Turn, User, Vault


@dataclass(frozen=True)
class Snapshot:
    """`turns` are those not taken in yet, `new_labels` those not in memory; `told` is the last guidance."""

    interview_id: str
    protocol: str
    age: int
    interviewer_language: str
    child_language: str
    interviewer: str
    state: InterviewState
    sealer: Sealer
    turns: list[Turn]
    new_labels: list[Label]
    told: dict[str, Any] | None


def snapshot(database: Database, vault: Vault, interview_id: str, memory: Memory, limit: int) -> Snapshot:
    """Read what this process does not know yet. Raises NotFound, or Unreadable after erasure."""
    heard = min(memory.unwritten, default=memory.heard + 1) - 1
    with database.read() as session:
        row = session.get(Interview, interview_id)
        if row is None:
            raise NotFound
        sealer = vault.sealer(row.id, row.wrapped_key)
        turns = session.scalars(
            select(Turn)
            .where(Turn.interview_id == interview_id, Turn.number > heard)
            .order_by(Turn.number)
            .limit(limit)
        ).all()
        known = session.scalars(
            select(DialogueLabel.label)
            .where(DialogueLabel.interview_id == interview_id, DialogueLabel.number > len(memory.labels))
            .order_by(DialogueLabel.number)
        ).all()
        person = session.get_one(User, row.interviewer_id)
        told = events.newest(session, sealer, interview_id, EventKind.GUIDANCE)
    return Snapshot(
        interview_id=row.id,
        protocol=row.protocol,
        age=row.child_age,
        interviewer_language=row.interviewer_language,
        child_language=row.child_language,
        interviewer=person.full_name,
        state=row.state,
        sealer=sealer,
        turns=list(turns),
        new_labels=[Label.from_dict(label) for label in known],
        told=told.payload if told else None,
    )
