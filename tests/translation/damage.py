"""What a machine may do to a good English translation: drop a denial, change a number, swap a name."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable
from pathlib import Path

from web.translation.languages import about, whole

DATA = Path(__file__).parents[2] / "nlu_data" / "translation"
COUNTED = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
DROPS = [
    (r"\bwon['’]t\b", "will"), (r"\bca(?:n['’]t|nnot)\b", "can"), (r"n['’]t\b", ""), (r"\bnot\b ?", ""),
    (r"\bnever\b", "always"), (r"\bnothing\b", "something"), (r"\b(?:nobody|no one|none)\b", "somebody"),
    (r"\bno\b", "a"),
]  # fmt: skip
NAME = re.compile(r"(?<=[a-z,] )(?!I\b)[A-Z][a-z]{2,}\b")


def pairs(language: str) -> list[tuple[str, str]]:
    """(words in `language`, their English) of the project's own interview sentences."""
    rows = (DATA / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [(row.split("\t")[1], row.split("\t")[0]) for row in rows]


def without_denial(english: str, _dice: random.Random) -> str | None:
    damaged = english
    for pattern, instead in DROPS:
        damaged = re.sub(pattern, instead, damaged, flags=re.IGNORECASE)
    left = whole(about("en")["negation"]).search(damaged)
    return None if left or damaged == english else damaged


def other_number(english: str, dice: random.Random) -> str | None:
    place = re.search(rf"\b(?:{'|'.join(COUNTED)})\b", english)
    if place is None:
        return None
    other = dice.choice([word for word in COUNTED if word != place.group()])
    return english[: place.start()] + other + english[place.end() :]


def other_name(english: str, dice: random.Random) -> str | None:
    """Swaps a capitalised word inside the sentence that is one of names.tsv or looks like a name."""
    place = NAME.search(english)
    if place is None or whole(about("en")["not_names"]).fullmatch(place.group()):
        return None
    other = dice.choice([row["en"] for row in people() if row["en"] not in english])
    return english[: place.start()] + other + english[place.end() :]


def people() -> list[dict[str, str]]:
    """Names as they are written in each language."""
    with (DATA / "names.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


DAMAGES: dict[str, Callable[[str, random.Random], str | None]] = {
    "negation": without_denial,
    "numbers": other_number,
    "names": other_name,
}
