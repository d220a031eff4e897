"""The taxonomy of tags as data: what each means, how it may be put, how urgent it is in which context."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from web.language.indicators.phrases import DATA, compile_all, load, macros

FOLDER = "indicators"
FIRM = 0.9
"""Below it, what only the learned coder hears is read in the normal course; acute tags excepted."""
UNREAL = ("dream", "media", "game", "play", "story", "wish", "hypothetical")


@dataclass(frozen=True)
class Pattern:
    """One way a child may put it. `agent` says who must do it: anyone, another person, the child."""

    regex: re.Pattern[str]
    why: str
    agent: str = "any"
    needs: re.Pattern[str] | None = None
    urgency: int | None = None
    confidence: float = 0.8
    experiencer: str = "child"
    role: str | None = None
    only: tuple[str, ...] = ()
    cap: int = 3


SURE = 0.8
"""Confidence from which a pattern leaves no other reading."""


@dataclass(frozen=True)
class Caution:
    """A known false friend: where `regex` stands in the same turn, urgency is at most `cap`."""

    regex: re.Pattern[str]
    cap: int
    why: str
    agent: re.Pattern[str] | None = None
    drop: bool = False


@dataclass(frozen=True)
class Concept:
    """One tag: definition with its source, patterns, cautions, and urgency rules, first fit wins."""

    tag: str
    name: str
    definition: str
    source: str
    urgency: int
    patterns: tuple[Pattern, ...] = ()
    cautions: tuple[Caution, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    mention: re.Pattern[str] | None = None
    responses: frozenset[str] = field(default_factory=frozenset)
    unreal: frozenset[str] = field(default_factory=frozenset)
    floor: int = 0
    why: str = ""
    experiencer: str = "child"
    derived: str | None = None
    """Not marked in the text, but seen from the `elicitation` of other tags or the `response` of the turn."""

    plain: bool = False
    """Who says it in so many words means it: such a wording stands whatever the learned coder makes of it."""

    looks_back: bool = False
    """It is about what the child told earlier, if anything."""

    @property
    def least(self) -> float:
        """The likelihood by the learned coder from which the tag is believed, lower for acute ones."""
        group = "acute" if self.acute else "process" if self.process else "other"
        return float(load("believed.yml")["tags"][group])

    def stands(self, pattern: Pattern) -> bool:
        """Whether what this pattern found is believed without the learned coder."""
        return self.acute or (self.plain and pattern.confidence >= SURE)

    @property
    def acute(self) -> bool:
        return self.tag.startswith("SAF-")

    @property
    def process(self) -> bool:
        return self.tag.startswith("COM-")


@cache
def taxonomy() -> tuple[Concept, ...]:
    """All tags of `data/indicators/`; ValueError names the file and the tag whose entry cannot be read."""
    found: dict[str, Concept] = {}
    for path in sorted((DATA / FOLDER).glob("*.yml")):
        for tag, entry in load(f"{FOLDER}/{path.name}").items():
            if tag in found:
                raise ValueError(f"{FOLDER}/{path.name}: tag {tag} is defined twice")
            try:
                found[tag] = read_concept(tag, entry)
            except (KeyError, TypeError, re.error) as error:
                raise ValueError(f"{FOLDER}/{path.name}: tag {tag} cannot be read: {error}") from error
    return tuple(found.values())


def read_concept(tag: str, entry: Mapping[str, Any]) -> Concept:
    """One tag from its entry; KeyError, TypeError or re.error where it is not as the folder's README says."""
    return Concept(
        tag=tag,
        name=entry["name"],
        definition=entry["definition"],
        source=entry["source"],
        urgency=entry["urgency"],
        patterns=tuple(_pattern(one, entry) for one in entry.get("patterns", [])),
        cautions=tuple(_caution(one) for one in entry.get("cautions", [])),
        rules=tuple(entry.get("rules", [])),
        mention=compile_all([entry["mention"]]) if "mention" in entry else None,
        responses=frozenset(entry.get("responses", [])),
        unreal=frozenset(entry.get("unreal", UNREAL)),
        floor=entry.get("floor", 0),
        why=entry["why"],
        experiencer=entry.get("experiencer", "child"),
        derived=entry.get("derived"),
        plain=entry.get("plain", False),
        looks_back=entry.get("looks_back", False),
    )


def _pattern(entry: Mapping[str, Any], concept: Mapping[str, Any]) -> Pattern:
    needs = compile_all([entry["needs"]]) if "needs" in entry else None
    extra = {
        key: entry[key] for key in ("agent", "urgency", "confidence", "experiencer", "role") if key in entry
    }
    extra.setdefault("experiencer", concept.get("experiencer", "child"))
    only = tuple(entry.get("only", ()))
    return Pattern(
        macros().compile(entry["match"]), entry.get("why", concept["why"]), needs=needs, only=only, **extra
    )


def _caution(entry: Mapping[str, Any]) -> Caution:
    agent = compile_all([entry["agent"]]) if "agent" in entry else None
    regex = compile_all([entry.get("match", "\\w+")])
    return Caution(regex, entry.get("cap", 1), entry["why"], agent, entry.get("drop", False))
