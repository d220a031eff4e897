"""Writing over a transcript that was looked at before: reading it takes long, and must hold up nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import NotFound
from web.store import Database, Interview

TRIES = 4
Seen = TypeVar("Seen")
Done = TypeVar("Done")


def write_over(
    database: Database,
    interview_id: str,
    look: Callable[[Session, Interview], Seen],
    write: Callable[[Session, Interview, Seen], Done],
) -> Done:
    """`look` before the lock is taken, `write` under it, where nothing came in between: no step, turn, key or
    code; else again. Who is overtaken time after time looks under the lock at last. Raises NotFound, and what
    the two raise."""
    for _ in range(TRIES):
        with database.read() as session:
            interview = session.get(Interview, interview_id)  # first: what came after it is seen twice
            if interview is None:
                raise NotFound
            following = interview.next_seq
            seen = look(session, interview)
        with database.write() as session:
            interview = events.lock(session, interview_id)
            if interview.next_seq == following:
                return write(session, interview, seen)
    with database.write() as session:
        interview = events.lock(session, interview_id)
        return write(session, interview, look(session, interview))
