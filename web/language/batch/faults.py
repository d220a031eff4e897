"""What is wrong with the fields of a turn, in words that do not quote them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from web.language.model import Speaker

NEEDED = ("session", "turn", "speaker", "text")
AGES = range(1, 26)
MAX_NAME = 1_000
"""Characters in the name of a session."""
_HALF = re.compile("[\ud800-\udfff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def fault(fields: Mapping[str, Any]) -> str | None:
    """None if nothing is wrong."""
    if missing := [field for field in NEEDED if fields.get(field) is None]:
        return f"{', '.join(missing)} missing"
    session, number, speaker, text = (fields[field] for field in NEEDED)
    if not isinstance(session, (str, int)) or isinstance(session, bool) or not str(session).strip():
        return "session is not a name"
    if len(str(session)) > MAX_NAME:
        return f"session is longer than {MAX_NAME:,} characters"
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        return "turn is not a whole number from 0 up"
    if not isinstance(speaker, str) or speaker not in set(Speaker):
        return f"speaker is none of {', '.join(Speaker)}"
    return _in_text(text) or _in_options(fields.get("age"), fields.get("language"))


def _in_text(text: object) -> str | None:
    if not isinstance(text, str):
        return "text is not a string"
    if _HALF.search(text):
        return "text holds half a character (a lone surrogate)"
    return None


def _in_options(age: object, language: object) -> str | None:
    if age is not None and (not isinstance(age, int) or isinstance(age, bool) or age not in AGES):
        return f"age is not a whole number from {AGES[0]} to {AGES[-1]}"
    if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
        return "language is not a language tag such as en or pt-BR"
    return None
