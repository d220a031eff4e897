"""Rails on a first contact: it finds out what is needed now, and leaves the account to somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from protocols.holds import can_hold
from protocols.model import Flow, Step
from protocols.state import CAP

Finding = tuple[str, str, str]
MAX_PROMPTS = 10
"""After so many prompts it comes to its end by itself."""
MAX_QUESTIONS = 8
MAX_INVITATIONS = 3
"""On what happened, in all its steps together."""


def asks_for_no_account(flow: Flow) -> Iterator[Finding]:
    if flow.kind != "first_contact":
        return
    for step in flow.steps.values():
        if step.mode == "ladder":
            yield step.id, "a first contact has no ladder", "Leave it to the interview"
        if step.new_incident:
            yield step.id, "a first contact does not go from one time to another", "Leave it to the interview"
        if step.mode == "rotate" and _probing(flow, step):
            yield step.id, "a first contact does not ask on and on", "Use 'mode: sequence'"
    if (asked := _asked(flow)).count("invitation") > MAX_INVITATIONS:
        yield "steps", f"more than {MAX_INVITATIONS} invitations to tell what happened", "Take some out"
    if len(asked) > MAX_QUESTIONS:
        yield "steps", f"more than {MAX_QUESTIONS} questions on what happened", "Take some out"


def comes_to_its_end(flow: Flow) -> Iterator[Finding]:
    if flow.kind == "first_contact" and not all(_ended(flow, stage) for stage in ("before", "substantive")):
        yield (
            "flow",
            f"nothing ends this first contact after {MAX_PROMPTS} prompts",
            f"Add 'always: - {{if: prompts >= {MAX_PROMPTS} and stage != after, then: …}}'",
        )


def _probing(flow: Flow, step: Step) -> bool:
    return flow.phase(step.phase).probing


def _asked(flow: Flow) -> list[str]:
    cards = [flow.cards[c] for step in flow.steps.values() if _probing(flow, step) for c in step.cards]
    return [card.says for card in cards if card.asks]


def _ended(flow: Flow, stage: str) -> bool:
    """Whatever was said, noted or asked before: the first branch of `always` that holds leads to the end."""
    known = {
        "age": range(flow.ages[0], flow.ages[1] + 1),
        "prompts": range(MAX_PROMPTS, CAP + 1),
        "stage": (stage,),
    }
    guards = [branch.guard for branch in flow.always]
    elsewhere = (
        can_hold([branch.guard], known, guards[:index])
        for index, branch in enumerate(flow.always)
        if flow.phase(flow.steps[branch.to].phase).stage != "after"
    )
    return not any(elsewhere) and not can_hold([], known, guards)
