"""What console and dialogue engine say to each other: labels one way, guidance the other, never words.

A label is what happened, coded; guidance is where that leaves the protocol. Both are JSON
through `as_dict`/`from_dict`, so that the event log can replay every decision.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

INTENTS: dict[str, tuple[str, ...]] = {
    # what was said, coded
    # `card`: the card this turn says in its own words, where the console recognised one
    "interviewer_turn": ("type", "subtype", "suggestive", "card"),
    "child_turn": ("response", "substantive", "reluctance"),
    "interpreter_turn": (),
    # what the interviewer pressed
    "take_card": ("card",),
    "next_step": (),
    "go_to": ("step",),
    "observe": (
        "condition",
    ),  # one_time, more_than_once, script, contradiction, denial, no_disclosure, approved …
    # interrupts, from any step
    "break": (),
    "resume": (),
    "stop": (),
    "safety": (),
    "reluctance": (),
}


@dataclass(frozen=True)
class Label:
    """One coded happening. `entities` holds only the names listed in INTENTS, values are short codes."""

    intent: str
    entities: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Label:
        """Read a label; ValueError names an unknown intent or entity."""
        intent = raw.get("intent")
        if intent not in INTENTS:
            raise ValueError(f"unknown intent {intent!r}")
        entities = dict(raw.get("entities") or {})
        unknown = sorted(set(entities) - set(INTENTS[intent]))
        if unknown:
            raise ValueError(f"intent {intent!r} has no entity {', '.join(map(repr, unknown))}")
        return cls(intent, entities)


@dataclass(frozen=True)
class CardRef:
    """A card to show, by id; `reason` is an id in the reasons catalogue (protocols/reasons.yml)."""

    id: str
    reason: str


@dataclass(frozen=True)
class Guidance:
    """Where the interview stands. `cards[0]` is the card for now, the rest come next.

    `phases` maps every phase of the flow, in its order, to done, now or ahead. `interrupt` is None or
    break, stop, safety, reluctance. `missing` lists the phases still owed before the interview may end
    without a logged reason. `explain` names state, guard, rule and branches behind the prediction.
    """

    phase: str
    step: str
    cards: tuple[CardRef, ...]
    phases: dict[str, str]
    interrupt: str | None = None
    can_end: bool = False
    missing: tuple[str, ...] = ()
    explain: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> Guidance:
        cards = tuple(CardRef(**card) for card in raw["cards"])
        return cls(**{**raw, "cards": cards, "missing": tuple(raw.get("missing", ()))})
