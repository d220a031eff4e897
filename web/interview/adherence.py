"""Reads an interview as it was told to the guide: labels, each with the turn or key press it came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from protocols.course import Told
from protocols.labels import Label
from web.interview import actions, events
from web.interview.actions import ActionIn
from web.interview.labels import is_suggestive, question_of
from web.interview.new import direction
from web.store import WRITTEN, Coding, DialogueLabel, Event, EventKind, Interview, Sealer, Turn
from web.transcript import layers, uncertain

PAGE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One turn that was heard. `at` in seconds since the interview began; `type`, `response` and whether it
    was leading as they stand after corrections, None where nobody has coded it. `translated`:
    coded by a machine's words for it; `unsure`: nobody has said yet that it is this speaker."""

    number: int
    speaker: str
    text: str
    language: str
    dir: str
    at: float
    type: str | None
    response: str | None
    suggestive: bool | None = None
    translated: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class Record:
    """`uncoded` turns were never told to the guide."""

    told: tuple[Told, ...]
    lines: tuple[Line, ...]
    uncoded: int


def read(session: Session, sealer: Sealer, interview: Interview) -> Record:
    """All turns and labels in order."""
    begun = interview.started_at or interview.created_at
    lines = list(_lines(session, sealer, interview, begun))
    rows = session.scalars(
        select(DialogueLabel.label)
        .where(DialogueLabel.interview_id == interview.id)
        .order_by(DialogueLabel.number)
    )
    told = tuple(
        _told(
            [Label.from_dict(row) for row in rows], lines, list(_presses(session, sealer, interview, begun))
        )
    )
    heard = sum(one.turn is not None for one in told)
    return Record(told, tuple(lines), len(lines) - heard)


def _lines(session: Session, sealer: Sealer, interview: Interview, begun: datetime) -> Iterator[Line]:
    codings = {
        row.turn_id: row
        for row in session.scalars(
            select(Coding).where(Coding.interview_id == interview.id).order_by(Coding.layer)
        )
    }
    events_of_turns = select(Event.seq, Event.at).where(
        Event.interview_id == interview.id, Event.kind == EventKind.TURN
    )
    written = {row.seq: row.at for row in session.execute(events_of_turns)}
    unsure = uncertain.turns(session, sealer, interview)
    now = layers.speakers(session, sealer, interview)
    heard = select(Turn).where(Turn.interview_id == interview.id, Turn.source != WRITTEN)
    for row in session.scalars(heard.order_by(Turn.number)):
        speaker, coding = now.get(row.number, row.speaker), codings.get(row.id)
        if speaker != row.speaker and coding is not None and not layers.fits(speaker, coding):
            coding = None  # made of it as somebody else's
        yield Line(
            number=row.number,
            speaker=speaker,
            text=sealer.open(row.sealed_text, f"turn:{row.id}"),
            language=row.language,
            dir=direction(row.language),
            at=_seconds(begun, written[row.seq]) if row.started_ms is None else row.started_ms / 1000,
            type=coding.type if coding else None,
            response=coding.response if coding else None,
            suggestive=_suggestive(sealer, coding) if coding else None,
            translated=coding is not None and coding.translation_id is not None,
            unsure=row.number in unsure,
        )


def _suggestive(sealer: Sealer, coding: Coding) -> bool:
    return is_suggestive(question_of(sealer.open(coding.sealed_detail, f"coding:{coding.id}")))


def _presses(session: Session, sealer: Sealer, interview: Interview, begun: datetime) -> Iterator[Told]:
    after = 0
    while page := events.after(session, sealer, interview.id, after, kinds=(EventKind.ACTION,), limit=PAGE):
        for event in page:
            label = _label(event.payload)
            if label is not None:
                reason, wants = (str(event.payload.get(name, "")) for name in ("reason", "what"))
                yield Told(label, None, _seconds(begun, event.at), reason=reason, wants=wants)
        after = page[-1].seq


def _label(payload: dict[str, Any]) -> Label | None:
    """What the guide was told of a press; None for what does not concern it."""
    values = {name: value for name, value in payload.items() if name != "action"}
    if payload.get("action") not in actions.FIELDS:
        return None
    return ActionIn("-", payload["action"], values).label()


def _told(labels: Sequence[Label], lines: Sequence[Line], presses: Sequence[Told]) -> Iterator[Told]:
    """Turns are labelled in their order, presses in theirs; only how the two mix is free."""
    turns, place, at = iter(lines), 0, 0.0
    for label in labels:
        if label.intent.endswith("_turn"):
            line = next(turns, None)
            if line is not None:
                at = line.at
                coded = (line.type, line.suggestive) if line.speaker == "interviewer" else (None, None)
                yield Told(label, line.number, at, *coded)
            continue
        found = next((n for n in range(place, len(presses)) if presses[n].label == label), None)
        if found is None:
            yield Told(label, None, at)
        else:
            place, at = found + 1, presses[found].at
            yield presses[found]


def _seconds(begun: datetime, at: datetime) -> float:
    return max(0.0, (at - begun).total_seconds())
