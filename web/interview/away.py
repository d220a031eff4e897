"""Guidance while the dialogue engine is away: the phase's cards, what was owed stays owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from protocols.labels import CardRef, Guidance, Label
from protocols.library import Library
from protocols.model import INTERRUPTS, Flow
from web.dialogue import FALLBACK_REASON, MAX_FALLBACK_CARDS, fallback


def guidance(
    library: Library, flow: Flow, told: dict[str, Any] | None, every: Sequence[Label], known: int
) -> Guidance:
    """Where the interview stands as far as that can be told without the engine. `told` is the last guidance
    shown; of `every` label it knew the first `known`. Cards that were taken are not offered again."""
    new = every[known:]
    phase = _phase(flow, told, new)
    plain = fallback(library, flow.id, phase)
    interrupt = _interrupt(told["interrupt"] if told else None, new)
    done = {item["id"] for item in told["phases"] if item["state"] != "ahead"} if told else set()
    owed = (
        [item["id"] for item in told["missing"]] if told else [item.id for item in flow.phases if item.owed]
    )
    return replace(
        plain,
        cards=_cards(flow, plain, interrupt, every, told),
        phases={
            name: "now" if name == phase else "done" if name in done else "ahead" for name in plain.phases
        },
        interrupt=interrupt,
        can_end=bool(told and told["can_end"]),
        missing=tuple(owed),
    )


def _cards(
    flow: Flow, plain: Guidance, interrupt: str | None, every: Sequence[Label], told: dict[str, Any] | None
) -> tuple[CardRef, ...]:
    """Those of the interrupt, or of the phase without the ones already taken; what was shown stays first."""
    if interrupt:
        return tuple(CardRef(card, FALLBACK_REASON) for card in flow.interrupts[interrupt])
    shown = [card["id"] for card in told["cards"]] if told and told["phase"] == plain.phase else []
    if told and told["interrupt"]:
        shown = []
    taken = {label.entities.get("card") for label in every if label.intent == "take_card"}
    order = dict.fromkeys([*shown, *(card.id for card in plain.cards)])
    left = tuple(CardRef(card, FALLBACK_REASON) for card in order if card not in taken)
    return left[:MAX_FALLBACK_CARDS] or plain.cards


def _phase(flow: Flow, told: dict[str, Any] | None, new: Sequence[Label]) -> str:
    """The last known phase, moved by what the interviewer pressed."""
    order = [item.id for item in flow.phases]
    phase = told["phase"] if told and told["phase"] in order else flow.steps[flow.start].phase
    for label in new:
        step = flow.steps.get(str(label.entities.get("step")))
        if label.intent == "go_to" and step is not None:
            phase = step.phase
        if label.intent == "next_step":
            phase = order[min(order.index(phase) + 1, len(order) - 1)]
    return str(phase)


def _interrupt(now: str | None, new: Sequence[Label]) -> str | None:
    for label in new:
        if label.intent in INTERRUPTS:
            now = label.intent
        if label.intent == "resume":
            now = None
    return now
