"""Known names and words as they stand in what was said: declined, or in the letters of another alphabet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from web.translation.endings import declined, stem, stems
from web.translation.languages import plain, sounds, whole

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?:^|[.!?…\n])[\W\d_]*$")
SURE = 4
"""Letters of a name before its ending, where no capital shows that a word is a name: "Тому" is "because" and
not Том, unless it stands inside a sentence."""
TELLING = 2
"""Consonants of a name before such a word is taken for it with another ending."""


def as_said(texts: Iterable[str], known: Sequence[str], language: str) -> tuple[str, ...]:
    """The words of these texts, in `language`, that are `known` ones, as they were said.

    A known word with a capital is a name: what is said of it has one, too, unless the text has none at all,
    and is given with it. A name in another alphabet is recognised by its sound.
    """
    found: dict[str, None] = {}
    for text in texts:
        found |= dict.fromkeys(_declined(text, known, language))
        found |= dict.fromkeys(_heard(text, known, language))
    return tuple(found)


def forget_said() -> None:
    """Let go of the names and words that were compared."""
    _pattern.cache_clear()
    _one_name.cache_clear()


def _declined(text: str, known: Sequence[str], language: str) -> Iterator[str]:
    hurried = text == text.lower()
    for word in known:
        for place in whole(_pattern(word, language)).finditer(text):
            said = place.group()
            sure = _shown(text, place) or said.lower() == word.lower() or len(stem(word, language)) >= SURE
            if not word[0].isupper():
                yield said
            elif sure and (hurried or said[0].isupper()):
                yield said[0].upper() + said[1:]


def _shown(text: str, place: re.Match[str]) -> bool:
    """Whether a capital says that it is a name: none does at the beginning of a sentence."""
    return place.group()[0].isupper() and _SENTENCE.search(text, 0, place.start()) is None


@lru_cache(maxsize=1024)
def _pattern(word: str, language: str) -> str:
    return r"\s+".join(declined(part, language) for part in word.split())


def _heard(text: str, known: Sequence[str], language: str) -> Iterator[str]:
    hurried = text == text.lower()
    names = [word for word in known if word[0].isupper() and WORD.fullmatch(word)]
    for place in WORD.finditer(text) if names else ():
        said = place.group()
        if not (hurried or said[0].isupper()):
            continue
        others = (name for name in names if _script(name) != _script(said))
        if any(_one_name(name, said, language, _shown(text, place)) for name in others):
            yield said[0].upper() + said[1:]


def _script(word: str) -> str:
    return unicodedata.name(word[0], "").split(" ")[0]


@lru_cache(maxsize=4096)
def _one_name(name: str, said: str, language: str, shown: bool) -> bool:
    """Whether what was said is the name, whole or with another ending. `shown`: a capital says it is one."""
    if not shown and len(said) < SURE:
        return False
    if not _ways(name).isdisjoint(_ways(said)):
        return True
    ways = _ways(_open(name))
    if not shown and all(_consonants(way) < TELLING for way in ways):
        return False
    least = 2 if shown else SURE
    return any(not ways.isdisjoint(_ways(one)) for one in stems(said, language) if len(one) >= least)


def _open(name: str) -> str:
    """Without the vowel at its end, which gives way to an ending."""
    return name[:-1] if len(name) > 2 and plain(name)[-1:] in tuple("aeiouy") else name


def _ways(word: str) -> set[str]:
    """How a word may sound: consonants as classes, vowels as they are, nothing twice running."""
    letters = plain(word).replace("x", "k")
    readings = {letters}
    for letter, other in _letters()["or"].items():
        readings |= {one.replace(letter, other) for one in readings}
    return {way for one in readings if (way := _sound(one))}


def _sound(letters: str) -> str:
    apart = _apart()
    heard = "".join(apart.get(letter) or sounds().get(ord(letter), "") for letter in letters)
    return re.sub(r"(.)\1+", r"\1", heard)


def _consonants(way: str) -> int:
    return sum(one not in _letters()["vowels"] for one in way)


@cache
def _apart() -> dict[str, str]:
    return {letter: sound for sound, letters in _letters()["apart"].items() for letter in letters}


@cache
def _letters() -> dict[str, Any]:
    file = Path(__file__).parent / "data" / "letters.yml"
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded
