"""Words the library shares: conditions, slots, kinds of support, reasons, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from protocols.files import Files, load_checked


@dataclass(frozen=True)
class Slot:
    """A `{name}` in a card's wording. `filled_by`: child (the child's own words only), record, team."""

    id: str
    filled_by: str
    means: str
    sample: str


@dataclass(frozen=True)
class Vocabulary:
    conditions: Mapping[str, str]
    slots: Mapping[str, Slot]
    support: Mapping[str, str]
    reasons: Mapping[str, str]
    sources: Mapping[str, str]


def load_vocabulary(files: Files) -> Vocabulary:
    """Read vocabulary.yml, reasons.yml and sources.yml. Raises ProtocolError."""
    words = load_checked(files, "vocabulary.yml", "vocabulary").data
    reasons = load_checked(files, "reasons.yml", "reasons").data
    sources = load_checked(files, "sources.yml", "sources").data
    return Vocabulary(
        conditions=words["conditions"],
        slots={name: Slot(name, **slot) for name, slot in words["slots"].items()},
        support=words["support"],
        reasons=reasons["reasons"],
        sources=sources["sources"],
    )
