"""Reading a turn request: everything that is not a known name or a short code is turned away.

What is turned away is never repeated in the answer or in a log, since it might be words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from protocols.guards import WORDS
from protocols.labels import INTENTS
from protocols.model import FOCUSED, Flow

MAX_BYTES = 512 * 1024
MAX_LABELS = 4000
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CODE = re.compile(r"[a-z0-9_]{1,40}")
_EDITION = re.compile(r"[0-9a-f]{64}")
_PLACES = {"card": "cards", "step": "steps", "condition": "conditions"}
"""Entities that name a part of the flow, and where it is listed."""
_NEEDED = {"take_card": "card", "go_to": "step", "observe": "condition"}
_KNOWN = {
    "type": {"invitation", *FOCUSED, "non_question"},
    "response": set(WORDS["answer"]),
}
_YES_NO = {"suggestive", "substantive", "reluctance"}
_FIELDS = {"conversation", "edition", "protocol", "age", "seen", "labels", "restart"}


class BadRequest(Exception):
    """A request that is refused; the text says what and where, without the offending value."""


@dataclass(frozen=True)
class Turn:
    """A request that has passed. `seen` labels came before, `labels` are new; `edition` None: shipped."""

    conversation: str
    edition: str | None
    protocol: str
    age: int | None
    seen: int
    labels: list[dict[str, Any]]
    restart: bool


def read_body(body: bytes) -> dict[str, Any]:
    """The object that a request body is. BadRequest when it is none, or holds anything else."""
    if len(body) > MAX_BYTES:
        raise BadRequest(f"the body is longer than {MAX_BYTES} bytes")
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON") from None
    if not isinstance(raw, dict) or set(raw) - _FIELDS:
        raise BadRequest(f"the body is not an object with only: {', '.join(sorted(_FIELDS))}")
    return raw


def read_edition(raw: dict[str, Any]) -> str | None:
    """Which edition the protocol is to be taken from."""
    return None if raw.get("edition") is None else _matching(raw, "edition", _EDITION)


def read_turn(raw: dict[str, Any], flows: Mapping[str, Flow]) -> Turn:
    """Check a request against the flows of its edition. BadRequest names the first thing that is wrong."""
    flow = flows.get(_matching(raw, "protocol", _ID))
    if flow is None:
        raise BadRequest(f"protocol: not known; known are {', '.join(sorted(flows))}")
    restart = raw.get("restart", False)
    if not isinstance(restart, bool):
        raise BadRequest("restart: not true or false")
    return Turn(
        conversation=_matching(raw, "conversation", _ID),
        edition=read_edition(raw),
        protocol=flow.id,
        age=_age(raw.get("age"), flow),
        seen=_whole(raw.get("seen", 0), 1_000_000, "seen"),
        labels=_labels(raw.get("labels", []), flow),
        restart=restart,
    )


def _matching(raw: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadRequest(f"{name}: not of the form {pattern.pattern}")
    return value


def _whole(value: Any, most: int, name: str) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise BadRequest(f"{name}: not a whole number from 0 to {most}")
    return value


def _age(value: Any, flow: Flow) -> int | None:
    low, high = flow.ages
    if value is not None and not (type(value) is int and low <= value <= high):
        raise BadRequest(f"age: {flow.id} is for children of {low} to {high} years")
    return value


def _labels(raw: Any, flow: Flow) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or len(raw) > MAX_LABELS:
        raise BadRequest(f"labels: not a list of at most {MAX_LABELS}")
    return [_label(item, f"labels[{n}]", flow) for n, item in enumerate(raw)]


def _label(raw: Any, where: str, flow: Flow) -> dict[str, Any]:
    if not isinstance(raw, dict) or set(raw) - {"intent", "entities"}:
        raise BadRequest(f"{where}: not an object with intent and entities")
    intent = raw.get("intent")
    if not isinstance(intent, str) or intent not in INTENTS:
        raise BadRequest(f"{where}: unknown intent")
    entities = raw.get("entities") or {}
    if not isinstance(entities, dict) or set(entities) - set(INTENTS[intent]):
        raise BadRequest(f"{where}: unknown entity; {intent} takes {', '.join(INTENTS[intent]) or 'none'}")
    places = {name for name in entities if name in _PLACES} | (
        {_NEEDED[intent]} if intent in _NEEDED else set()
    )
    for name in places:
        if str(entities.get(name)) not in getattr(flow, _PLACES[name]):
            raise BadRequest(f"{where}.{name}: not one of protocol {flow.id}")
    for name in set(entities) - places:
        _check_value(name, entities[name], where)
    return {"intent": intent, "entities": entities}


def _check_value(name: str, value: Any, where: str) -> None:
    """Only `subtype` is open, to a short code; everything else comes from a closed list."""
    if value is None:
        return
    if name in _KNOWN:
        good = isinstance(value, str) and value in _KNOWN[name]
    elif name in _YES_NO:
        good = isinstance(value, bool)
    else:
        good = isinstance(value, str) and _CODE.fullmatch(value) is not None
    if not good:
        raise BadRequest(f"{where}.{name}: not a known code")
