"""The graph of a flow's steps, for the validator: what leads where, what cannot be passed by."""

from __future__ import annotations

from collections.abc import Iterable

from protocols.model import Card, Flow, Step


def targets(flow: Flow, step: Step) -> set[str]:
    """Every step that may follow `step` without the interviewer choosing one."""
    found = {branch.to for branch in (*step.when, *step.next, *flow.always)}
    if flow.phase(step.phase).stage != "substantive":
        found.add(flow.disclosure)
    return found - {step.id}


def reachable(flow: Flow, start: str, without: Iterable[str] = ()) -> set[str]:
    """Steps that can be reached from `start` when the steps `without` are taken out."""
    closed = set(without)
    seen: set[str] = set()
    queue = [start]
    while queue:
        step = queue.pop()
        if step in seen or step in closed:
            continue
        seen.add(step)
        queue.extend(targets(flow, flow.steps[step]))
    return seen


def ends(flow: Flow) -> set[str]:
    return {step.id for step in flow.steps.values() if step.end}


def cards_at(flow: Flow, step: Step, age: int) -> list[Card]:
    return [flow.cards[c] for c in step.cards if flow.cards[c].fits(age)]


def opens(flow: Flow, step: Step, age: int) -> bool:
    """Whether the first thing said in a step is an invitation."""
    first = next((card for card in cards_at(flow, step, age) if card.spoken), None)
    return first is not None and first.says == "invitation"


def ladder_phases(flow: Flow) -> set[str]:
    return {step.phase for step in flow.steps.values() if step.mode == "ladder"}
