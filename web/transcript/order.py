"""The order in which things were said, where some became known late."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar


class Told(Protocol):
    @property
    def source(self) -> str: ...
    @property
    def started_ms(self) -> int | None: ...


T = TypeVar("T", bound=Told)
SPEECH = "speech"


def as_said(turns: Iterable[T]) -> list[T]:
    """Turns by their numbers, in which they became known, put in the order in which they were said: one that
    was heard late, as sound of a second microphone can be, stands before those that were begun after it. What
    has no time stays where it is, and nothing goes past it."""
    found: list[T] = []
    for turn in turns:
        place = len(found)
        while turn.source == SPEECH and place and _after(found[place - 1], turn):
            place -= 1
        found.insert(place, turn)
    return found


def _after(one: Told, other: Told) -> bool:
    times = one.started_ms, other.started_ms
    return times[0] is not None and times[1] is not None and times[0] > times[1]
