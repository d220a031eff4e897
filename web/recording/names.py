"""Names and words that the record knows: a translation leaves them as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from web.interview.tongues import base
from web.recording.as_said import WORD
from web.translation.languages import about, whole

SHORTEST = 3
_PIECE = re.compile(r"[,;:.()/\n]+")
_BETWEEN = re.compile(r"[,;\n]+(?![^()]*\))")
_OWN, _ASIDE = re.compile(r"[,;\n]+"), re.compile(r"\([^)]*\)?")


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
    return tuple(dict.fromkeys([*filter(_name, found), *own_words(str(details.get("own_words", "")))]))


def own_words(noted: str) -> tuple[str, ...]:
    """Words of the child's own as they were noted, with commas between; what stands in brackets says who or
    what is meant."""
    pieces = (WORD.findall(piece) for piece in _OWN.split(_ASIDE.sub(" ", noted)))
    return tuple(dict.fromkeys(" ".join(words) for words in pieces if words))


def too_common(word: str, language: str) -> bool:
    """Whether to leave this word of the child's `language` untranslated wherever it is said would lose what
    is said: a single letter, or a "no"."""
    denial = about(base(language)).get("negation")
    return len(word) == 1 or bool(denial and all(whole(denial).fullmatch(one) for one in word.split()))


def closed(noted: str) -> str:
    """The same with its last bracket closed: what is noted after it stands outside."""
    return f"{noted})" if noted.rfind("(") > noted.rfind(")") else noted


def without(noted: str, word: str) -> str:
    """What was noted, less one of these words, with what stands in brackets beside the others."""
    pieces = (piece.strip() for piece in _BETWEEN.split(noted))
    kept = (one for one in pieces if one and [w.casefold() for w in own_words(one)] != [word.casefold()])
    return ", ".join(kept)


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
