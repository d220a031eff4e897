"""What the checks know of languages (languages.json): script, negation, numbers, letters that sound alike."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

ALIASES = {"pt-br": "pb", "zh-tw": "zt", "zh-hant": "zt", "no": "nb", "iw": "he"}
SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟।])\s+|(?<=[.!?…。！？؟।][\"'»”’)\]])\s+")


def about(language: str) -> dict[str, Any]:
    """The entry of a language code, empty where nothing is known."""
    entry = _loaded()["languages"].get(language, {})
    return entry if isinstance(entry, dict) else {}


@lru_cache(maxsize=1)
def sounds() -> dict[int, str]:
    """Letter (its number) to a class of consonants that are written for one another across languages."""
    classes: dict[str, str] = _loaded()["sounds"]
    return {ord(letter): sound for sound, letters in classes.items() for letter in letters}


@lru_cache(maxsize=1024)
def whole(pattern: str) -> re.Pattern[str]:
    """Matches whole words, without case."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def plain(word: str) -> str:
    """Lower-case letters without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", word.lower()) if char.isalpha())


def normal(code: str) -> str:
    """A language code as the packages write it: "uk-UA" is "uk", "pt-BR" is "pb"."""
    lowered = code.strip().lower().replace("_", "-")
    return ALIASES.get(lowered) or ALIASES.get(lowered.split("-")[0]) or lowered.split("-")[0]


@lru_cache(maxsize=1)
def _loaded() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        Path(__file__).with_name("languages.json").read_text(encoding="utf-8")
    )
    return loaded
