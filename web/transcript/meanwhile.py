"""Writing over a transcript that was looked at before: reading it takes long, and must hold up nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import NotFound
from web.store import Database, Interview
from web.transcript import record

TRIES = 4
Seen = TypeVar("Seen")
Done = TypeVar("Done")


def write_over(
    database: Database,
    interview_id: str,
    look: Callable[[Session, Interview], Seen],
    write: Callable[[Session, Interview, Seen], Done],
) -> Done:
    """`look` before the lock is taken, `write` under it, where nobody took a step in between; else again. Who
    is overtaken time after time looks under the lock at last. Raises NotFound, and what the two raise."""
    for _ in range(TRIES):
        with database.read() as session:
            number = record.last_number(session, interview_id)  # first: steps seen beyond it are seen twice
            interview = session.get(Interview, interview_id)
            if interview is None:
                raise NotFound
            seen = look(session, interview)
        with database.write() as session:
            interview = events.lock(session, interview_id)
            if record.last_number(session, interview_id) == number:
                return write(session, interview, seen)
    with database.write() as session:
        interview = events.lock(session, interview_id)
        return write(session, interview, look(session, interview))
