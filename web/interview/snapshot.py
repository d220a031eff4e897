"""Everything one round of work needs to know, read in one transaction; costs what is new, not what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from protocols.labels import Label
from web.interview import events, reveal_record
from web.interview.errors import NotFound
from web.interview.memory import Memory
from web.interview.readings import Reading, readings
from web.interview.reveal_words import Brought
from web.language.model import Coding
from web.store import (
    WRITTEN,
    Database,
    DialogueLabel,
    EventKind,
    Interview,
    InterviewState,
    Sealer,
    Turn,
    User,
    Vault,
)
from web.store import Coding as CodingRow


@dataclass(frozen=True)
class Snapshot:
    """`turns` are those not taken in yet, `codings` what the machine made of those among them that were coded
    before, by turn id, `readings` a machine's words for those it cannot read; `new_labels` are the labels not
    in memory; `told` is the last guidance; `packs` are the ids of those it began with.
    `brought`: words that facts from the file may bring in, in presses after those in memory, up to `acts`."""

    interview_id: str
    edition: str | None
    protocol: str
    age: int
    interviewer_language: str
    child_language: str
    interviewer: str
    state: InterviewState
    sealer: Sealer
    turns: list[Turn]
    codings: dict[str, Coding]
    readings: dict[str, Reading]
    new_labels: list[Label]
    told: dict[str, Any] | None
    packs: tuple[str, ...]
    brought: list[Brought]
    acts: int


def snapshot(database: Database, vault: Vault, interview_id: str, memory: Memory, limit: int) -> Snapshot:
    """Read what this process does not know yet. Of what people wrote afterwards where the machine heard
    nothing the guide is told nothing. Raises NotFound, or Unreadable after erasure."""
    heard = min(memory.unwritten, default=memory.heard + 1) - 1
    with database.read() as session:
        row = session.get(Interview, interview_id)
        if row is None:
            raise NotFound
        sealer = vault.sealer(row.id, row.wrapped_key)
        turns = session.scalars(
            select(Turn)
            .where(Turn.interview_id == interview_id, Turn.number > heard, Turn.source != WRITTEN)
            .order_by(Turn.number)
            .limit(limit)
        ).all()
        codings = _codings(session, sealer, [turn for turn in turns if turn.coded])
        read = readings(session, sealer, turns)
        known = session.scalars(
            select(DialogueLabel.label)
            .where(DialogueLabel.interview_id == interview_id, DialogueLabel.number > len(memory.labels))
            .order_by(DialogueLabel.number)
        ).all()
        person = session.get_one(User, row.interviewer_id)
        told = events.newest(session, sealer, interview_id, EventKind.GUIDANCE)
        details = sealer.open(row.sealed_details, f"details:{row.id}")
        brought, acts = reveal_record.brought_since(session, sealer, interview_id, memory.acts)
    return Snapshot(
        interview_id=row.id,
        edition=row.edition,
        protocol=row.protocol,
        age=row.child_age,
        interviewer_language=row.interviewer_language,
        child_language=row.child_language,
        interviewer=person.full_name,
        state=row.state,
        sealer=sealer,
        turns=list(turns),
        codings=codings,
        readings=read,
        new_labels=[Label.from_dict(label) for label in known],
        told=told.payload if told else None,
        packs=tuple(details.get("packs", ())),
        brought=brought,
        acts=acts,
    )


def _codings(session: Session, sealer: Sealer, turns: list[Turn]) -> dict[str, Coding]:
    """The machine's own layer, whatever people laid over it: the conversation goes on from what it knew."""
    if not turns:
        return {}
    wanted = select(CodingRow).where(CodingRow.turn_id.in_([turn.id for turn in turns]), CodingRow.layer == 0)
    return {
        row.turn_id: Coding.from_dict(sealer.open(row.sealed_detail, f"coding:{row.id}"))
        for row in session.scalars(wanted)
    }
