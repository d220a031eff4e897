"""The conversations of a stream, as many and as long as a fixed amount of memory holds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from web.language.batch.lines import BadInput
from web.language.batch.rows import Row
from web.language.conversation import Conversation

OPEN_SESSIONS = 64
"""Sessions may interleave; the one longest without a turn is closed when more than these are open."""
MAX_TURNS = 5_000
"""A session's context starts anew after so many turns."""
MAX_HELD = 10_000_000
"""Bytes of turns held in all open sessions; above it the one longest without a turn is closed."""
BESIDE = 500
"""What is held of a turn beside its text."""


@dataclass(slots=True)
class _Session:
    conversation: Conversation
    last: int = -1
    held: int = 0


class Talks:
    """The open sessions of the file called `name`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: OrderedDict[str, _Session] = OrderedDict()
        self._held = 0

    def of(self, row: Row) -> Conversation:
        """The conversation that this turn comes next in. BadInput if it cannot."""
        session = self._open.get(row.session) or _Session(Conversation(row.age, row.turn.language))
        reason = _fault(session, row)
        if reason is not None:
            raise BadInput(self._name, row.line, reason)
        self._open[row.session] = session
        self._open.move_to_end(row.session)
        session.last = row.number
        size = BESIDE + len(row.turn.text)
        talk = session.conversation
        if len(talk.turns) >= MAX_TURNS or session.held + size > MAX_HELD:
            talk = session.conversation = Conversation(talk.age, talk.language)
            self._held, session.held = self._held - session.held, 0
        session.held, self._held = session.held + size, self._held + size
        while len(self._open) > OPEN_SESSIONS or (self._held > MAX_HELD and len(self._open) > 1):
            self._held -= self._open.popitem(last=False)[1].held
        talk.age = row.age if row.age is not None else talk.age
        return talk


def _fault(session: _Session, row: Row) -> str | None:
    if row.number == session.last:
        return f"turn {row.number} comes twice in its session"
    if row.number < session.last:
        return f"turn {row.number} comes after turn {session.last} of its session"
    age = session.conversation.age
    if row.age is not None and age is not None and row.age != age:
        return f"age {row.age}, but {age} earlier in this session"
    return None
