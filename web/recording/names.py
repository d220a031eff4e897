"""Names and words that the record knows: a translation leaves them as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from web.recording.as_said import WORD

SHORTEST = 3
_PIECE = re.compile(r"[,;:.()/\n]+")
_OWN, _ASIDE = re.compile(r"[,;\n]+"), re.compile(r"\([^)]*\)")


def known_names(
    details: Mapping[str, Any], interviewer: str, interpreters: Iterable[str] = ()
) -> tuple[str, ...]:
    """The names of the interviewer, of interpreters as they were noted, those among the persons present, and
    the words of the child's own that were noted for this interview.

    Of persons only what can hardly be anything but a name: a word with a capital that stands beside another
    one or after other words. "Mother" at the beginning of a note is none, and must be translated; nor is any
    role, or a word as short as the "No." of an interpreter's number: kept, it would take a child's "no".
    """
    present = str(details.get("persons_present", ""))
    given = (word for name in (interviewer, *interpreters) for word in WORD.findall(name))
    found = [*given, *(name for piece in _PIECE.split(present) for name in _names(piece))]
    return tuple(dict.fromkeys([*filter(_name, found), *_own(details)]))


def _own(details: Mapping[str, Any]) -> Iterator[str]:
    """As they were written, with commas between; what stands in brackets says who or what is meant."""
    for piece in _OWN.split(_ASIDE.sub(" ", str(details.get("own_words", "")))):
        if words := WORD.findall(piece):
            yield " ".join(words)


def _names(piece: str) -> Iterator[str]:
    words = WORD.findall(piece)
    for place, word in enumerate(words):
        beside = place + 1 < len(words) and _capital(words[place + 1])
        if _capital(word) and (place or beside):
            yield word


def _name(word: str) -> bool:
    return len(word) >= SHORTEST and _capital(word) and word.lower() not in _roles()


def _capital(word: str) -> bool:
    return word[0].isupper() and not (len(word) > 1 and word.isupper())


@cache
def _roles() -> frozenset[str]:
    file = Path(__file__).parent / "data" / "roles.yml"
    return frozenset(yaml.safe_load(file.read_text(encoding="utf-8"))["roles"])
