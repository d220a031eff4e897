"""Which cards of a flow an interview used: taken by key, said in own words, or passed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from protocols.course import Course, Move
from protocols.model import Card, Step
from protocols.reading import usual_way


@dataclass(frozen=True)
class CardUse:
    """A card of `phase`. `use`: taken, said or passed; `turns` when it was, or where it was left behind."""

    card: str
    phase: str
    use: str
    turns: tuple[int, ...]


def card_uses(course: Course) -> list[CardUse]:
    """Every card that was used or passed over, by phase in the flow's order; never those not come to.

    A card that was passed over once and said at another time counts as said.
    """
    used: dict[str, CardUse] = {}
    for each in course.moves:
        if each.said:
            use = "taken" if each.intent == "take_card" else "said"
            known = used.get(each.said)
            turns = (*known.turns, each.turn) if known else (each.turn,)
            first = known.use if known and known.use == "taken" else use
            used[each.said] = CardUse(each.said, course.phase_of(each.step).id, first, turns)
    for left in passed_over(course):
        used.setdefault(left.card, left)
    order = [phase.id for phase in course.flow.phases]
    return sorted(used.values(), key=lambda use: order.index(use.phase))


def passed_over(course: Course) -> Iterator[CardUse]:
    """Cards that had come, or were due, when their step was left behind."""
    for inside, leaving in _stays(course):
        step = course.flow.steps[inside[0].before.step]
        own = {each.said for each in inside if each.said_in == step.id}
        said = own | {each.said for each in inside if not each.said_in}
        reached = max(each.before.pos for each in inside)
        early = leaving.how in ("went", "next", "card", "followed")
        due = _due(course, step, reached, leaving, early, bool(own))
        for card in due:
            if card.id not in said:
                yield CardUse(card.id, step.phase, "passed", (leaving.turn,))
        for other in _jumped(course, leaving):
            for card in _fitting(course, other, leaving):
                yield CardUse(card.id, other.phase, "passed", (leaving.turn,))


def _stays(course: Course) -> Iterator[tuple[list[Move], Move]]:
    """The moves of each stay in a step that was left again, and the one that left it."""
    inside: list[Move] = []
    for each in course.moves:
        inside.append(each)
        if each.after.step != each.before.step or each.rule == "go_to":
            yield inside, each
            ahead = each.said_in == each.after.step
            inside = [replace(each, before=each.after)] if ahead else []  # it began by saying a card


def _due(  # noqa: PLR0917
    course: Course, step: Step, reached: int, leaving: Move, early: bool, worked: bool
) -> list[Card]:
    cards = _fitting(course, step, leaving)
    if step.mode == "rotate":
        return cards[:1] if early and not worked else []
    if step.mode == "ladder":
        given_up = leaving.told.label.entities.get("condition") == "no_disclosure"
        return cards[: reached + (leaving.intent == "next_step" or given_up)]
    whole = early or leaving.rule not in ("always", "when", "disclosure")
    return cards if whole else cards[:reached]


def _fitting(course: Course, step: Step, leaving: Move) -> list[Card]:
    """What could have been said there: fit for the age, and not locked to one person alone."""
    cards = (course.flow.cards[card] for card in step.cards)
    observed = leaving.before.observed
    return [card for card in cards if card.fits(course.age) and (not card.needs or card.needs in observed)]


def _jumped(course: Course, leaving: Move) -> list[Step]:
    """Steps of the usual way jumped over inside the two phases between which the interviewer moved."""
    if leaving.how not in ("went", "followed"):
        return []
    steps = list(course.flow.steps.values())
    ids = [step.id for step in steps]
    between = steps[ids.index(leaving.before.step) + 1 : ids.index(leaving.after.step)]
    phases = {course.phase_of(leaving.before.step).id, course.phase_of(leaving.after.step).id}
    usual = usual_way(course.flow)
    return [step for step in between if step.phase in phases and step.id in usual]
