"""From a state to what the interviewer sees: the card for now, the next ones, the map of phases."""

from __future__ import annotations

from protocols.labels import CardRef, Guidance
from protocols.model import Card
from protocols.walk import Walk

MAX_CARDS = 3


def guidance(walk: Walk) -> Guidance:
    """What to show. There is always at least one card."""
    state = walk.state
    interrupt = state.interrupts[-1].kind if state.interrupts else None
    missing = _missing(walk)
    return Guidance(
        phase=walk.step.phase,
        step=state.step,
        cards=tuple(_unique(_interrupt_cards(walk) if interrupt else _cards(walk)))[:MAX_CARDS],
        phases={phase.id: _status(walk, phase.id) for phase in walk.flow.phases},
        interrupt=interrupt,
        can_end=not missing,
        missing=missing,
        explain={
            "state": f"{walk.step.phase}/{state.step}#{state.pos}{'?' if state.asked else ''}",
            "guard": walk.guard,
            "rule": walk.rule,
            "way": "; ".join(walk.ways),
        },
    )


def _status(walk: Walk, phase: str) -> str:
    if phase == walk.step.phase:
        return "now"
    return "done" if phase in walk.state.done else "ahead"


def _missing(walk: Walk) -> tuple[str, ...]:
    state, flow = walk.state, walk.flow
    owed = tuple(phase.id for phase in flow.phases if phase.owed and phase.id not in state.done)
    stop = next((item for item in state.interrupts if item.kind == "stop"), None)
    if stop is None:
        return owed
    over = stop.pos >= len(flow.interrupts["stop"]) - 1
    return () if over and state.interrupts[-1] is stop else owed[:1]


def _unique(refs: list[CardRef]) -> list[CardRef]:
    seen: dict[str, CardRef] = {}
    for ref in refs:
        seen.setdefault(ref.id, ref)
    return list(seen.values())


def _interrupt_cards(walk: Walk) -> list[CardRef]:
    top = walk.state.interrupts[-1]
    cards = walk.flow.interrupts[top.kind]
    return [CardRef(card, f"interrupt_{top.kind}") for card in cards[min(top.pos, len(cards) - 1) :]]


def _cards(walk: Walk) -> list[CardRef]:
    pending = walk.pending()
    first: list[CardRef] = []
    if pending:
        first.append(CardRef(walk.overlay(pending).id, f"overlay_{pending}"))
    before, after = _hints(walk)
    card, reason = walk.step_card()
    current = [CardRef(card.id, reason)]
    ahead = [CardRef(item.id, "comes_next") for item in _ahead(walk)]
    if pending:
        return [*first, *current, *before, *after]
    return [*before, *current, *after, *ahead]


def _hints(walk: Walk) -> tuple[list[CardRef], list[CardRef]]:
    """Cards that answer the child's last turn without moving the flow: silence, acceptance, support.

    They go as soon as the interviewer has said or taken anything.
    """
    state = walk.state
    before: list[CardRef] = []
    after: list[CardRef] = []
    if not state.answer:
        return before, after
    support = walk.overlay("support", state.counters["reluctant_total"])
    if state.counters["reluctant"] >= 2:
        before.append(CardRef(support.id, "support_first"))
    elif state.counters["reluctant"]:
        after.append(CardRef(support.id, "support"))
    if state.answer == "none":
        before.append(CardRef(walk.overlay("silence").id, "silence"))
    if state.answer == "dont_know":
        after.append(CardRef(walk.overlay("dont_know").id, "accept_dont_know"))
    return before, after


def _ahead(walk: Walk) -> list[Card]:
    """Cards that come after the current one, as far as they can be told and may be shown."""
    cards, pos = walk.cards(), walk.state.pos
    if walk.step.mode == "ladder":
        return []
    if walk.step.mode == "rotate":
        coming = [cards[(pos + n) % len(cards)] for n in range(1, len(cards))]
    else:
        coming = cards[pos + 1 :]
    following = walk.following()
    if not coming and following:
        coming = walk.cards(walk.flow.steps[following.to])[:1]
    return [card for card in coming if not walk.lock(card)]
