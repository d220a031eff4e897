"""Where the one picture of the report puts its parts: phases as lanes, turns from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from protocols.course import Course

WIDTH, LEFT, RIGHT, TOP, LANE = 960.0, 200.0, 16.0, 30.0, 28.0
WIDEST_TURN = 36.0
_TICKS = ((20, 5), (60, 10), (150, 25), (400, 50))


@dataclass(frozen=True)
class Bar:
    """Turns `first` to `last`, said one after the other in one phase."""

    x: float
    y: float
    width: float
    first: int
    last: int


@dataclass(frozen=True)
class Mark:
    """A turn to look at. `kind`: gap or departure; `told` what is there to see."""

    x: float
    y: float
    turn: int
    kind: str
    told: str


@dataclass(frozen=True)
class Chart:
    """`lanes`: top, phase id; `pauses`: left edge and width; `ticks`: place and number of a turn."""

    height: float
    end: float
    lanes: Sequence[tuple[float, str]]
    bars: Sequence[Bar]
    pauses: Sequence[tuple[float, float]]
    marks: Sequence[Mark]
    ticks: Sequence[tuple[float, int]]
    width: float = field(default=WIDTH)


def chart(course: Course, turns: int, told: Mapping[tuple[int, str], Sequence[str]]) -> Chart:
    """Draw an interview of this many turns. `told`: what to say of a turn, by its number and kind of mark."""
    order = [phase.id for phase in course.flow.phases]
    unit = min(WIDEST_TURN, (WIDTH - LEFT - RIGHT) / max(turns, 1))
    lane = {
        each.told.turn: order.index(course.phase_of(each.step).id) for each in course.moves if each.told.turn
    }

    def left(turn: int) -> float:
        return round(LEFT + (turn - 1) * unit, 1)

    def top(index: int) -> float:
        return TOP + index * LANE

    bars = []
    for index, run in groupby(sorted(lane), key=lambda turn: lane[turn]):
        numbers = list(run)
        width = round(len(numbers) * unit, 1)
        bars.append(Bar(left(numbers[0]), top(index), width, numbers[0], numbers[-1]))
    marks = [
        Mark(round(left(turn) + unit / 2, 1), top(lane[turn]) + LANE / 2, turn, kind, " ".join(texts))
        for (turn, kind), texts in sorted(told.items())
        if turn in lane
    ]
    return Chart(
        height=top(len(order)) + 6,
        end=left(turns + 1),
        lanes=[(top(index), phase) for index, phase in enumerate(order)],
        bars=bars,
        pauses=[
            (left(begin + 1) - 1.5, max(3.0, round((end - begin) * unit, 1)))
            for begin, end in _pauses(course)
        ],
        marks=marks,
        ticks=[(round(left(turn) + unit / 2, 1), turn) for turn in _ticks(turns)],
    )


def _pauses(course: Course) -> list[tuple[int, int]]:
    """The turns after which a break, stop or safety began and ended; to the last turn where none ended it."""
    return [
        (
            course.moves[pause.start].turn,
            course.last_turn if pause.end is None else course.moves[pause.end].turn,
        )
        for pause in course.pauses
        if pause.kind != "reluctance"
    ]


def _ticks(turns: int) -> list[int]:
    step = next((step for most, step in _TICKS if turns <= most), 100)
    return [turn for turn in range(1, turns + 1) if turn == 1 or turn % step == 0]
