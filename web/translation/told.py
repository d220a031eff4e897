"""Numbers and denials in a text and in its translation.

Each language has words that surely say it and words that may. What one text surely says, the other must at
least perhaps say.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from web.translation.languages import SENTENCE_END, about, whole

STOP = re.compile(r"[^\w\s'’-]+")
FIGURE = re.compile(r"\d{1,18}")


def numbers(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """Different figures; number words count where both languages' are known."""
    here, there = about(source_language), about(target_language)
    words = bool(here.get("numbers") and there.get("numbers"))
    return _miscounted(source, translation, here, there, words) or _miscounted(
        translation, source, there, here, words
    )


def _miscounted(text: str, other: str, here: dict[str, Any], there: dict[str, Any], words: bool) -> bool:
    surely = _figures(text) | (_values(text, here, "numbers") if words else set())
    if not surely:
        return False
    perhaps = _figures(other) | _values(other, there, "numbers") | _values(other, there, "perhaps_numbers")
    return not all(value in perhaps or _parts(value) <= perhaps for value in surely)


def _parts(value: int) -> set[int]:
    """Twenty-five may be told as twenty and five."""
    return {value - value % 10, value % 10} if 20 < value < 100 and value % 10 else {value}


def _figures(text: str) -> set[int]:
    """In any script's digits."""
    return {int(figure) for figure in FIGURE.findall(text)}


def _values(text: str, entry: dict[str, Any], kind: str) -> set[int]:
    forms: dict[str, str] = entry.get(kind, {})
    if not forms or not whole("|".join(forms.values())).search(text):
        return set()
    return {int(value) for value, form in forms.items() if whole(form).search(text)}


def negation(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """One text denies something and the other does not, or less often: sentence by sentence where both have
    as many, as two sentences may swap their denial. Only for languages whose negation is known."""
    here, there = about(source_language), about(target_language)
    if not (here.get("negation") and there.get("negation")):
        return False
    return any(
        _undenied(one, other, here, there) or _undenied(other, one, there, here)
        for one, other in _abreast(source, translation)
    )


def _abreast(source: str, translation: str) -> list[tuple[str, str]]:
    """Sentences beside one another; both texts whole where they have different numbers of them."""
    one, other = (SENTENCE_END.split(text.strip()) for text in (source, translation))
    return list(zip(one, other, strict=True)) if len(one) == len(other) else [(source, translation)]


def _undenied(text: str, other: str, here: dict[str, Any], there: dict[str, Any]) -> bool:
    """Whether `other` has fewer clauses that may deny something than `text` has that surely do, or another
    one of as many."""
    if idle := here.get("idle_negation"):  # phrases that only look like a denial ("isn't it?")
        text = re.sub(idle, " ", text, flags=re.IGNORECASE)
    perhaps = "|".join(there[kind] for kind in ("negation", "perhaps_negation") if kind in there)
    denied, answered = _denials(text, here, here["negation"]), _denials(other, there, perhaps)
    if len(denied.clauses) == len(answered.clauses) > 1 and not denied.alone and not answered.alone:
        return any(one and not other for one, other in zip(denied.clauses, answered.clauses, strict=True))
    return denied.number > answered.number or denied.alone and not (answered.number or answered.alone)


class Denials(NamedTuple):
    """Whether each of the clauses denies something, how many different ones do, and whether a "no" stands
    alone. Where nothing else is said, that is a clause; before another one ("No, I did not") it only says so
    twice."""

    clauses: list[bool]
    number: int
    alone: bool


def _denials(text: str, entry: dict[str, Any], pattern: str) -> Denials:
    pieces = [piece for part in STOP.split(text) for piece in whole(entry.get("joins", "(?!)")).split(part)]
    said = [piece.strip().casefold() for piece in pieces if piece.strip()]
    only = [piece for piece in said if whole(entry["negation"]).fullmatch(piece)]
    full = [piece not in only and bool(whole(pattern).search(piece)) for piece in said]
    number = len({piece for piece, denies in zip(said, full, strict=True) if denies})
    return Denials(full, 1 if only and len(only) == len(said) else number, bool(only))
