"""The lines beside the boxes: all that lead to one step share a lane, no two lanes lie on each other."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.drawing_layout import LANES_X, Exit, Row

STEP = 15.0
_CLEAR = 10.0
"""Between the end of one lane and the beginning of another in the same column."""


@dataclass(frozen=True)
class Lane:
    """The line up or down to the step `to`, `column` lanes out from the conditions."""

    to: Row
    column: int
    exits: tuple[Exit, ...]

    @property
    def x(self) -> float:
        return LANES_X + self.column * STEP

    @property
    def reach(self) -> tuple[float, float]:
        """Its upper and lower end."""
        heights = [self.to.entry, *(each.y for each in self.exits)]
        return min(heights), max(heights)


def lanes(rows: dict[str, Row]) -> list[Lane]:
    """Short ones first, so that they lie inside."""
    grouped: dict[str, list[Exit]] = {}
    for row in rows.values():
        for each in row.exits:
            grouped.setdefault(each.way.to, []).append(each)
    loose = [Lane(rows[to], 0, tuple(exits)) for to, exits in grouped.items()]
    placed: list[Lane] = []
    for lane in sorted(loose, key=lambda lane: lane.reach[1] - lane.reach[0]):
        taken = {other.column for other in placed if _meet(lane, other)}
        column = next(n for n in range(len(taken) + 1) if n not in taken)
        placed.append(Lane(lane.to, column, lane.exits))
    return placed


def _meet(one: Lane, other: Lane) -> bool:
    (top, bottom), (upper, lower) = one.reach, other.reach
    return top - _CLEAR < lower and upper - _CLEAR < bottom
