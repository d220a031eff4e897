"""Names and the child's own labels pass through a translation as they were said.

Each is replaced by a mark before and put back after. Packages that were trained to copy the marks say so in
their metadata ("keeps_marks").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MARKS = ("⟨1⟩", "⟨2⟩", "⟨3⟩")
_MARK = re.compile("|".join(MARKS))


@dataclass(frozen=True, slots=True)
class Kept:
    """A text with marks in it, and the words that the marks stand for, in order."""

    text: str
    words: tuple[str, ...]


def hide(text: str, keep: Sequence[str]) -> Kept:
    """Replace whole words of `keep` (the longest first) by marks, each occurrence by one of its own.

    A text with more occurrences than there are marks keeps the first. Marks that somebody wrote are written
    with other brackets, so that they are not taken for ours.
    """
    if any(mark in text for mark in MARKS) and occurrences(text, keep):
        text = text.translate({ord("⟨"): "‹", ord("⟩"): "›"})
    words: list[str] = []
    pieces: list[str] = []
    end = 0
    for place in occurrences(text, keep)[: len(MARKS)]:
        pieces += [text[end : place.start()], MARKS[len(words)]]
        words.append(place.group())
        end = place.end()
    return Kept("".join([*pieces, text[end:]]), tuple(words))


def restore(translation: str, words: Sequence[str]) -> str | None:
    """Put the words back. None where a mark was lost, doubled or made up."""
    if not words:
        return translation
    for number, mark in enumerate(MARKS):
        if translation.count(mark) != (number < len(words)):
            return None
    for mark, word in zip(MARKS, words, strict=False):
        translation = translation.replace(mark, word)
    return translation


def turned(text: str, by: int) -> str:
    """The same text with other marks, `by` places on: where a package loses ⟨1⟩, it may keep ⟨3⟩."""
    return _MARK.sub(lambda mark: MARKS[(MARKS.index(mark.group()) + by) % len(MARKS)], text)


def blank(text: str) -> str:
    """A text whose marks no longer look like numbers, for the checks."""
    for mark in MARKS:
        text = text.replace(mark, "*")
    return text


def occurrences(text: str, keep: Sequence[str]) -> list[re.Match[str]]:
    """Where the words of `keep` stand in `text`. A word with a capital is a name: "Надія" is not "надія"
    (hope), unless the text has no capitals at all."""
    wanted = tuple(dict.fromkeys(word.strip() for word in keep if word.strip()))
    if not wanted:
        return []
    hurried = text == text.lower()
    found = _pattern(wanted).finditer(text)
    return [place for place in found if hurried or _same(place.group(), wanted)]


def _same(said: str, wanted: tuple[str, ...]) -> bool:
    alike = [word for word in wanted if word.lower() == said.lower()]
    return any(word == word.lower() or said[0] == word[0] for word in alike)


@lru_cache(maxsize=64)
def _pattern(wanted: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(wanted, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
