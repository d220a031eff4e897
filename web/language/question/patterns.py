"""Patterns from data/*.yml, compiled once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from web.language.question.words import lexicon


@cache
def pattern(name: str, file: str = "question") -> re.Pattern[str]:
    """The pattern `name` or `name.key` of data/FILE.yml. Line breaks in the data carry no meaning."""
    value = lexicon(file)
    for part in name.split("."):
        value = value[part]
    return re.compile(_joined(str(value)))


@cache
def patterns(name: str, file: str = "question") -> Mapping[str, re.Pattern[str]]:
    """Every pattern under `name`, by its key."""
    return {key: re.compile(_joined(str(value))) for key, value in lexicon(file)[name].items()}


def _joined(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text.strip())
