"""ELAN files. Tiers that depend on others (translations, notes) are not what was said and stay out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from web.importing.labels import plain_label
from web.importing.model import BadTranscript, ImportedTranscript, Problem, Said, collect
from web.importing.xml_tree import tree


def read_eaf(content: bytes) -> ImportedTranscript:
    """ELAN's .eaf: the annotations of every tier that stands by itself. Raises BadTranscript."""
    root = tree(content)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadTranscript("no_header", 1)
    problems: list[Problem] = []
    said = _annotations(root, _slots(root), problems)
    return collect("eaf", "entry", _by_time(said), problems)


def _slots(root: Any) -> dict[str, int]:
    """Time slot -> milliseconds. ELAN may leave the value out."""
    values = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE", "") for slot in root.iter("TIME_SLOT")}
    return {name: int(value) for name, value in values.items() if value.isdecimal() and len(value) < 12}


def _annotations(root: Any, slots: dict[str, int], problems: list[Problem]) -> Iterator[Said]:
    number = 0
    for tier in root.iter("TIER"):
        speaker = plain_label(tier.get("PARTICIPANT") or tier.get("TIER_ID") or "")
        found = [one for kind in ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION") for one in tier.iter(kind)]
        if found and tier.get("PARENT_REF") is not None:
            problems.append(Problem("dependent", number + 1))
            number += len(found)
            continue
        for annotation in found:
            number += 1
            value = annotation.find("ANNOTATION_VALUE")
            start = slots.get(annotation.get("TIME_SLOT_REF1"))
            if start is None:
                problems.append(Problem("bad_times", number))
            text = "" if value is None else "".join(value.itertext())
            yield Said(number, speaker, text, start, slots.get(annotation.get("TIME_SLOT_REF2")))


def _by_time(said: Iterator[Said]) -> list[Said]:
    """The tiers in one another; what has no time stays behind the one before it in its tier."""
    placed: list[tuple[int, Said]] = []
    for turn in said:
        before = placed[-1] if placed and placed[-1][1].speaker == turn.speaker else (0, turn)
        placed.append((before[0] if turn.start_ms is None else turn.start_ms, turn))
    return [turn for _, turn in sorted(placed, key=lambda one: one[0])]
