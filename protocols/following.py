"""The interviewer said a card further on in own words: the walk follows, where nothing forbids it.

Which card it was is the console's finding (it knows the words). Only the phases before the substantive one
are followed this way: there, skipping a card does no harm. No locked card, no rung is skipped.
"""

from __future__ import annotations

from protocols import turns
from protocols.labels import Label
from protocols.model import Branch, Card
from protocols.walk import Walk

LOOK_AHEAD = 3
"""Phases; an opening may go straight to ground rules, never from rapport into what happened by accident."""


def interviewer_turn(walk: Walk, label: Label) -> None:
    card = walk.flow.cards.get(str(label.entities.get("card") or ""))
    suggestive = label.entities.get("suggestive") in (True, "true")
    if card is not None and not suggestive and not walk.state.taken and _follow(walk, card):
        return
    turns.interviewer_turn(walk, label)


def _follow(walk: Walk, card: Card) -> bool:
    state = walk.state
    if state.interrupts or walk.pending() or walk.phase.stage != "before" or walk.lock(card):
        return False
    place = _place(walk, card)
    if place is None:
        return False
    step, index = place
    reached = state.pos if step == state.step else 0
    if card.rung is not None and index > reached:
        return False
    if step != state.step:
        _owe_rules(walk, step)
        walk.take(Branch(step), "followed")
    state.answer = ""
    state.pos, state.worked = index, True
    turns.said(walk, card.says, suggestive=False)
    turns.speak(walk, card)
    walk.rule, walk.guard = "followed", card.id
    return True


def _place(walk: Walk, card: Card) -> tuple[str, int] | None:
    """Step and index where the card comes next, from here on; None where it lies behind or too far ahead."""
    order = [phase.id for phase in walk.flow.phases]
    here = order.index(walk.step.phase)
    steps = list(walk.flow.steps)
    for step_id in steps[steps.index(walk.state.step) :]:
        step = walk.flow.steps[step_id]
        near = 0 <= order.index(step.phase) - here <= LOOK_AHEAD
        if not near or walk.flow.phase(step.phase).stage != "before":
            continue
        behind = walk.state.pos if step_id == walk.state.step and step.mode != "rotate" else 0
        for index, other in enumerate(walk.cards(step)):
            if other.id == card.id and index >= behind:
                return step_id, index
    return None


def _owe_rules(walk: Walk, step: str) -> None:
    """Passing the ground rules by leaves them owed, as a spontaneous disclosure does."""
    rules = walk.flow.rules_phase
    order = [phase.id for phase in walk.flow.phases]
    if rules is None or rules in walk.state.done:
        return
    if order.index(walk.step.phase) < order.index(rules) < order.index(walk.flow.steps[step].phase):
        walk.state.rules_owed = True
