"""The words of the comparison: what was said, what of it was said again, and what may have changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from web.review.reading import Sound


@dataclass(frozen=True)
class English:
    """A turn by machine: with the doubts (web.translation.check) and the SHA-256 of each package."""

    text: str
    doubts: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A turn, or what was written down later where the machine heard nothing (then without a `number`).
    `english`: the machine's translation on record, None without one or where the words are English; `unsure`:
    nobody has said yet that it is this speaker."""

    id: str
    number: int | None
    speaker: str
    text: str
    language: str
    dir: str
    english: English | None = None
    sound: Sound | None = None
    unsure: bool = False


@dataclass
class Pair:
    """One stretch of speech of a side and its rendering, each of one turn or more. An empty rendering:
    nothing was interpreted, or nothing of it written down."""

    source: list[Said]
    rendering: list[Said] = field(default_factory=list)

    @property
    def turns(self) -> list[Said]:
        return [*self.source, *self.rendering]


def text_of(turns: list[Said]) -> str:
    return " ".join(turn.text for turn in turns)
