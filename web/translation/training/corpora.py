"""Sentence pairs as they lie on disk, and what is done to them before a network sees them."""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

from web.translation.endings import hard

MARKS = ("⟨1⟩", "⟨2⟩", "⟨3⟩")
DECLINED = {"Том", "Tom"}
OWN = Path(__file__).parents[3] / "nlu_data" / "translation"


class BadCorpus(ValueError):
    """A file of pairs that is missing or broken; the text says where."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One sentence and its translation; `target` is the language code of `translation`."""

    text: str
    translation: str
    target: str


def read(folder: Path, languages: str, kind: str, reverse: bool) -> list[Pair]:
    """The corpus `kind` (gold, pivot, apertium, domain) of `languages` ("uk-en"). `domain` sentences are the
    project's own (nlu_data/translation), all others lie in `folder`. Raises BadCorpus."""
    other, english = languages.split("-")
    rows = lines(_file(folder, languages, kind))
    if reverse:
        return [Pair(left, right, other) for left, right in rows]
    return [Pair(right, left, english) for left, right in rows]


def _file(folder: Path, languages: str, kind: str) -> Path:
    if kind == "domain":
        return OWN / f"{languages.removesuffix('-en')}.tsv"
    if kind == "gold":
        return folder / kind / f"{languages}.tsv"
    return folder / "silver" / f"{languages}.{kind}.tsv"


def lines(file: Path) -> list[tuple[str, str]]:
    """English and the other side of every line of a tab-separated file. Raises BadCorpus."""
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadCorpus(f"{file.name}: cannot be read ({type(error).__name__})") from None
    for number, row in enumerate(rows, 1):
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            raise BadCorpus(f"{file.name}:{number}: two sentences with a tab between them are wanted")
    return [(row[0].strip(), row[1].strip()) for row in rows]


def bare(text: str) -> str:
    """As people type in a hurry and recognisers write: no capitals, no marks."""
    return " ".join("".join(c for c in text.lower() if c.isalnum() or c in " '’-").split())


class Names:
    """Other names for the Tom and Mary of the corpora, and the marks that keep a name as it is.

    A network that has read of Tom a hundred thousand times calls every boy Tom. Pairs in which a name stands
    once on both sides are given other names, with the same ending, or a mark: ⟨1⟩ in, ⟨1⟩ out. The first two
    rows of the file are Tom and Mary themselves.
    """

    def __init__(self, file: Path = OWN / "names.tsv") -> None:
        with file.open(encoding="utf-8", newline="") as stream:
            self._rows = list(csv.DictReader(stream, delimiter="\t"))

    def vary(self, pair: Pair, source: str, dice: random.Random) -> Pair:
        """Perhaps another name or a mark for each of the names of `pair`, whose text is in `source`."""
        text, translation = pair.text, pair.translation
        for mark, row in zip(dice.sample(MARKS, 2), self._rows[:2], strict=True):
            places = [_only(text, row[source], source), _only(translation, row[pair.target], pair.target)]
            chance = dice.random()
            if None in places or chance > 0.7:
                continue
            if chance < 0.2:
                here = there = mark
            else:
                other = dice.choice([r for r in self._rows if r["like"] == row["like"]])
                here, there = other[source] + _ending(places[0]), other[pair.target] + _ending(places[1])
            text, translation = _put(text, places[0], here), _put(translation, places[1], there)
        return Pair(text, translation, pair.target)


def _only(text: str, name: str, language: str) -> re.Match[str] | None:
    """The name, perhaps with an ending, where it stands exactly once."""
    endings = "|".join(hard(language)) if name in DECLINED else ""
    found = list(re.finditer(rf"(?<!\w){re.escape(name)}({endings})(?!\w)", text))
    return found[0] if len(found) == 1 else None


def _ending(place: re.Match[str] | None) -> str:
    return place.group(1) if place else ""


def _put(text: str, place: re.Match[str] | None, other: str) -> str:
    return text[: place.start()] + other + text[place.end() :] if place else text
