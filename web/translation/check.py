"""Signs that a machine translation may not say what was said. Pure functions of the two texts.

A sign is a reason to ask the interpreter; no sign is no proof of anything. English text of each code
is in MESSAGES (marked for gettext with N_).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from web.translation.languages import about
from web.translation.named import WORD, names
from web.translation.told import negation, numbers


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
    "round-trip": N_("Translated back, it says something else."),
    "weak": N_("This package is weak: it often says something else than was said. Ask the interpreter."),
    "pivot": N_("There is no direct package: translated through another language, with more room for error."),
}

VOWEL_SIGNS = re.compile("[\u064b-\u0652\u0640]")
STRAYS = 0.25
MIN_LETTERS = 12  # below this, lengths say nothing
STUTTER = re.compile(r"([^\W\d_]{1,4}[- ]?)\1{3,}")
DRAWN_OUT = re.compile(r"([^\W\d_]{1,4}[- ]?)\1{2,}")


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


def strays(said: str, returned: str) -> bool:
    """Whether a text and its translation back have little in common: fewer than a quarter of their letters in
    threes."""
    one, other = _threes(said), _threes(returned)
    if _letters(said) < MIN_LETTERS:
        return False
    return 2 * (one & other).total() < STRAYS * (one.total() + other.total())


def in_order(codes: set[str]) -> tuple[str, ...]:
    """Codes as MESSAGES has them."""
    return tuple(code for code in MESSAGES if code in codes)


def untranslated(source: str, translation: str, _from: str, _to: str) -> bool:
    """Several words came back unchanged."""
    return source.casefold().strip() == translation.casefold().strip() and len(WORD.findall(source)) >= 3


def length(source: str, translation: str, source_language: str, target_language: str) -> bool:
    """Outside a third to three times the usual length."""
    said = _letters(source) / about(source_language).get("density", 1)
    got = _letters(translation) / about(target_language).get("density", 1)
    return max(said, got) >= MIN_LETTERS and not said / 3 <= got <= said * 3


def repetition(source: str, translation: str, _from: str, _to: str) -> bool:
    """One to six words three times running, or a letter or syllable four times, more than in the source."""
    runs = _longest_run(translation)
    stutter = STUTTER.search(translation) and not DRAWN_OUT.search(source)
    return bool(stutter) or runs >= 3 and runs > _longest_run(source)


def script(_source: str, translation: str, _from: str, target_language: str) -> bool:
    """Over a tenth of the letters are not of the target language's script (one foreign name may stay)."""
    expected = about(target_language).get("script")
    letters = [char for char in translation if char.isalpha()]
    if not expected or not letters:
        return False
    foreign = sum(not unicodedata.name(char, "").startswith(tuple(expected.split("|"))) for char in letters)
    return foreign * 10 > len(letters)


def invented(source: str, translation: str, _from: str, _to: str) -> bool:
    """Brackets, notes or web addresses that nobody said."""
    marks = re.compile(r"[()\[\]{}<>⟨⟩♪♫#@|]|https?:|www\.")
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


def _even(text: str) -> str:
    """One way of writing apostrophes; Arabic without its vowel signs."""
    return VOWEL_SIGNS.sub("", unicodedata.normalize("NFC", text)).replace("ʼ", "'").replace("`", "'")


def _threes(text: str) -> Counter[str]:
    letters = f" {' '.join(WORD.findall(text.casefold()))} "
    return Counter(letters[at : at + 3] for at in range(len(letters) - 2))


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
