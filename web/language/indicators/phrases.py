"""Phrases as data: `@name` macros in YAML become regular expressions over offset-true text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parent.parent / "data"
_MACRO = re.compile(r"@(\w+)")
_TYPOGRAPHIC = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."}
)
_VOWEL_CONSONANT = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprtz]$")


def normalise(text: str) -> str:
    """Lower case and plain quotes, every character in its place, so offsets hold in the original."""
    plain = text.translate(_TYPOGRAPHIC)
    lowered = plain.lower()
    if len(lowered) == len(plain):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in plain)


@cache
def load(name: str) -> Any:
    """One file of `web/language/data`, parsed once."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def inflect(verb: str, irregular: Mapping[str, list[str]]) -> set[str]:
    """Forms of a verb as children say them: "hit", "hits", "hitting", also "hitted", "hurted"."""
    head, _, rest = verb.partition(" ")
    tail = f" {rest}" if rest else ""
    stem = head[:-1] if head.endswith("e") else head
    doubled = head + head[-1] if _VOWEL_CONSONANT.match(head) else stem
    past = head[:-1] + "ied" if re.search(r"[^aeiou]y$", head) else f"{doubled}ed"
    third = re.sub(r"([^aeiou])y$", r"\1ie", head) + "s"
    if re.search(r"(s|sh|ch|x|z)$", head):
        third = f"{head}es"
    forms = {head, third, past, f"{doubled}ing", f"{doubled}in", *irregular.get(head, [])}
    return {form + tail for form in forms}


class Macros:
    """Named word groups; `verbs` are inflected, `words` stand as regular expressions."""

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        irregular = lexicon["irregular"]
        self._groups = dict(lexicon["words"])
        for name, verbs in lexicon["verbs"].items():
            forms = {form for verb in verbs for form in inflect(verb, irregular)}
            ordered = sorted((form.replace(" ", r"\s+") for form in forms), key=len, reverse=True)
            self._groups[name] = "(?:" + "|".join(ordered) + ")"

    def expand(self, pattern: str) -> str:
        """The pattern with every macro replaced; an unknown macro raises KeyError with its name."""
        while _MACRO.search(pattern):
            pattern = _MACRO.sub(lambda hit: f"(?:{self._groups[hit.group(1)]})", pattern)
        return pattern.replace(" ", r"(?:[\s,]+)")

    def compile(self, pattern: str) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w'-])(?:{self.expand(pattern)})(?![\w-])")


@cache
def macros() -> Macros:
    return Macros(load("indicators_words.yml"))


def compile_all(patterns: list[str]) -> re.Pattern[str]:
    """One expression for a list of phrases; matches whole words in normalised text."""
    return macros().compile("|".join(f"(?:{pattern})" for pattern in patterns))
