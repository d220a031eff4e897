"""The installed packages as a drawing: languages as places, packages as ways between them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

Pair = tuple[str, str]
WIDTH, RADIUS = 640, 26
ABOVE, BELOW = RADIUS + 9, RADIUS + 19  # from the middle of a place to its name


@dataclass(frozen=True, slots=True)
class Place:
    """A language. `x`, `y`: its middle; `label_y`: where its name stands, away from the ways."""

    code: str
    x: float
    y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Way:
    """One package, or two that lead both ways. The line runs from rim to rim; `weak`: not to be relied on."""

    pairs: tuple[Pair, ...]
    x1: float
    y1: float
    x2: float
    y2: float
    weak: bool


@dataclass(frozen=True, slots=True)
class Picture:
    width: int
    height: int
    places: tuple[Place, ...]
    ways: tuple[Way, ...]


def draw(pairs: Collection[Pair], weak: Collection[Pair] = ()) -> Picture:
    """The language with most packages in the middle, the others around it in order of their codes."""
    counted = Counter(code for pair in pairs for code in pair)
    if not counted:
        return Picture(WIDTH, 0, (), ())
    middle = min(counted, key=lambda code: (-counted[code], code != "en", code))
    around = sorted(set(counted) - {middle})
    height = 240 if len(around) < 5 else 400
    places = {middle: Place(middle, WIDTH / 2, height / 2, height / 2 + BELOW)}
    for number, code in enumerate(around):
        turn = 2 * math.pi * number / len(around) - math.pi  # the first one on the left
        x = WIDTH / 2 + math.cos(turn) * (WIDTH / 2 - 2 * RADIUS)
        y = height / 2 + math.sin(turn) * (height / 2 - 2.2 * RADIUS)
        label = y - ABOVE if y < height / 2 - 1 else y + BELOW
        places[code] = Place(code, round(x, 1), round(y, 1), round(label, 1))
    both = sorted({(min(pair), max(pair)) for pair in pairs})
    ways = tuple(_way(places[a], places[b], pairs, weak) for a, b in both)
    return Picture(WIDTH, height, tuple(places.values()), ways)


def _way(one: Place, other: Place, pairs: Collection[Pair], weak: Collection[Pair]) -> Way:
    there = [pair for pair in ((one.code, other.code), (other.code, one.code)) if pair in pairs]
    if len(there) == 1 and there[0][0] == other.code:
        one, other = other, one
    far = math.dist((one.x, one.y), (other.x, other.y))
    dx, dy = (other.x - one.x) / far * (RADIUS + 6), (other.y - one.y) / far * (RADIUS + 6)
    ends = (round(one.x + dx, 1), round(one.y + dy, 1), round(other.x - dx, 1), round(other.y - dy, 1))
    return Way(tuple(there), *ends, any(pair in weak for pair in there))
