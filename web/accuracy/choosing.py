"""Which mistakes are shown: by kind, by label, by who speaks, or one cell of the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from web.accuracy.results import Difference, Mistake
from web.accuracy.tables import KINDS

SPEAKERS = ("interviewer", "child")
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Empty fields let everything through. `label` is on either side, `gold` and `coded` on theirs."""

    kind: str = ""
    label: str = ""
    speaker: str = ""
    gold: str = ""
    coded: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Choice:
        """From an address; what nobody may choose counts as not given. A label brings its kind: flag:why."""
        kind, colon, label = given.get("label", "").partition(":")
        if not colon:
            kind, label = given.get("kind", ""), ""
        return cls(
            kind=kind if kind in KINDS else "",
            label=label,
            speaker=given["speaker"] if given.get("speaker") in SPEAKERS else "",
            gold=given.get("gold", ""),
            coded=given.get("coded", ""),
        )

    @property
    def address(self) -> dict[str, Any]:
        """The words of an address that leads back to this choice."""
        parts = {key: value for key, value in asdict(self).items() if value}
        if self.label:
            parts["label"] = f"{self.kind}:{self.label}"
        return parts

    def lets(self, mistake: Mistake) -> bool:
        if self.speaker and mistake.speaker != self.speaker:
            return False
        return any(map(self._fits, mistake.differences)) or self == Choice(speaker=self.speaker)

    def _fits(self, one: Difference) -> bool:
        return (
            self.kind in {"", one.kind}
            and self.label in {"", one.gold, one.coded}
            and self.gold in {"", one.gold}
            and self.coded in {"", one.coded}
        )


def labels(mistakes: Iterable[Mistake]) -> dict[str, list[tuple[str, int]]]:
    """For each kind its labels with the number of turns, the most frequent first."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    for mistake in mistakes:
        seen = {(one.kind, label) for one in mistake.differences for label in (one.gold, one.coded) if label}
        for kind, label in seen:
            counts[kind][label] += 1
    return {
        kind: sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))
        for kind, count in counts.items()
        if count
    }
