"""What is agreed with interpreters, who may not interpret, and how things are called: data, read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("checklists.yml")


@dataclass(frozen=True)
class Item:
    """One line of a checklist. `source` is an id of protocols/sources.yml, None for general knowledge."""

    id: str
    text: str
    source: str | None


@dataclass(frozen=True)
class Checklists:
    """`lists` are briefing and debriefing; `refused` is, by tie to the child, why such a person does not
    interpret. The others are choices with what they are called."""

    lists: Mapping[str, tuple[Item, ...]]
    relations: Mapping[str, str]
    refused: Mapping[str, str]
    places: Mapping[str, str]
    genders: Mapping[str, str]
    parties: Mapping[str, str]
    matters: Mapping[str, str]
    quick: Sequence[Mapping[str, str]]
    """Notes that are one key away in the room: `text`, and `by` and `about` of the objection."""


@cache
def checklists() -> Checklists:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Checklists(
        lists={name: tuple(Item(**item) for item in raw[name]) for name in ("briefing", "debriefing")},
        relations={name: one["text"] for name, one in raw["relations"].items()},
        refused={name: one["refused"] for name, one in raw["relations"].items() if one["refused"]},
        **{name: raw[name] for name in ("places", "genders", "parties", "matters", "quick")},
    )
