"""Facts from the file, listed before the interview: from the most general to the most specific."""

from __future__ import annotations

from typing import Any
from unicodedata import category

from web.interview.errors import Invalid

MOST = 6
MAX_FACT = 300
MAX_SOURCE = 120
"""Characters."""
_SPELLING = "\u200c\u200d\u200e\u200f"
"""Invisible, and part of the writing of some scripts."""


def checked(facts: Any) -> list[dict[str, str]]:
    """The facts in their order, trimmed, without empty lines. Raises Invalid naming the field."""
    if not isinstance(facts, list) or not all(isinstance(fact, dict) for fact in facts):
        raise Invalid("facts", "Facts are a list, each with text and source.")
    lines = [
        {
            "text": line(f"facts.{number}.text", fact.get("text", ""), MAX_FACT),
            "source": line(f"facts.{number}.source", fact.get("source", ""), MAX_SOURCE),
        }
        for number, fact in enumerate(facts)
    ]
    for number, fact in enumerate(lines):
        if bool(fact["text"]) != bool(fact["source"]):
            missing = "source" if fact["text"] else "text"
            raise Invalid(f"facts.{number}.{missing}", "A fact needs both: what is known, and where from.")
    listed = [fact for fact in lines if fact["text"]]
    if len(listed) > MOST:
        raise Invalid("facts", f"At most {MOST} facts can be listed.")
    return listed


def line(field: str, value: Any, most: int) -> str:
    """One line of text, trimmed. Raises Invalid naming the field, never repeating the text."""
    if not isinstance(value, str):
        raise Invalid(field, "This must be text.")
    text = value.strip()
    if len(text) > most:
        raise Invalid(field, f"This is longer than {most} characters.")
    if any(_unprintable(character) for character in text):
        raise Invalid(field, "Write it as one line, without line breaks or invisible characters.")
    return text


def _unprintable(character: str) -> bool:
    return not character.isprintable() and character not in _SPELLING and category(character) != "Zs"
