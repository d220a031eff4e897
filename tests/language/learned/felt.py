"""A turn heard by the learned coder alone, as figures that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from web.language.learned import Before, Felt, Sense


@dataclass(frozen=True)
class Alone:
    """All that the learned coder makes of a turn about which it knows nothing else."""

    kinds: dict[str, float]
    responses: dict[str, float]
    marks: dict[str, float]
    places: dict[str, tuple[int, int]]

    @property
    def kind(self) -> str:
        return max(self.kinds, key=lambda name: self.kinds[name])


def alone(sense: Sense, texts: Sequence[str]) -> list[Alone]:
    return [_alone(sense, felt) for felt in sense.read(texts)]


def _alone(sense: Sense, felt: Felt) -> Alone:
    asked, answered = (sense.think(felt, head, Before(), None) for head in ("kinds", "responses"))
    found = sense.marks(felt, answered, None)
    return Alone(asked.shares, answered.shares, found.marks, found.places)
