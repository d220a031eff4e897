"""What the interviewer is about to say, looked at before the child hears it.

A remark that was shown is a row like every other: the record says what may have influenced the next question.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict, Invalid, TooLarge
from web.interview.new import storable
from web.store import EventKind, Interview, InterviewState, Sealer

ACTION = "draft"


def check(text: str, max_bytes: int) -> None:
    """Raises Invalid where there are no words, TooLarge for more than one turn can hold."""
    if not text.strip():
        raise Invalid("text", "There are no words in this draft.")
    size = len(storable("text", text).encode())
    if size > max_bytes:
        raise TooLarge(size, max_bytes)


def record(
    session: Session,
    sealer: Sealer,
    interview: Interview,
    actor_id: str | None,
    *,
    text: str,
    remark: dict[str, Any],
) -> None:
    """Write down the draft with the remark on it. The caller holds the lock. Raises Conflict when closed."""
    if interview.state is InterviewState.CLOSED:
        raise Conflict("This interview is closed.", state=interview.state.value)
    payload = {"action": ACTION, "text": text, "remark": remark}
    events.append(session, sealer, interview, EventKind.ACTION, payload, actor_id=actor_id)
