"""Who gets to see which events: the room itself, or the colleague in the monitor room."""

from __future__ import annotations

from dataclasses import dataclass

from web.interview import suggestions
from web.interview.actions import DRAFT
from web.interview.events import LIVE_KINDS, Happening
from web.store import EventKind


@dataclass(frozen=True)
class Audience:
    """`kinds` of events it gets; `hidden`: actions that are kept from it all the same. `hears`: it also gets
    the words of somebody still speaking."""

    kinds: tuple[EventKind, ...]
    hidden: frozenset[str] = frozenset()
    hears: bool = False

    def gets(self, event: Happening) -> bool:
        return event.kind is not EventKind.ACTION or event.payload.get("action") not in self.hidden


ROOM = Audience(LIVE_KINDS, frozenset({suggestions.SUGGESTED, suggestions.WITHDRAWN}), hears=True)
"""The interviewer hears of a suggestion only when it is shown, in a break: not while the child tells."""
MONITOR = Audience((*LIVE_KINDS, EventKind.TAGS), frozenset({DRAFT}))
"""What the machine marks for later review is seen here and never in the room, a draft only there."""
