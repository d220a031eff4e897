"""The pure walker: a flow, a state and a label in; the next state and what to show out.

Deterministic and without memory of its own, so that the event log can replay every decision.
"""

from __future__ import annotations

from collections.abc import Callable

from protocols import following, presses, turns
from protocols.guide import guidance
from protocols.labels import Guidance, Label
from protocols.model import Flow
from protocols.state import State
from protocols.walk import Walk

__all__ = ["State", "advance", "start"]

_HANDLERS: dict[str, Callable[[Walk, Label], None]] = {
    "interviewer_turn": following.interviewer_turn,
    "child_turn": turns.child_turn,
    "take_card": presses.take_card,
    "next_step": presses.next_step,
    "go_to": presses.go_to,
    "observe": presses.observe,
    "resume": presses.resume,
    "break": presses.interrupt,
    "stop": presses.interrupt,
    "safety": presses.interrupt,
    "reluctance": presses.interrupt,
}


def start(flow: Flow, age: int) -> tuple[State, Guidance]:
    """Begin an interview with a child of `age` years. ValueError outside the ages the flow is for."""
    low, high = flow.ages
    if not low <= age <= high:
        raise ValueError(f"{flow.title} is for children of {low} to {high} years, not {age}")
    walk = Walk(flow, State(flow=flow.id, version=flow.version, age=age, step=flow.start), rule="start")
    return walk.state, guidance(walk)


def advance(flow: Flow, state: State, label: Label) -> tuple[State, Guidance]:
    """Take one label. The given state is not changed. ValueError if the state is not of this flow."""
    walk = move(flow, state, label)
    return walk.state, guidance(walk)


def move(flow: Flow, state: State, label: Label) -> Walk:
    """The same, with how it went instead of what to show: for looking back at an interview."""
    if state.flow != flow.id or state.step not in flow.steps:
        raise ValueError(f"this state belongs to {state.flow!r}, step {state.step!r}, not to {flow.id!r}")
    walk = Walk(flow, state.copy())
    handler = _HANDLERS.get(label.intent)
    if handler:
        handler(walk, label)
    return walk


def look(flow: Flow, state: State) -> Guidance:
    """What a state shows, without moving it: for a page that is opened again."""
    return guidance(Walk(flow, state.copy(), rule="look"))
