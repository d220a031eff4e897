"""What the engines found, written in one transaction, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from protocols.labels import Label
from web.interview import events, words
from web.interview.machine_rows import coding_row, tag_row
from web.interview.readings import Coded
from web.interview.snapshot import Snapshot
from web.language.model import Indicator
from web.store import Coding as CodingRow
from web.store import Database, DialogueLabel, EventKind, Interview
from web.store import Turn as TurnRow


class Stale(Exception):
    """Another process wrote first; what was found rests on an older state."""


@dataclass
class Findings:
    """What was made of turns, `labels` for them, the `guidance` to show, `engines` as they are."""

    coded: list[Coded]
    labels: list[Label]
    guidance: dict[str, Any] | None = None
    engines: dict[str, str] = field(default_factory=dict)
    shown: dict[int, dict[str, Any]] = field(default_factory=dict)
    """What was written of each turn, by its number."""


def write(database: Database, seen: Snapshot, labels_known: int, work: Findings) -> int:
    """Write all of it; the last sequence number comes back. Raises Stale when the record has moved on."""
    with database.write() as session:
        interview = events.lock(session, seen.interview_id)
        if label_count(session, interview.id) != labels_known:
            raise Stale
        for one in work.coded:
            _claim(session, one)
            work.shown[one.row.number] = _write_coded(session, seen, interview, one)
        add_labels(session, interview.id, labels_known, work.labels)
        if work.guidance is not None:
            _write_guidance(session, seen, interview, work)
        return interview.next_seq - 1


def label_count(session: Session, interview_id: str) -> int:
    """Labels are numbered without a gap, so the last number is their count."""
    last = select(func.max(DialogueLabel.number)).where(DialogueLabel.interview_id == interview_id)
    return session.scalar(last) or 0


def add_labels(session: Session, interview_id: str, known: int, labels: list[Label]) -> None:
    for number, label in enumerate(labels, known + 1):
        session.add(DialogueLabel(interview_id=interview_id, number=number, label=label.as_dict()))


def _claim(session: Session, one: Coded) -> None:
    """Nobody has coded this turn yet, nor, unless that was long ago, told the guide of it. Raises Stale."""
    row = one.row
    if one.late:
        if session.scalar(select(CodingRow.id).where(CodingRow.turn_id == row.id, CodingRow.layer == 0)):
            raise Stale
        return
    claim = update(TurnRow).where(TurnRow.id == row.id, TurnRow.coded.is_(False)).values(coded=True)
    if session.execute(claim.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        raise Stale


def _write_coded(session: Session, seen: Snapshot, interview: Interview, one: Coded) -> dict[str, Any]:
    """The turn's coding, unless it waits for something, and what is told of it."""
    if one.waits is None:
        read = one.reading.id if one.reading else None
        session.add(coding_row(seen.sealer, one.row, one.coding, translation_id=read))
    payload = words.coding_payload(one, seen.interviewer_language)
    events.append(session, seen.sealer, interview, EventKind.CODING, payload)
    if one.coding.indicators:
        tags = [_write_tag(session, seen, one, indicator) for indicator in one.coding.indicators]
        suggested = {"turn": one.row.number, "tags": tags}
        events.append(session, seen.sealer, interview, EventKind.TAGS, suggested)
    return payload


def _write_tag(session: Session, seen: Snapshot, one: Coded, found: Indicator) -> dict[str, Any]:
    row = tag_row(seen.sealer, one.row, found, translation_id=one.reading.id if one.reading else None)
    session.add(row)
    return {
        "id": row.id,
        "tag": found.tag,
        "start": found.start,
        "end": found.end,
        "urgency": found.urgency,
        "translation": one.reading.language if one.reading else None,
    }


def _write_guidance(session: Session, seen: Snapshot, interview: Interview, work: Findings) -> None:
    told = seen.told["engines"] if seen.told else dict.fromkeys(work.engines, "ready")
    for engine, state in work.engines.items():
        if told.get(engine, "ready") != state:
            detail = words.engine(engine, state, seen.interviewer_language)
            payload = {"engine": engine, "state": state, "detail": detail}
            events.append(session, seen.sealer, interview, EventKind.ENGINE, payload)
    assert work.guidance is not None
    events.append(session, seen.sealer, interview, EventKind.GUIDANCE, work.guidance)
