"""What `python -m bench.accuracy --keep` left: figures, and every turn coded otherwise than by people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "nlu_data" / "held_out"
RESULTS, DIALOGUES = "results.json", "dialogues.jsonl"


class NoResults(Exception):
    """There is nothing to show. `missing`: nobody has measured yet; else the file cannot be read."""

    def __init__(self, path: Path, missing: bool) -> None:
        super().__init__(str(path))
        self.path = path
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that people and the coder saw otherwise. `kind`: type, subtype, flag, answer or tag;
    None where one of the two saw nothing."""

    kind: str
    gold: str | None
    coded: str | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """A turn of an invented dialogue with all differences, and both readings whole."""

    session: str
    turn: int
    speaker: str
    text: str
    gold: tuple[str, ...]
    coded: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Results:
    """Figures as `bench.accuracy` prints them, for the text as written and bare; mistakes as written."""

    as_written: Mapping[str, Any]
    bare: Mapping[str, Any]
    mistakes: tuple[Mistake, ...]
    measured: datetime


def load(folder: Path) -> Results:
    """The results in this folder. Raises NoResults."""
    path = folder / RESULTS
    try:
        stamp = path.stat()
    except OSError:
        raise NoResults(path, missing=True) from None
    return _load(path, stamp.st_mtime_ns)


def before(folder: Path, mistake: Mistake, count: int = 4) -> list[Mapping[str, Any]]:
    """The turns just before it, oldest first; none where the dialogues are not there."""
    try:
        stamp = (folder / DIALOGUES).stat().st_mtime_ns
        turns = _dialogues(folder / DIALOGUES, stamp).get(mistake.session, ())
    except (OSError, ValueError, KeyError, TypeError):
        return []
    earlier = [turn for turn in turns if turn["turn"] < mistake.turn]
    return earlier[-count:]


@lru_cache(maxsize=2)
def _load(path: Path, _stamp: int) -> Results:
    try:
        data = json.loads(path.read_text("utf-8"))
        return Results(
            as_written=_figures(data["as_written"]),
            bare=_figures(data["bare"]),
            mistakes=tuple(_mistake(one) for one in data["mistakes"]),
            measured=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        raise NoResults(path, missing=False) from None


@lru_cache(maxsize=2)
def _dialogues(path: Path, _stamp: int) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            found.setdefault(row["session"], []).append(row)
    return found


def _figures(data: Any) -> Mapping[str, Any]:
    for part in ("questions", "child_turns"):
        if not isinstance(data[part], dict):
            raise TypeError(part)
    return dict(data)


def _mistake(row: Mapping[str, Any]) -> Mistake:
    gold, coded = tuple(map(str, row["gold"])), tuple(map(str, row["coded"]))
    asked = row["speaker"] == "interviewer"
    return Mistake(
        session=str(row["session"]),
        turn=int(row["turn"]),
        speaker=str(row["speaker"]),
        text=str(row["text"]),
        gold=gold,
        coded=coded,
        differences=(*_kinds(gold[0], coded[0], asked), *_marks(gold[1:], coded[1:], asked)),
    )


def _kinds(gold: str, coded: str, asked: bool) -> list[Difference]:
    if gold == coded:
        return []
    if not asked:
        return [Difference("answer", gold, coded)]
    types = gold.partition(".")[0], coded.partition(".")[0]
    return [Difference("subtype", gold, coded)] if types[0] == types[1] else [Difference("type", *types)]


def _marks(gold: tuple[str, ...], coded: tuple[str, ...], asked: bool) -> list[Difference]:
    kind = "flag" if asked else "tag"
    missed = [Difference(kind, mark, None) for mark in gold if mark not in coded]
    return missed + [Difference(kind, None, mark) for mark in coded if mark not in gold]
