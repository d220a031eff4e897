"""What people see of facts from the file: the dialog in the room, the log in summary and review."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from protocols.model import Flow
from web.interview.events import Happening
from web.interview.reveal import advice
from web.interview.reveal_record import Log, against, name_of, read
from web.language.model import Speaker
from web.store import Interview, Sealer


def dialog(session: Session, sealer: Sealer, interview: Interview, flow: Flow) -> dict[str, Any]:
    """How many are listed, which were shown, whether the next may be: never a fact that was not shown."""
    log = read(session, sealer, interview)
    language = interview.interviewer_language
    locked = against(session, interview, flow, log)
    return {
        "listed": len(log.listed),
        "next": len(log.shown) + 1 if len(log.shown) < len(log.listed) else None,
        "locks": [{"id": lock.id, "text": lock.words(language)} for lock in locked],
        "put": [_fact(one.press, language) for one in log.shown],
        "not_needed": _reason(log.not_needed),
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
    """For the summary: each fact that was shown, after and in which turn it was put, why, by whom; None where
    none is listed."""
    log = read(session, sealer, interview)
    if not log.listed:
        return None
    left = {one.press.seq: one.unneeded for one in log.shown if one.put is None and one.unneeded}
    return {
        "shown": [
            {
                **one.press.payload,
                "put": one.put,
                "unneeded": _reason(left.get(one.press.seq)),
                "at": one.press.at,
                "by": name_of(session, one.press.actor_id),
            }
            for one in log.shown
        ],
        "left": len(log.listed) - len(log.shown),
        "not_needed": _reason(log.not_needed) if log.not_needed not in left.values() else None,
        "words": _brought_in(log),
    }


def from_the_file(session: Session, sealer: Sealer, interview: Interview) -> dict[int, list[str]]:
    """Words in the child's turns, by turn number, that were put to the child before with a fact."""
    return _brought_in(read(session, sealer, interview))


def _brought_in(log: Log) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for turn in log.later:
        if turn.speaker == Speaker.CHILD:
            words = (word for one in log.shown for word in one.brought.found(turn.number, turn.text))
            found[turn.number] = list(dict.fromkeys(words))
    return {number: words for number, words in found.items() if words}


def _reason(note: Happening | None) -> str | None:
    return note.payload["reason"] if note else None
