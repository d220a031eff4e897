"""What the bot remembers of an interview, and how labels move it on. Pure: no Rasa here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from protocols import walker
from protocols.labels import Label
from protocols.model import Flow

Memory = dict[str, Any]


def walk(flows: Mapping[str, Flow], memory: Memory | None, request: Mapping[str, Any]) -> Memory:
    """Fold the labels of a request into the memory and return the new one; nothing is changed in place.

    `memory` holds edition, protocol, age, seen (labels consumed), state and guidance; without one, or when
    the request says restart, the walk begins anew. ValueError: a label that the flow refuses.
    """
    flow = flows[request["protocol"]]
    labels = [Label.from_dict(raw) for raw in request["labels"]]
    if memory is None or request["restart"]:
        state, guidance = walker.start(flow, age_in(flow, request["age"]))
        seen = 0
    else:
        state, guidance = walker.State.from_dict(memory["state"]), None
        seen = memory["seen"]
    for label in labels:
        state, guidance = walker.advance(flow, state, label)
    return {
        "edition": request["edition"],
        "protocol": flow.id,
        "age": request["age"],
        "seen": seen + len(labels),
        "state": state.as_dict(),
        "guidance": guidance.as_dict() if guidance else memory["guidance"],
    }


def age_in(flow: Flow, age: int | None) -> int:
    """The age to walk with: the youngest the protocol is for, with the plainest words, when none is known."""
    return flow.ages[0] if age is None else age
