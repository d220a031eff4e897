"""Label sequences for tests and measurements."""

from __future__ import annotations

import random
from typing import Any

from protocols.guards import WORDS
from protocols.model import INTERRUPTS, Flow

TYPES = ("invitation", "wh", "yes_no", "choice", "non_question")


def label(intent: str, **entities: Any) -> dict[str, Any]:
    return {"intent": intent, "entities": entities}


def random_labels(flow: Flow, count: int, rng: random.Random) -> list[dict[str, Any]]:
    """A plausible but wild interview: mostly turns, now and then anything an interviewer can press."""
    return [_one(flow, n, rng) for n in range(count)]


def _one(flow: Flow, n: int, rng: random.Random) -> dict[str, Any]:
    if rng.random() < 0.15:
        return _press(flow, rng)
    if n % 2 == 0:
        kind = rng.choices(TYPES, (6, 2, 1, 1, 2))[0]
        return label("interviewer_turn", type=kind, suggestive=rng.random() < 0.1)
    return label(
        "child_turn",
        response=rng.choice(WORDS["answer"]),
        substantive=rng.random() < 0.3,
        reluctance=rng.random() < 0.2,
    )


def _press(flow: Flow, rng: random.Random) -> dict[str, Any]:
    presses = [
        label("next_step"),
        label("resume"),
        label("interpreter_turn"),
        label("take_card", card=rng.choice(sorted(flow.cards))),
        label("go_to", step=rng.choice(sorted(flow.steps))),
        *[label(name) for name in INTERRUPTS],
    ]
    if flow.conditions:
        presses.append(label("observe", condition=rng.choice(sorted(flow.conditions))))
    return rng.choice(presses)
