"""Rails on what is locked, and on what may be said outside the account. Findings as in rails.py."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from protocols.graph import opens, reachable, targets
from protocols.holds import can_hold
from protocols.model import FOCUSED, OVERLAYS, Branch, Flow, Step

Finding = tuple[str, str, str]
_SAYS_ONLY = ("locked", "support", "silence", "dont_know")
"""Overlays that are on top of a question and ask for nothing themselves."""
_EARLIER = ("told_before", "met_before")
"""Observed where an earlier meeting has done what the ladder is for."""


def overlays_keep_locks(flow: Flow) -> Iterator[Finding]:
    """An overlay is shown without asking for a lock, so nothing that has one may stand there."""
    for kind in OVERLAYS:
        for card in (flow.cards[c] for c in flow.overlays[kind]):
            if card.needs or card.rung is not None:
                yield card.id, f"a locked card stands in '{kind}', where no lock is asked for", "Take it out"
            if card.says in FOCUSED:
                yield card.id, f"a focused question in '{kind}'", "Use a statement or an open prompt"
            elif kind in _SAYS_ONLY and card.says != "non_question":
                yield card.id, f"a card for '{kind}' must ask for nothing", "Choose a statement"
            if kind == "locked" and card.spoken:
                yield card.id, "what is shown for a locked card is said to the child", "Use an instruction"


def pauses_ask_nothing_narrow(flow: Flow) -> Iterator[Finding]:
    for step in flow.steps.values():
        if flow.phase(step.phase).pause:
            for card in (flow.cards[c] for c in step.cards):
                if card.spoken and card.says in FOCUSED:
                    yield card.id, "a focused question in a break", "Ask it after the break"


def rungs_fit_every_age(flow: Flow) -> Iterator[Finding]:
    ages = range(flow.ages[0], flow.ages[1] + 1)
    for step in flow.steps.values():
        for card in (flow.cards[c] for c in step.cards if step.mode == "ladder"):
            if not all(card.fits(age) for age in ages):
                yield card.id, "this rung is skipped at some ages", "Make it fit every age of the flow"


def account_by_the_ladder(flow: Flow) -> Iterator[Finding]:
    """Where there is a ladder, only a child that begins to tell leads to the account: on it, or before it."""
    for branch in flow.always:
        if flow.phase(flow.steps[branch.to].phase).stage == "substantive":
            yield branch.to, "'always' leads to the account from everywhere", "Lead it to the closing"
    ladder = any(step.mode == "ladder" for step in flow.steps.values())
    passed, queue = set[str](), [flow.start] if ladder else []
    while queue:
        step = queue.pop()
        if step in passed:
            continue
        passed.add(step)
        for branch in filter(_in_a_first_meeting, (*flow.steps[step].when, *flow.steps[step].next)):
            if flow.phase(flow.steps[branch.to].phase).stage != "substantive":
                queue.append(branch.to)
            else:
                yield step, "leads to the account though the child has told nothing", "Lead it to the ladder"


def telling_is_not_cut_off(flow: Flow) -> Iterator[Finding]:
    """No turn in which a child tells leads to the closing: not by `always`, nor where telling begins."""
    if flow.kind != "interview":
        return
    told = {"answer": ("narrative",), "substantive": (True,), "reluctance": (False,)}
    known = {**told, **dict.fromkeys(flow.conditions, (False,))}
    begins = flow.steps[flow.disclosure].phase
    account = (step for step in flow.steps.values() if step.phase == begins)
    for where, branches in (("always", flow.always), *((step.id, step.when) for step in account)):
        for branch in branches:
            closing = flow.phase(flow.steps[branch.to].phase).stage == "after"
            if closing and can_hold([branch.guard], known):
                yield where, "a child that is telling is led to the closing", "Lead there by 'next'"


def _in_a_first_meeting(branch: Branch) -> bool:
    return can_hold([branch.guard], dict.fromkeys(_EARLIER, (False,)))


def locks_open_once(flow: Flow) -> Iterator[Finding]:
    """A decision for one step must be forgotten before the next step that needs one."""
    needs: dict[str, list[Step]] = {}
    for step in flow.steps.values():
        for name in {flow.cards[card].needs for card in step.cards}:
            if name:
                needs.setdefault(name, []).append(step)
    for name, steps in needs.items():
        forgetting = [step.id for step in flow.steps.values() if name in step.clears]
        for first, then in product(steps, steps):
            if first is not then and _leads(flow, first, then.id, forgetting):
                yield (
                    then.id,
                    f"'{name}', decided for '{first.id}', still opens the locks here",
                    f"Let a step between them have 'clears: [{name}]'",
                )


def _leads(flow: Flow, first: Step, then: str, without: list[str]) -> bool:
    return any(then in reachable(flow, to, without=without) for to in targets(flow, first))


def disclosure_is_open(flow: Flow) -> Iterator[Finding]:
    step = flow.steps[flow.disclosure]
    ages = range(flow.ages[0], flow.ages[1] + 1)
    if not flow.phase(step.phase).probing:
        yield step.id, "a child that begins to tell is led away from telling", "Name a step of the account"
    elif not all(opens(flow, step, age) for age in ages):
        yield step.id, "a child that begins to tell is asked something narrow", "Begin it with an invitation"
