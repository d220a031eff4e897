"""The endings that names and words take in a sentence, for the languages that decline them (endings.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("endings.json")
SHORTEST = 3
"""Letters of a word below which only the word itself is looked for."""


def hard(language: str) -> tuple[str, ...]:
    """What may follow a name that ends in a consonant, nothing first: "" and "s" in German."""
    return tuple(_about(language).get("hard", ("",)))


def declined(word: str, language: str) -> str:
    """A regular expression for the word with any of its endings; for the word alone where none are known."""
    about = _about(language)
    if not about or len(word) < SHORTEST:
        return re.escape(word)
    stem, endings = _stem(word, about)
    ways = [f"{re.escape(stem)}(?:{_any(endings)})"]
    if shifted := about.get("shift", {}).get(stem[-1].lower()):
        ways.append(f"{re.escape(stem[:-1] + shifted)}(?:{_any([end for end in endings if end])})")
    if stem == word and word[-1:] in "кk" and word[-2:-1] in about.get("fleeting", ""):
        ways.append(f"{re.escape(word[:-2] + word[-1])}(?:{_any([end for end in endings if end])})")
    return f"(?:{'|'.join(ways)})"


def stem(word: str, language: str) -> str:
    """What endings are put to: the word without the vowel that gives way to them."""
    about = _about(language)
    return _stem(word, about)[0] if about else word


def stems(word: str, language: str) -> set[str]:
    """What is left of a word without each of the endings that it may have."""
    about = _about(language)
    endings = {*about.get("hard", ()), *about.get("soft", ()), *about.get("open", ())} - {""}
    return {word.removesuffix(end) for end in endings if word.lower().endswith(end) and len(word) > len(end)}


def _stem(word: str, about: dict[str, Any]) -> tuple[str, Sequence[str]]:
    if word[-1].lower() in about.get("last", ""):
        return word[:-1], about["open"]
    return word, [*about["hard"], *about.get("soft", ())]


def _any(endings: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, endings), key=len, reverse=True))


def _about(language: str) -> dict[str, Any]:
    found: dict[str, Any] = _loaded().get(language, {})
    return found


@lru_cache(maxsize=1)
def _loaded() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["languages"]
    return loaded
