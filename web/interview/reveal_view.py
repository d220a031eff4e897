"""What people see of facts from the file: the dialog in the room, the log in summary and review."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from protocols.model import Flow
from web.interview.events import Happening
from web.interview.reveal import advice
from web.interview.reveal_record import Log, against, name_of, read
from web.language.model import Speaker
from web.store import Interview, Sealer, Turn


def dialog(session: Session, sealer: Sealer, interview: Interview, flow: Flow) -> dict[str, Any]:
    """How many are listed, which were put, whether the next may be: never a fact that was not put."""
    log = read(session, sealer, interview)
    language = interview.interviewer_language
    locked = against(session, interview, flow, log)
    return {
        "listed": len(log.listed),
        "next": len(log.put) + 1 if len(log.put) < len(log.listed) else None,
        "locks": [{"id": lock.id, "text": lock.words(language)} for lock in locked],
        "put": [_fact(one, language) for one in log.put],
        "not_needed": log.not_needed.payload["reason"] if log.not_needed else None,
    }


def shown(seq: int, payload: dict[str, Any], language: str) -> dict[str, Any]:
    """The answer to a press."""
    if "text" not in payload:
        return {"seq": seq, "fact": None}
    return {"seq": seq, "fact": _public(payload, language)}


def _fact(one: Happening, language: str) -> dict[str, Any]:
    return {**_public(one.payload, language), "at": one.at.isoformat()}


def _public(payload: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **{name: payload[name] for name in ("number", "text", "source", "reason")},
        "advice": advice(payload["source"], language),
    }


def told(session: Session, sealer: Sealer, interview: Interview) -> dict[str, Any] | None:
    """For the summary: each fact that was put, before which turn, why, by whom; None where none is listed."""
    log = read(session, sealer, interview)
    if not log.listed:
        return None
    return {
        "put": [
            {
                **one.payload,
                "before": one.payload["turn"] + 1,
                "at": one.at,
                "by": name_of(session, one.actor_id),
            }
            for one in log.put
        ],
        "left": len(log.listed) - len(log.put),
        "not_needed": log.not_needed.payload["reason"] if log.not_needed else None,
        "words": from_the_file(session, sealer, interview, log),
    }


def from_the_file(
    session: Session, sealer: Sealer, interview: Interview, log: Log | None = None
) -> dict[int, list[str]]:
    """Words in the child's turns, by turn number, that a fact had brought in before."""
    known = (log or read(session, sealer, interview)).words
    if not known:
        return {}
    turns = select(Turn).where(
        Turn.interview_id == interview.id, Turn.speaker == Speaker.CHILD, Turn.number > known[0].turn
    )
    found: dict[int, list[str]] = {}
    for row in session.scalars(turns.order_by(Turn.number)):
        text: str = sealer.open(row.sealed_text, f"turn:{row.id}")
        words = dict.fromkeys(word for one in known for word in one.found(row.number, text))
        if words:
            found[row.number] = list(words)
    return found
