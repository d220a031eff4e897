"""An agency's own files for the tests: copies of shipped protocols, changed as data and written again."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import yaml

from protocols.copying import copy_flow
from protocols.editions import merge
from protocols.files import Files
from protocols.problems import problems_of
from protocols.strict_yaml import parse
from protocols.validate import CodePrompt, Problem
from tests.protocols.player import library

FLOW = "flows/own_here/flow.yml"
CARDS = "flows/own_here/cards.yml"
WORDS = "wording/own_en.yml"
Data = dict[str, Any]
Change = Callable[[Data, Data], None]
"""Changes the copy of a protocol and the cards beside it."""


def shipped() -> Files:
    return library().files


@cache
def _copied(flow_id: str) -> Data:
    text = copy_flow(shipped(), flow_id, "own_here", "Ours")[FLOW]
    data: Data = parse(text.encode(), FLOW).data
    return data


def written(data: Data) -> bytes:
    text: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    return text.encode()


def changed(flow_id: str, change: Change) -> dict[str, bytes]:
    """The own files of a copy of `flow_id` after a change."""
    data, cards = deepcopy(_copied(flow_id)), Data()
    change(data, cards)
    files = {FLOW: written(data)}
    if cards:
        files[CARDS] = written({"cards": cards})
    return files


def found(own: dict[str, bytes], code: CodePrompt | None = None) -> list[Problem]:
    return problems_of(merge(shipped(), own), library(), code)


def step(data: Data, step_id: str) -> Data:
    one: Data = next(raw for raw in data["steps"] if raw["id"] == step_id)
    return one


def phase(data: Data, phase_id: str) -> Data:
    one: Data = next(raw for raw in data["phases"] if raw["id"] == phase_id)
    return one


def card(text: str, **facts: object) -> Data:
    """A card of one's own; an invitation in the account unless `facts` say otherwise."""
    plain: Data = {
        "phase": "narrative",
        "says": "invitation",
        "spoken": True,
        "why": "We need it here.",
        "source": "From general knowledge",
        "verified": False,
    }
    return {**plain, **facts, "wording": {"en": text}}


def own_words(language: str = "en", **wording: object) -> bytes:
    """A draft of own words."""
    head = {"language": language, "author": "Child house A", "version": "1", "status": "draft"}
    return written({**head, "wording": wording})
