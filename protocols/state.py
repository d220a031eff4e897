"""Where an interview stands in its flow: small, JSON, no larger after five hundred turns than after five."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

CAP = 999
"""Counters stop here; no guard asks for more."""

COUNTERS = (
    "closed_prompts",
    "incidents",
    "narratives",
    "open_prompts",
    "prompts",
    "reluctant",
    "reluctant_total",
    "short_answers",
)
MAX_INTERRUPTS = 2


@dataclass
class Interruption:
    """An interrupt under way: its kind and how far its cards have come."""

    kind: str
    pos: int = 0
    asked: bool = False


@dataclass
class State:
    """The whole memory of a walk.

    `answer` is the class of the child's last turn until the interviewer does something.

    `pos` counts the cards done in `step`, `answers` the answers got there; `asked` is true while the current
    card waits for the child. `taken` is a card chosen by key whose words are about to be heard. `pair` tells
    that an option-posing or suggestive turn waits for its answer (`pair` or `step`, as `Card.then`).
    `pending` holds overlays to show first, `observed` what the interviewer noted, `done` finished phases.
    """

    flow: str
    version: str
    age: int
    step: str
    pos: int = 0
    asked: bool = False
    answers: int = 0
    again: bool = False
    worked: bool = False
    answer: str = ""
    substantive: bool = False
    reluctance: bool = False
    disclosed: bool = False
    rules_owed: bool = False
    taken: str = ""
    pair: str = ""
    interrupts: list[Interruption] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    observed: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> State:
        """Read a state. ValueError when it is not one."""
        try:
            known = {f.name for f in fields(cls)}
            if unknown := sorted(set(raw) - known):
                raise ValueError(f"a state has no field {', '.join(unknown)}")
            values = dict(raw)
            values["interrupts"] = [Interruption(**item) for item in raw.get("interrupts", [])]
            for name in ("pending", "observed", "done"):
                values[name] = list(raw.get(name, []))
            values["counters"] = {**dict.fromkeys(COUNTERS, 0), **raw.get("counters", {})}
            return cls(**values)
        except TypeError as error:
            raise ValueError("this is not the state of a walk") from error

    def copy(self) -> State:
        return replace(
            self,
            interrupts=[replace(item) for item in self.interrupts],
            pending=list(self.pending),
            observed=list(self.observed),
            done=list(self.done),
            counters=dict(self.counters),
        )

    def count(self, name: str, by: int = 1) -> None:
        self.counters[name] = min(self.counters[name] + by, CAP)

    def owe(self, overlay: str) -> None:
        """Ask for an overlay card to be shown before the step goes on."""
        if overlay not in self.pending:
            self.pending.append(overlay)

    def settle(self, *overlays: str) -> None:
        self.pending = [kind for kind in self.pending if kind not in overlays]
