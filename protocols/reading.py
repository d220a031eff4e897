"""A flow as people read it: bands of steps from top to bottom, the usual way, every branch by its kind."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import groupby

from protocols.model import Flow, Phase, Step


@dataclass(frozen=True)
class Band:
    """Steps that follow each other in one phase. `again`: the phase has had a band before."""

    phase: Phase
    steps: tuple[Step, ...]
    again: bool


@dataclass(frozen=True)
class Way:
    """A branch of a step. `kind`: at_once, after, otherwise or then, as in in_words.yml."""

    source: str
    to: str
    kind: str
    guard: str = ""


def bands(flow: Flow) -> list[Band]:
    """All steps in the order in which they are written."""
    found: list[Band] = []
    for phase_id, steps in groupby(flow.steps.values(), key=lambda step: step.phase):
        again = any(band.phase.id == phase_id for band in found)
        found.append(Band(flow.phase(phase_id), tuple(steps), again))
    return found


def numbers(flow: Flow) -> dict[str, int]:
    """The number of each step, from 1, in the same order."""
    return {step: number for number, step in enumerate(flow.steps, start=1)}


def ways(step: Step) -> list[Way]:
    """The branches of a step in the order in which they are tried."""
    found = [Way(step.id, branch.to, "at_once", branch.guard.text) for branch in step.when]
    for branch in step.next:
        last = "then" if len(step.next) == 1 else "otherwise"
        found.append(Way(step.id, branch.to, "after" if branch.guard.text else last, branch.guard.text))
    return found


def usual_way(flow: Flow) -> frozenset[str]:
    """The steps passed when no guard holds and the child begins to tell at the transition ladder.

    Where an interview does not come to what happened like that, because it takes several meetings, the
    shortest way there belongs to it, too.
    """
    way = _straight_on(flow, flow.start)
    if flow.kind == "interview" and not any(flow.phase(flow.steps[s].phase).probing for s in way):
        goal = next((s.id for s in flow.steps.values() if s.mode == "ladder"), flow.disclosure)
        way += _shortest(flow, goal) + _straight_on(flow, goal)
    return frozenset(way)


def onward(flow: Flow, step: Step) -> str | None:
    """Where a step leads when no guard holds; from the ladder to the account. None at an end."""
    if step.mode == "ladder":
        return flow.disclosure
    return step.next[-1].to if step.next else None


def _straight_on(flow: Flow, start: str) -> list[str]:
    way: list[str] = []
    step: str | None = start
    while step is not None and step not in way:
        way.append(step)
        step = onward(flow, flow.steps[step])
    return way


def _shortest(flow: Flow, goal: str) -> list[str]:
    before: dict[str, str] = {flow.start: ""}
    queue = deque([flow.start])
    while queue and goal not in before:
        step = queue.popleft()
        for way in ways(flow.steps[step]):
            if way.to not in before:
                before[way.to] = step
                queue.append(way.to)
    way_back = [goal] if goal in before else []
    while way_back and before[way_back[-1]]:
        way_back.append(before[way_back[-1]])
    return way_back
