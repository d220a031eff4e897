"""An observer's suggestion to the interviewer: it waits for a break, and only then goes into the room.

Everything is a row: who suggested what, who took it back, when it was shown, whether it was taken up. At most
one waits; what became of each is read from those rows and kept nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict
from web.store import EventKind, Interview, InterviewState, Sealer, User

SUGGESTED = "suggestion"
WITHDRAWN = "suggestion_withdrawn"
SHOWN = "suggestion_shown"
TAKEN = "suggestion_taken"


class Fate(StrEnum):
    WAITING = "waiting"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    SHOWN = "shown"
    TAKEN = "taken"


_BECOMES = {WITHDRAWN: Fate.WITHDRAWN, SHOWN: Fate.SHOWN, TAKEN: Fate.TAKEN}


@dataclass(frozen=True)
class Suggestion:
    """`seq` is its event; `by` the observer's name; `since` when its fate was decided."""

    seq: int
    text: str
    by: str
    at: datetime
    fate: Fate = Fate.WAITING
    since: datetime | None = None


def read(session: Session, sealer: Sealer, interview_id: str) -> dict[int, Suggestion]:
    """All of them in order, by their event's number."""
    found: dict[int, Suggestion] = {}
    for event in events.after(session, sealer, interview_id, 0, kinds=(EventKind.ACTION,), limit=None):
        action, payload = event.payload.get("action"), event.payload
        if action == SUGGESTED:
            if old := _waiting(found):
                found[old.seq] = replace(old, fate=Fate.REPLACED, since=event.at)
            found[event.seq] = Suggestion(event.seq, payload["text"], payload["by"], event.at)
        elif action in _BECOMES:
            found[payload["of"]] = replace(found[payload["of"]], fate=_BECOMES[action], since=event.at)
    return found


def suggest(
    session: Session,
    sealer: Sealer,
    interview: Interview,
    user: User,
    *,
    key: str,
    text: str,
    replaces: int | None,
) -> int:
    """Let this wait, in place of the one that `replaces` numbers; its number comes back.

    In a break it is shown at once. The caller holds the lock. Raises KeyReused, or Conflict when the
    interview is closed or another suggestion waits than the observer has seen.
    """
    payload = {"action": SUGGESTED, "text": text, "by": name(user)}
    if (seq := events.again(session, sealer, interview.id, key, payload, EventKind.ACTION)) is not None:
        return seq
    _open(interview)
    waiting = _waiting(read(session, sealer, interview.id))
    if (waiting.seq if waiting else None) != replaces:
        raise Conflict("Another suggestion was made or shown meanwhile. Look at it, then suggest again.")
    seq = _write(session, sealer, interview, payload, key=key, actor_id=user.id)
    if interview.state is InterviewState.BREAK:
        _show(session, sealer, interview, seq, text)
    return seq


def withdraw(
    session: Session, sealer: Sealer, interview: Interview, user: User, *, key: str, number: int
) -> int:
    """Take back the one that waits. The caller holds the lock. Raises KeyReused, or Conflict when this one
    does not wait."""
    payload = {"action": WITHDRAWN, "of": number, "by": name(user)}
    if (seq := events.again(session, sealer, interview.id, key, payload, EventKind.ACTION)) is not None:
        return seq
    _open(interview)
    waiting = _waiting(read(session, sealer, interview.id))
    if waiting is None or waiting.seq != number:
        raise Conflict("This suggestion does not wait any more: it was shown, replaced or taken back.")
    return _write(session, sealer, interview, payload, key=key, actor_id=user.id)


def take(
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, *, key: str, number: int
) -> int:
    """The interviewer takes up what was shown. The caller holds the lock. Raises KeyReused, or Conflict when
    it was not shown, or taken up before."""
    payload = {"action": TAKEN, "of": number}
    if (seq := events.again(session, sealer, interview.id, key, payload, EventKind.ACTION)) is not None:
        return seq
    _open(interview)
    one = read(session, sealer, interview.id).get(number)
    if one is None or one.fate is not Fate.SHOWN:
        raise Conflict("This suggestion was not shown, or was taken up before.")
    return _write(session, sealer, interview, payload, key=key, actor_id=actor_id)


def show_waiting(session: Session, sealer: Sealer, interview: Interview) -> None:
    """A break begins: what waits goes into the room. The caller holds the lock."""
    if waiting := _waiting(read(session, sealer, interview.id)):
        _show(session, sealer, interview, waiting.seq, waiting.text)


def name(user: User) -> str:
    return user.full_name or user.name


def _open(interview: Interview) -> None:
    if interview.state is InterviewState.CLOSED:
        raise Conflict("This interview is closed.", state=interview.state.value)


def _waiting(found: dict[int, Suggestion]) -> Suggestion | None:
    return next((one for one in found.values() if one.fate is Fate.WAITING), None)


def _show(session: Session, sealer: Sealer, interview: Interview, number: int, text: str) -> None:
    _write(session, sealer, interview, {"action": SHOWN, "of": number, "text": text})


def _write(
    session: Session,
    sealer: Sealer,
    interview: Interview,
    payload: dict[str, Any],
    *,
    key: str | None = None,
    actor_id: str | None = None,
) -> int:
    row = events.append(session, sealer, interview, EventKind.ACTION, payload, key=key, actor_id=actor_id)
    return row.seq
