"""Which turn has to be said in which other language, and for whom."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from web.language.model import Speaker
from web.translation.languages import about, normal

CODED = "en"
"""The one language that can be coded; turns in others are coded through a translation into it."""
INTERVIEWER, CHILD, CODER = "interviewer", "child", "coder"
CODED_SPEAKERS = (Speaker.INTERVIEWER, Speaker.CHILD)


@dataclass(frozen=True, slots=True)
class Owed:
    """A translation that a turn needs: its `language`, and whom it is for."""

    language: str
    to: str


def base(language: str) -> str:
    """The language without its country: "pt" of "pt-BR"."""
    return language.replace("_", "-").split("-", maxsplit=1)[0].lower()


def same(one: str, other: str) -> bool:
    """Whether two codes name one language: "pt" and "pt-BR" do, "no" and "nb" too."""
    return normal(base(one)) == normal(base(other))


def readable(language: str) -> bool:
    """Whether the coder reads turns in this language as they were said."""
    return base(language) == CODED


def in_script(text: str, language: str) -> bool | None:
    """Whether most letters of a text are of the script of this language; None where that cannot be said."""
    expected = about(base(language)).get("script")
    letters = [char for char in text if char.isalpha()]
    if not expected or not letters:
        return None
    own = sum(unicodedata.name(char, "").startswith(tuple(expected.split("|"))) for char in letters)
    return own * 2 > len(letters)


def needs_reading(speaker: str, language: str) -> bool:
    """Whether a turn can be coded only by way of a machine translation."""
    return speaker in CODED_SPEAKERS and not readable(language)


def owed(speaker: str, language: str, interviewer: str, child: str) -> tuple[Owed, ...]:
    """The translations of one turn, what somebody waits for first.

    What is in another language than the interviewer's is for the interviewer; the interviewer's own words are
    for the child; what the coder cannot read is for the coder, unless one of these is in its language.
    """
    found = []
    if not same(language, interviewer):
        found.append(Owed(interviewer, INTERVIEWER))
    elif speaker == Speaker.INTERVIEWER and not same(language, child):
        found.append(Owed(child, CHILD))
    if needs_reading(speaker, language) and not any(readable(one.language) for one in found):
        found.insert(0, Owed(CODED, CODER))
    return tuple(found)
