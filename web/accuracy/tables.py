"""The figures as rows, bars and a matrix. All is counted from the mistakes and the numbers of turns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.accuracy.results import Mistake, Results

CLASSES = {
    "type": ("questions", "per_type"),
    "subtype": ("questions", "per_subtype"),
    "answer": ("child_turns", "per_response"),
}
MARKS = {"flag": ("questions", "flags"), "tag": ("child_turns", "tags")}
KINDS = (*CLASSES, *MARKS)
HEADLINES = (
    ("questions", "type_kappa"),
    ("questions", "type_macro_f1"),
    ("questions", "subtype_macro_f1"),
    ("child_turns", "response_macro_f1"),
    ("child_turns", "tag_macro_f1"),
    ("child_turns", "acute_recall"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One label. `n`: how often people gave it; `wrong`: how often only the coder did; interval of found/n,
    from 0 to 1."""

    label: str
    n: int
    found: int
    wrong: int
    f1: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure from 0 to 1 with its 95 % interval, as written, and what it is for the bare text."""

    name: str
    value: float
    low: float
    high: float
    bare: float | None


def bars(results: Results) -> list[Bar]:
    found = []
    for part, name in HEADLINES:
        figure = results.as_written[part].get(name)
        if figure:
            low, high = figure["ci95"]
            bare = results.bare[part].get(name, {}).get("value")
            found.append(Bar(name, figure["value"], low, high, bare))
    return found


def rows(results: Results, kind: str) -> list[Row]:
    """One row for each label of a kind, the most frequent first."""
    part, name = {**CLASSES, **MARKS}[kind]
    figures: Mapping[str, Mapping[str, Any]] = results.as_written[part].get(name, {})
    missed, wrong = _counts(results.mistakes, kind)
    made = []
    for label, figure in figures.items():
        n = figure["n"] if kind in CLASSES else figure["hit"] + figure["missed"]
        found = n - (missed[label] if kind in CLASSES else figure["missed"])
        extra = wrong[label] if kind in CLASSES else figure["wrong"]
        made.append(Row(label, n, found, extra, figure["f1"], *wilson(found, n)))
    return sorted(made, key=lambda row: (-row.n, row.label))


def matrix(results: Results, kind: str) -> tuple[list[str], list[list[int]]]:
    """Labels, and how many turns people put under the row's label and the coder under the column's."""
    table = rows(results, kind)
    labels = [row.label for row in table]
    pairs = Counter(
        (one.gold, one.coded) for each in results.mistakes for one in each.differences if one.kind == kind
    )
    right = {row.label: row.n - sum(pairs[row.label, other] for other in labels) for row in table}
    return labels, [
        [right[gold] if gold == coded else pairs[gold, coded] for coded in labels] for gold in labels
    ]


def wilson(found: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): honest for few cases too. (0, 1) where there is none."""
    if n <= 0:
        return 0.0, 1.0
    z, share = 1.96, found / n
    middle, width = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale)


def _counts(mistakes: Sequence[Mistake], kind: str) -> tuple[Counter[str], Counter[str]]:
    """How often each label was missed, and how often given wrongly; a wrong type is a wrong subtype too."""
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for one in mistakes:
        if kind == "subtype" and one.speaker == "interviewer" and one.gold[0] != one.coded[0]:
            missed[one.gold[0]] += 1
            wrong[one.coded[0]] += 1
        for difference in one.differences if kind != "subtype" else ():
            if difference.kind == kind:
                missed[str(difference.gold)] += 1
                wrong[str(difference.coded)] += 1
    return missed, wrong
