"""What there is to cover in a flow, and what a line of `tellmore guide` shows to have been covered.

An item is a short text: `step likes`, `likes next 1`, `place always 0`, `rung transition 3`, `part closing`,
`overlay pairing`, `interrupt break`, `end after`, `disclosure before the rules`, `disclosure on the ladder`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from protocols.guards import FLAGS, NUMBERS, Guard
from protocols.model import FOCUSED, INTERRUPTS, OVERLAYS, Branch, Flow, Step
from protocols.state import CAP

EARLY, LADDER = "disclosure before the rules", "disclosure on the ladder"
_OVERLAY_OF = {
    "open_first": "open",
    "needs_approval": "locked",
    "support_first": "support",
    "accept_dont_know": "dont_know",
    **{kind: kind for kind in ("support", "silence")},
    **{f"overlay_{kind}": kind for kind in OVERLAYS},
}
"""Which overlay is seen where a card is shown for this reason."""


def items(flow: Flow) -> set[str]:
    """All that a set of interviews can cover: nothing that the walker cannot do in this flow."""
    found = {f"interrupt {kind}" for kind in INTERRUPTS}
    found |= {f"overlay {kind}" for kind in _overlays(flow)} | {EARLY}
    for step in flow.steps.values():
        found.add(f"step {step.id}")
        found |= set(_branches(flow, step))
        if step.end:
            found.add(f"end {step.id}")
        if step.mode == "ladder":
            found |= {f"rung {step.id} {number}" for number in range(1, len(step.cards) + 1)} | {LADDER}
        if "." in step.id:
            found.add(f"part {step.id.split('.')[0]}")
    return found


def _branches(flow: Flow, step: Step) -> Iterator[str]:
    stage = flow.phase(step.phase).stage
    for number, branch in enumerate(flow.always):
        if branch.to != step.id and _may_hold(branch.guard, stage):
            yield f"{step.id} always {number}"
    lists: tuple[tuple[str, tuple[Branch, ...]], ...] = (("when", step.when), ("next", step.next))
    for kind, branches in lists:
        for number, branch in enumerate(branches):
            if branch.to != step.id:
                yield f"{step.id} {kind} {number}"


def _may_hold(guard: Guard, stage: str) -> bool:
    """False where it is the stage alone that keeps a guard from holding."""
    here, elsewhere = (
        _holds(guard, stage),
        (_holds(guard, other) for other in ("before", "substantive", "after")),
    )
    return here or not any(elsewhere)


def _holds(guard: Guard, stage: str) -> bool:
    names = set(re.findall(r"\w+", guard.text)) - {*NUMBERS, "stage", "answer"}
    return any(
        guard(
            {
                **dict.fromkeys(NUMBERS, number),
                **dict.fromkeys({*FLAGS, *names}, flag),
                "answer": "",
                "stage": stage,
            }
        )
        for number in (0, CAP)
        for flag in (False, True)
    )


def _overlays(flow: Flow) -> set[str]:
    cards = [flow.cards[card] for step in flow.steps.values() for card in step.cards]
    probing = [
        flow.cards[c] for step in flow.steps.values() if flow.phase(step.phase).probing for c in step.cards
    ]
    never = set() if any(card.needs for card in cards) else {"locked"}
    never |= set() if any(card.spoken and card.says in FOCUSED for card in probing) else {"open"}
    return set(OVERLAYS) - never


def covered(flow: Flow, line: Mapping[str, Any]) -> set[str]:
    """What this line of `tellmore guide` took or showed."""
    step, explain, cards = flow.steps[line["step"]], line["explain"], line["cards"]
    found = {f"step {step.id}", *filter(None, explain["way"].split("; "))}
    found |= {f"overlay {_OVERLAY_OF[card['why']]}" for card in cards if card["why"] in _OVERLAY_OF}
    found |= {
        "interrupt " + card["why"].split("_")[1] for card in cards if card["why"].startswith("interrupt_")
    }
    found |= {f"step {way.split()[0]}" for way in explain["way"].split("; ") if way}
    found |= {
        f"rung {step.id} {step.cards.index(card['id']) + 1}"
        for card in cards
        if step.mode == "ladder" and card["id"] in step.cards and card["why"] in ("next_rung", "not_answered")
    }
    if step.end:
        found.add(f"end {step.id}")
    found |= {f"part {name.split('.')[0][5:]}" for name in found if name.startswith("step ") and "." in name}
    if explain["rule"] == "disclosure":
        found.add(_disclosed(flow, line))
    return found


def _disclosed(flow: Flow, line: Mapping[str, Any]) -> str:
    """Whether the child began to tell on the ladder, the phase made for it, or before."""
    ladder = {step.phase for step in flow.steps.values() if step.mode == "ladder"}
    return LADDER if line["phase"]["before"] in ladder else EARLY
