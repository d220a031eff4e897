"""Languages as people write them into tables: a code, or what the language is called."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.localedata import locale_identifiers

from web.interview.errors import Invalid
from web.interview.new import language_tag

LONGEST = 40


def tag_of(told: str) -> str | None:
    """The code of `uk`, `Ukrainian` or `українська`; None for what is no language."""
    name = told.strip().casefold()
    if not 0 < len(name) <= LONGEST:
        return None
    try:
        return language_tag("language", told)
    except Invalid:
        return _in_english().get(name) or _in_itself().get(name)


@cache
def _in_english() -> dict[str, str]:
    return {name.casefold(): code for code, name in Locale("en").languages.items()}


@cache
def _in_itself() -> dict[str, str]:
    """Takes most of a second, the first time."""
    codes = [code for code in locale_identifiers() if "_" not in code]
    return {Locale(code).languages.get(code, "").casefold(): code for code in codes}
