"""Languages as people write them into tables: a code, or what the language is called."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.localedata import locale_identifiers

from web.interview.errors import Invalid
from web.interview.new import language_tag
from web.interview.tongues import base

LONGEST = 40
_NO_ANSWER = {"und", "mul", "mis", "zxx", "root"}
"""Codes that say the language is not known, several, one without a code, or none (ISO 639-2)."""


def tag_of(told: str) -> str | None:
    """The code of `uk`, `Ukrainian` or `українська`; None for what is no language."""
    name = told.strip().casefold()
    if not 0 < len(name) <= LONGEST:
        return None
    if base(name) in _NO_ANSWER:
        return None
    try:
        return language_tag("language", told)
    except Invalid:
        found = _in_english().get(name) or _in_itself().get(name)
        return None if found in _NO_ANSWER else found


@cache
def _in_english() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").languages.items()}


@cache
def _in_itself() -> dict[str, str]:
    """Takes most of a second, the first time."""
    codes = [code for code in locale_identifiers() if "_" not in code]
    return {Locale(code).languages.get(code, "").casefold(): code for code in codes}
