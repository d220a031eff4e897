"""Signs that a machine translation may not say what was said. Pure functions of the two texts.

A sign is a reason to ask the interpreter; no sign is no proof of anything. English text of each code
is in MESSAGES (marked for gettext with N_).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any


def N_(text: str) -> str:  # noqa: N802 - gettext's customary name for "translate later"
    return text


MESSAGES = {
    "empty": N_("The machine gave no translation."),
    "untranslated": N_("The text came back as it was."),
    "length": N_("The translation is much longer or shorter than what was said."),
    "repetition": N_("The translation repeats itself."),
    "numbers": N_("A number is missing or new in the translation."),
    "negation": N_("A “no” or “not” is missing or new in the translation."),
    "script": N_("Part of the translation is in the wrong alphabet."),
    "names": N_("A name is missing or new in the translation."),
    "invented": N_("The translation holds brackets or signs that were not said."),
    "pivot": N_("There is no direct package: translated through another language, with more room for error."),
}

MIN_LETTERS = 12  # below this, lengths say nothing
STUTTER = re.compile(r"([^\W\d_]{1,4}[- ]?)\1{4,}")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def check(source: str, translation: str, source_language: str, target_language: str) -> tuple[str, ...]:
    """Codes of MESSAGES that apply, in a fixed order. Never raises, knows nothing of unknown languages."""
    if not source.strip():
        return ()
    if not translation.strip():
        return ("empty",)
    source, translation = _even(source), _even(translation)
    return tuple(
        code
        for code, differs in CHECKS.items()
        if differs(source, translation, source_language, target_language)
    )


def untranslated(source: str, translation: str, _from: str, _to: str) -> bool:
    """Several words came back unchanged."""
    return source.casefold().strip() == translation.casefold().strip() and len(WORD.findall(source)) >= 3


def length(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """Outside a third to three times the usual length."""
    said = _letters(source) / _about(source_language).get("density", 1)
    got = _letters(translation) / _about(target_language).get("density", 1)
    return max(said, got) >= MIN_LETTERS and not said / 3 <= got <= said * 3


def repetition(source: str, translation: str, _from: str, _to: str) -> bool:
    """One to six words three times in a row, or a syllable five times, and oftener than in the source."""
    runs = _longest_run(translation)
    stutter = STUTTER.search(translation) and not STUTTER.search(source)
    return bool(stutter) or runs >= 3 and runs > _longest_run(source)


def numbers(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """Different figures; number words from two to twelve count where the language is known."""
    said, written = _numbers(source, source_language)
    got, gotten = _numbers(translation, target_language)
    missing = said - (got | gotten)
    fresh = got - (said | written)
    if missing or fresh:
        return True
    both_known = bool(_about(source_language).get("numbers") and _about(target_language).get("numbers"))
    return both_known and (said | written) != (got | gotten)


def negation(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """One text denies something and the other does not; only for languages whose negation is known."""
    patterns = [_about(code).get("negation") for code in (source_language, target_language)]
    if not all(patterns):
        return False
    texts = (source, translation)
    found = [bool(_whole(str(p)).search(text)) for p, text in zip(patterns, texts, strict=True)]
    return found[0] != found[1]


def script(_source: str, translation: str, _from: str, target_language: str) -> bool:
    """Over a tenth of the letters are not of the target language's script (one foreign name may stay)."""
    expected = _about(target_language).get("script")
    letters = [char for char in translation if char.isalpha()]
    if not expected or not letters:
        return False
    foreign = sum(not unicodedata.name(char, "").startswith(tuple(expected.split("|"))) for char in letters)
    return foreign * 10 > len(letters)


def names(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """A capitalised word inside a sentence has no counterpart: by its first letters within one script, by
    there being any such word across scripts."""
    about = [_about(code) for code in (source_language, target_language)]
    if not all(entry.get("script") and entry.get("capitals", True) for entry in about):
        return False
    said = _names(source, about[0])
    if about[0]["script"] != about[1]["script"]:
        return bool(said) != bool(_names(translation, about[1]))
    anywhere = {_plain(word)[:3] for word in WORD.findall(translation)}
    return any(_plain(name)[:3] not in anywhere for name in said) or (
        not said and bool(_names(translation, about[1]))
    )


def invented(source: str, translation: str, _from: str, _to: str) -> bool:
    """Brackets, notes or web addresses that nobody said."""
    marks = re.compile(r"[()\[\]{}<>♪♫#@|]|https?:|www\.")
    return bool(marks.search(translation)) and not marks.search(source)


CHECKS: dict[str, Callable[[str, str, str, str], bool]] = {
    "untranslated": untranslated,
    "length": length,
    "repetition": repetition,
    "numbers": numbers,
    "negation": negation,
    "script": script,
    "names": names,
    "invented": invented,
}


@lru_cache(maxsize=1)
def _languages() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        Path(__file__).with_name("languages.json").read_text(encoding="utf-8")
    )
    return loaded


def _about(language: str) -> dict[str, Any]:
    entry = _languages().get(language, {})
    return entry if isinstance(entry, dict) else {}


@lru_cache(maxsize=256)
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _even(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("ʼ", "'").replace("`", "'")


def _plain(word: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", word.lower()) if char.isalpha())


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _longest_run(text: str) -> int:
    words = [word.casefold() for word in WORD.findall(text)]
    longest = 1
    for size in range(1, 7):
        run = size
        for index in range(size, len(words)):
            run = run + 1 if words[index] == words[index - size] else size
            longest = max(longest, run // size)
    return longest


def _numbers(text: str, language: str) -> tuple[set[int], set[int]]:
    """Figures in any script's digits, and number words."""
    figures = {int(figure) for figure in re.findall(r"\d{1,18}", text)}
    known = _about(language).get("numbers", {})
    return figures, {int(value) for value, forms in known.items() if _whole(forms).search(text)}


def _names(text: str, about: dict[str, Any]) -> list[str]:
    """Words with a capital that do not open a sentence. English "I" and its like are one letter: left out."""
    ordinary = _whole(str(about.get("not_names", "I")))
    found = []
    for sentence in re.split(r"[.!?…:;\"«»“”—\n]+", text):
        for word in list(WORD.finditer(sentence))[1:]:
            name = word.group()
            if len(name) > 1 and name[0].isupper() and not name.isupper() and not ordinary.fullmatch(name):
                found.append(name)
    return found
