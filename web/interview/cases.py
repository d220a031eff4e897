"""Case codes are pseudonyms. What looks like a person is pointed out before it is stored in clear."""

from __future__ import annotations

import re

MAX_LENGTH = 40

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:19|20)?\d{2}"
    r"|\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-+]\d{4})(?!\d)"
)
_PHONE = re.compile(r"\+\d[\d ()-]{6,}\d")


def warnings(code: str) -> list[str]:
    """Plain sentences about what in this code might tell who the child is; empty if nothing does."""
    found: list[str] = []
    if _EMAIL.search(code):
        found.append("This looks like an e-mail address. Use a code that tells nobody who the child is.")
    elif _DATE.search(code):
        found.append("This looks like a date of birth or a personal number. Use a code without it.")
    elif _PHONE.search(code):
        found.append("This looks like a telephone number. Use a code without it.")
    elif looks_like_name(code):
        found.append("This looks like a person's name. Use a code that tells nobody who the child is.")
    return found


def looks_like_name(code: str) -> bool:
    """Two or more words of letters, or one written as a name is ("Amina")."""
    words = [word.strip(".,'’-") for word in code.split()]
    if not words or not all(word and word.replace("-", "").replace("’", "").isalpha() for word in words):
        return False
    if len(words) > 1:
        return True
    word = words[0]
    return len(word) > 2 and not (word.isascii() and (word.isupper() or word.islower()))
