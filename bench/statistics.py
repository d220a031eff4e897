"""Agreement between two codings, with intervals. Nothing here knows what is coded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from sklearn.metrics import cohen_kappa_score, f1_score, precision_recall_fscore_support

DRAWS = 400


class InSession(Protocol):
    @property
    def session(self) -> str: ...


Item = TypeVar("Item", bound=InSession)


@dataclass(frozen=True, slots=True)
class Pair:
    """What one turn is and what it was taken for."""

    session: str
    gold: str
    got: str


def interval(items: Sequence[Item], measure: Callable[[Sequence[Item]], float]) -> dict[str, Any]:
    """The measure and its 95 % bootstrap interval over whole dialogues: turns of one are not independent."""
    dice = np.random.default_rng(0)
    sessions: dict[str, list[Item]] = {}
    for one in items:
        sessions.setdefault(one.session, []).append(one)
    whole = list(sessions.values())
    values = []
    for _ in range(DRAWS):
        drawn = dice.choice(len(whole), len(whole))
        values.append(measure([one for place in drawn for one in whole[place]]))
    low, high = np.percentile(values, [2.5, 97.5])
    return {"value": round(measure(items), 4), "ci95": [round(float(low), 4), round(float(high), 4)]}


def kappa(pairs: Sequence[Pair]) -> float:
    return float(cohen_kappa_score(*_columns(pairs)))


def share(pairs: Sequence[Pair]) -> float:
    return sum(pair.gold == pair.got for pair in pairs) / len(pairs)


def macro(pairs: Sequence[Pair], labels: Sequence[str]) -> float:
    """Mean F1 over the labels; one that nobody gave counts as 0."""
    return float(f1_score(*_columns(pairs), labels=list(labels), average="macro", zero_division=0))


def per_class(pairs: Sequence[Pair], labels: Sequence[str]) -> dict[str, Any]:
    each = precision_recall_fscore_support(*_columns(pairs), labels=list(labels), zero_division=0)
    return {
        label: {"precision": round(p, 3), "recall": round(r, 3), "f1": round(f, 3), "n": int(n)}
        for label, p, r, f, n in zip(labels, *each, strict=True)
    }


def per_mark(marks: Sequence[tuple[set[str], set[str]]]) -> dict[str, dict[str, Any]]:
    """Hits, missed, wrong and F1 of each mark, of which a turn may have several: pairs of (gold, got)."""
    counts: dict[str, dict[str, int]] = {}
    for gold, got in marks:
        for mark in gold | got:
            kind = "hit" if mark in gold & got else ("missed" if mark in gold else "wrong")
            count = counts.setdefault(mark, {"hit": 0, "missed": 0, "wrong": 0})
            count[kind] += 1
    return {mark: count | {"f1": round(f1(**count), 3)} for mark, count in sorted(counts.items())}


def f1(hit: int, missed: int, wrong: int) -> float:
    return 2 * hit / (2 * hit + missed + wrong)


def _columns(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    return [pair.gold for pair in pairs], [pair.got for pair in pairs]
