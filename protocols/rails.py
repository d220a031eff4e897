"""The guard-rails every flow must keep, each a check that yields (where, what is wrong, how to mend it)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from protocols.graph import cards_at, ends, ladder_phases, opens, reachable, targets
from protocols.holds import guards_can_hold
from protocols.labels import Label
from protocols.model import FOCUSED, INTERRUPTS, OPTION_POSING, Card, Flow, Step
from protocols.rails_first_contact import asks_for_no_account, comes_to_its_end
from protocols.rails_locks import (
    account_by_the_ladder,
    disclosure_is_open,
    locks_open_once,
    overlays_keep_locks,
    pauses_ask_nothing_narrow,
    rungs_fit_every_age,
    telling_is_not_cut_off,
)
from protocols.state import State
from protocols.walker import advance, look

Finding = tuple[str, str, str]
Rail = Callable[[Flow], Iterator[Finding]]
_OPEN_PROMPTS = {"interview": 3, "first_contact": 1}
_OPEN_OVERLAYS = ("reopen", "pairing", "open")


def _ages(flow: Flow) -> range:
    return range(flow.ages[0], flow.ages[1] + 1)


def steps_reachable(flow: Flow) -> Iterator[Finding]:
    for step in set(flow.steps) - reachable(flow, flow.start):
        yield step, "no way leads to this step", "Let another step name it in 'next' or 'when', or remove it"


def end_from_everywhere(flow: Flow) -> Iterator[Finding]:
    goals = ends(flow)
    if not goals:
        yield "steps", "the flow has no end", "Give the last step 'end: true'"
    for step in flow.steps:
        if not goals & reachable(flow, step):
            yield step, "no end can be reached from here", "Lead it on towards the closing"


def interrupts_everywhere(flow: Flow) -> Iterator[Finding]:
    """Tried out: every interrupt at every step, and the way back."""
    for step in flow.steps.values():
        state = State(flow=flow.id, version=flow.version, age=flow.ages[0], step=step.id)
        before = look(flow, state)
        for kind in INTERRUPTS:
            during, shown = advance(flow, state, Label(kind))
            if shown.interrupt != kind or shown.cards[0].id not in flow.interrupts[kind]:
                yield step.id, f"'{kind}' shows no card of its own here", "Give the interrupt its cards"
            _, after = advance(flow, during, Label("resume"))
            if after.step != before.step:
                yield (
                    step.id,
                    f"after '{kind}' the flow does not come back",
                    "Report this: it is a fault of the walker",
                )
            if kind == "break" and flow.cards[after.cards[0].id].says != "invitation":
                yield (
                    step.id,
                    "the first card after a break is no invitation",
                    "Let the reopen cards be invitations",
                )


def overlays_are_open(flow: Flow) -> Iterator[Finding]:
    for kind in _OPEN_OVERLAYS:
        for card in flow.overlays[kind]:
            if flow.cards[card].says != "invitation" or not flow.cards[card].spoken:
                yield card, f"a card for '{kind}' must be an invitation", "Choose another card"


def open_before_focused(flow: Flow) -> Iterator[Finding]:
    least = _OPEN_PROMPTS[flow.kind]
    if flow.open_before_focused < least:
        yield "flow", f"open_before_focused is below {least}", f"Set it to {least} or more"
    for age in _ages(flow):
        probing = [s for s in flow.steps.values() if flow.phase(s.phase).probing]
        opening = [s.id for s in probing if opens(flow, s, age)]
        unguarded = reachable(flow, flow.start, without=opening)
        for step in probing:
            focused = any(c.spoken and c.says in FOCUSED for c in cards_at(flow, step, age))
            if focused and step.id in unguarded:
                yield (
                    step.id,
                    "focused questions can come before open ones",
                    "Put an open step on every way to it",
                )
                return


def option_posing_paired(flow: Flow) -> Iterator[Finding]:
    """Closed questions, and in an interview all focused ones, are followed by an invitation."""
    for step in flow.steps.values():
        if not (flow.phase(step.phase).probing or step.mode == "ladder"):
            continue
        for card_id in step.cards:
            card = flow.cards[card_id]
            if card.spoken and card.says in FOCUSED and not _paired(flow, step, card):
                yield (
                    card.id,
                    "this question is not paired with an open prompt",
                    "Let an invitation follow it",
                )


def _paired(flow: Flow, step: Step, card: Card) -> bool:
    if card.says in OPTION_POSING and card.then is None:
        return False
    if card.then == "pair" or (card.says == "wh" and flow.kind == "first_contact"):
        return True
    if step.mode == "ladder":
        return bool(step.when) and all(opens(flow, flow.steps[b.to], flow.ages[0]) for b in step.when)
    for age in _ages(flow):
        spoken = [c for c in cards_at(flow, step, age) if c.spoken]
        if card not in spoken:
            continue
        rest = spoken[spoken.index(card) + 1 :]
        following = [flow.steps[b.to] for b in (*step.when, *step.next)]
        if not (rest[0].says == "invitation" if rest else all(opens(flow, s, age) for s in following)):
            return False
    return True


def closure_before_end(flow: Flow) -> Iterator[Finding]:
    owed = [phase.id for phase in flow.phases if phase.owed]
    if sum(phase.owed and phase.stage == "after" for phase in flow.phases) < 2:
        yield "phases", "closing and neutral topic must both be owed", "Mark both phases with 'owed: true'"
    for phase in owed:
        inside = [s.id for s in flow.steps.values() if s.phase == phase]
        if ends(flow) & set(inside):
            yield (
                phase,
                "the flow ends inside this phase, so it is never done",
                "Give the end a phase of its own",
            )
        if ends(flow) & reachable(flow, flow.start, without=inside):
            yield phase, "an end can be reached without this phase", "Lead every way to the end through it"
        elif silent := [age for age in _ages(flow) if _passed_in_silence(flow, inside, age)]:
            yield phase, f"nothing is said in it to a child of {silent[0]}", "Give it something to say"


def _passed_in_silence(flow: Flow, phase: list[str], age: int) -> bool:
    speaking = [step for step in phase if any(c.spoken for c in cards_at(flow, flow.steps[step], age))]
    return bool(ends(flow) & reachable(flow, flow.start, without=speaking))


def ladder_rung_by_rung(flow: Flow) -> Iterator[Finding]:
    for step in flow.steps.values():
        rungs = [flow.cards[c].rung for c in step.cards]
        if step.mode != "ladder":
            if any(rung is not None for rung in rungs):
                yield step.id, "a rung of the ladder stands outside it", "Keep rungs in the ladder step"
            continue
        if rungs != list(range(1, len(rungs) + 1)):
            yield step.id, "the rungs are not 1, 2, 3 … in order", "Order the cards and number their rungs"
        if flow.cards[step.cards[-1]].needs != "approved":
            yield step.id, "the last rung is open to one person alone", "Give its card 'needs: approved'"
    for step in flow.steps.values():
        if step.phase in ladder_phases(flow):
            for branch in (*step.when, *step.next):
                if flow.phase(flow.steps[branch.to].phase).stage == "substantive":
                    yield (
                        step.id,
                        "leads to the account before the child has told anything",
                        "Lead it to the closing",
                    )


def break_reopens(flow: Flow) -> Iterator[Finding]:
    for step in flow.steps.values():
        if not flow.phase(step.phase).pause:
            continue
        for target in targets(flow, step):
            following = flow.steps[target]
            if following.phase != step.phase and not opens(flow, following, flow.ages[0]):
                yield (
                    following.id,
                    "the first card after the break is no invitation",
                    "Begin with an invitation",
                )


def cards_for_every_age(flow: Flow) -> Iterator[Finding]:
    for step in flow.steps.values():
        without = [age for age in _ages(flow) if not cards_at(flow, step, age)]
        if without:
            yield step.id, f"no card here for a child of {without[0]}", "Add a card, or widen the ages of one"


def phases_in_order(flow: Flow) -> Iterator[Finding]:
    order = ["before", "substantive", "after"]
    stages = [order.index(phase.stage) for phase in flow.phases]
    if stages != sorted(stages):
        yield "phases", "the stages are out of order", "List before, then substantive, then after"
    for phase in flow.phases:
        if len(phase.title.split()) > 2:
            yield phase.id, "its title is longer than two words", "Shorten it; it must fit the rail"
        if all(step.phase != phase.id for step in flow.steps.values()):
            yield phase.id, "no step belongs to this phase", "Remove it, or give it a step"


def shared_cards_fit_every_age(flow: Flow) -> Iterator[Finding]:
    for kind, cards in (*flow.interrupts.items(), *flow.overlays.items()):
        fitting = [[flow.cards[c].fits(age) for c in cards] for age in _ages(flow)]
        whole = kind in flow.interrupts
        if not all(all(row) if whole else any(row) for row in fitting):
            yield kind, "its cards do not fit every age of the flow", "Add a card without age limits"


def interrupts_ask_nothing_narrow(flow: Flow) -> Iterator[Finding]:
    for kind, cards in flow.interrupts.items():
        for card in cards:
            if flow.cards[card].says in FOCUSED:
                yield card, f"a focused question in '{kind}'", "Use a statement or an open prompt"


def instructions_are_silent(flow: Flow) -> Iterator[Finding]:
    for card in flow.cards.values():
        if not card.spoken and card.says != "non_question":
            yield (
                card.id,
                "an instruction to the interviewer cannot be a question",
                "Write 'says: non_question'",
            )


RAILS: tuple[Rail, ...] = (
    steps_reachable,
    end_from_everywhere,
    interrupts_everywhere,
    overlays_are_open,
    open_before_focused,
    option_posing_paired,
    closure_before_end,
    ladder_rung_by_rung,
    break_reopens,
    cards_for_every_age,
    phases_in_order,
    shared_cards_fit_every_age,
    interrupts_ask_nothing_narrow,
    instructions_are_silent,
    guards_can_hold,
    overlays_keep_locks,
    pauses_ask_nothing_narrow,
    rungs_fit_every_age,
    account_by_the_ladder,
    locks_open_once,
    telling_is_not_cut_off,
    disclosure_is_open,
    asks_for_no_account,
    comes_to_its_end,
)
