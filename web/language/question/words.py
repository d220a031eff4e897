"""A turn as plain lower-case words: contractions opened, hesitations and restarts taken out.

Everything that decides a question's form reads these words, so it cannot depend on capitals
or punctuation; where punctuation is there it is kept as a hint on the word that follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from spacy.tokens import Doc, Token

from web.language.parse import text_of

DATA = Path(__file__).parent.parent / "data"
_WORD = re.compile(r"[^\W_]+(?:['’\-/][^\W_]+)*")
_HARD = ".?!;:\n—"
_TITLES = {"mr", "mrs", "ms", "dr", "st", "prof"}


@cache
def lexicon(name: str = "words") -> dict[str, Any]:
    """A word list from web/language/data/NAME.yml, with lists as frozen sets."""
    # BaseLoader keeps "no", "yes" and "on" the words they are.
    raw = yaml.load((DATA / f"{name}.yml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return {key: _frozen(value) for key, value in raw.items()}


def _frozen(value: Any) -> Any:
    flat = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    return frozenset(value) if flat else value


@dataclass(frozen=True, slots=True)
class Word:
    """One word. `before` is the punctuation between the previous word and this one."""

    text: str
    start: int
    end: int
    token: Token
    before: str

    @property
    def hard(self) -> bool:
        """Does a sentence end before this word?"""
        return _ends(self.before)

    @property
    def cut_short(self) -> bool:
        """Does an apostrophe stand for its beginning ('em, 'er)? Then it is no hesitation."""
        return self.before.endswith("'")

    @property
    def tag(self) -> str:
        return str(self.token.tag_)


@lru_cache(maxsize=1_000)
def _ends(between: str) -> bool:
    """Does a sentence end with what stands between two words?"""
    return any(mark in between.replace("...", " ").replace("…", " ") for mark in _HARD)


def words_in(doc: Doc) -> list[Word]:
    """All words of the turn, with fillers and immediate restarts removed."""
    raw = list(_split(doc))
    fillers = lexicon()["fillers"]
    spoken = [word for word in raw if word.text not in fillers or word.cut_short] or raw
    return _without_restarts(spoken)


def plain_words(text: str) -> list[str]:
    """The words of a text as `words_in` gives them, hesitations and restarts included, without a parse."""
    low = text.lower().replace("’", "'")
    return [part for match in _WORD.finditer(low) for part in _open(match.group())]


def _split(doc: Doc) -> Iterable[Word]:
    low, position, last, tokens = text_of(doc).lower().replace("’", "'"), 0, "", _Tokens(doc)
    if len(low) != len(text_of(doc)):  # a few scripts change length in lower case
        low = text_of(doc)
    for match in _WORD.finditer(low):
        before = low[position : match.start()]
        if last in _TITLES:
            before = before.replace(".", "", 1)
        position, last = match.end(), match.group()
        for text in _open(match.group()):
            yield Word(text, match.start(), match.end(), tokens.at(match.start()), before)
            before = ""


class _Tokens:
    """The token at a character offset, for offsets asked in rising order."""

    def __init__(self, doc: Doc) -> None:
        self._doc, self._index = doc, 0

    def at(self, offset: int) -> Token:
        while self._index + 1 < len(self._doc) and self._doc[self._index + 1].idx <= offset:
            self._index += 1
        return self._doc[self._index]


def _open(text: str) -> list[str]:
    """ "didn't" -> did, not."""
    lists = lexicon()
    if text in lists["contractions"]:
        return [str(part) for part in lists["contractions"][text]]
    for suffix, word in lists["suffixes"].items():
        if text.endswith(suffix) and len(text) > len(suffix):
            stem = text[: -len(suffix)]
            return [stem, str(word)] if suffix != "'s" or _clitic(stem) else [text]
    return [text]


def _clitic(stem: str) -> bool:
    """Is 's a verb here ("what's") rather than a possessive ("mum's")?"""
    lists = lexicon()
    return stem in lists["wh"] or stem in lists["pronouns"] or stem in {"here", "how"}


def _without_restarts(words: list[Word]) -> list[Word]:
    """ "did he did he hit" -> "did he hit": keep the last start of an immediate repetition."""
    kept: list[Word] = []
    for word in words:
        kept.append(word)
        for size in (4, 3, 2, 1):
            if _repeats(kept, size):
                first = kept[-2 * size]
                del kept[-2 * size : -size]
                old = kept[-size]
                kept[-size] = Word(old.text, old.start, old.end, old.token, first.before)
                break
    return kept


def _repeats(words: list[Word], size: int) -> bool:
    if len(words) < 2 * size:
        return False
    late, early = words[-size:], words[-2 * size : -size]
    if any(word.hard and "…" not in word.before and "..." not in word.before for word in (*late, *early[1:])):
        return False
    return [word.text for word in late] == [word.text for word in early] and size * len(late[0].text) > 1
