"""Flags that a pattern in data/flags.yml can see, with their reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from web.language.question.words import lexicon


@cache
def _rule(name: str) -> tuple[re.Pattern[str], re.Pattern[str] | None, str]:
    entry = lexicon("flags")[name]
    compiled = [
        re.compile(re.sub(r"\s*\n\s*", "", entry[key]), re.MULTILINE) if key in entry else None
        for key in ("any", "except")
    ]
    if compiled[0] is None:
        raise ValueError(f"data/flags.yml: {name} has no 'any'")
    return compiled[0], compiled[1], str(entry["why"])


def matched(name: str, text: str, said: Callable[[str], bool] | None = None) -> str | None:
    """Why the flag `name` holds for a turn in plain words, a sentence a line; None if it does not.

    A single word of which `said` is true does not count.
    """
    rule, exception, why = _rule(name)
    for hit in rule.finditer(text):
        quote = hit.group().strip()
        theirs = said is not None and " " not in quote and said(quote)
        if quote and not theirs and not (exception and _covers(exception, text, hit)):
            return why.format(match=quote)
    return None


def _covers(exception: re.Pattern[str], text: str, hit: re.Match[str]) -> bool:
    return any(other.start() < hit.end() and other.end() > hit.start() for other in exception.finditer(text))
