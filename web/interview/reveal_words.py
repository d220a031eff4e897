"""Words that came into an interview with a fact from the file: the interviewer's, from when they were said.

A fact that was only shown has told the child nothing: what the child then says of it is the child's own.

Words are compared by their English dictionary forms, in other languages by little more than their letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from web.language.model import Cue, Speaker

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST = 3


class Said(NamedTuple):
    """A turn as it was said."""

    number: int
    speaker: str
    text: str


@dataclass(frozen=True)
class Brought:
    """Words that the fact shown after turn `turn` may bring in; the child had not said them before.

    `first`: for each of them said since, the turn in which the interviewer or an interpreter said it first;
    None where the child did, whose own it then is.
    """

    turn: int
    words: tuple[str, ...]
    first: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def put(self) -> int | None:
        """The turn that brought in the first of them; None while none was."""
        return min((turn for turn in self.first.values() if turn is not None), default=None)

    def after(self, said: Iterable[Said]) -> Brought:
        """The same once these turns, in their order, were said; turns it knows of change nothing."""
        first = dict(self.first)
        for one in said:
            owed = [word for word in self.words if word not in first]
            if one.number <= self.turn or not owed:
                continue
            forms = _forms_in([one.text])
            by = None if one.speaker == Speaker.CHILD else one.number
            first |= {word: by for word in owed if _forms(word) & forms}
        return replace(self, first=first)

    def found(self, number: int, text: str) -> list[str]:
        """Those brought in before this turn and said in it, as they stand there."""
        before = (word for word, turn in self.first.items() if turn is not None and turn < number)
        known = frozenset().union(*map(_forms, before))
        return list(dict.fromkeys(word for word in _WORD.findall(text) if _forms(word) & known))


def brought(fact: str, child: Iterable[str], language: str, turn: int) -> Brought:
    """What the fact may bring in after turn `turn`, given what the child has said (in any order)."""
    own = _forms_in(child)
    return Brought(turn, tuple(word for word in _of_weight(fact, language) if not _forms(word) & own))


def put_in(shown: Brought, fact: str, language: str, said: Iterable[Said]) -> int | None:
    """The turn in which the interviewer or an interpreter put the fact to the child; None while nobody did.

    It is the first that brought in one of its words, or, where it has none that are new, that said any.
    """
    if shown.words:
        return shown.put
    words = tuple(_of_weight(fact, language)) or tuple(_words(fact))
    adults = (one for one in said if one.speaker != Speaker.CHILD)
    return Brought(shown.turn, words).after(adults).put


def _of_weight(fact: str, language: str) -> list[str]:
    stop = _function_words(language.split("-", maxsplit=1)[0])
    return [word for word in _words(fact) if len(word) >= _SHORTEST and word not in stop]


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))


def _forms_in(texts: Iterable[str]) -> set[str]:
    return {form for text in texts for word in _WORD.findall(text) for form in _forms(word)}


def own_cues(cues: Sequence[Cue], known: Sequence[Brought]) -> list[Cue]:
    """Only words of the child's own, without those that a fact brought in."""
    return [cue for cue in cues if not any(one.found(cue.turn + 1, cue.words) for one in known)]


def _forms(word: str) -> frozenset[str]:
    from web.language.parse import ModelMissing, lemmas  # brings the parser's library with it

    try:
        return lemmas(word)
    except ModelMissing:
        return frozenset({word.casefold()})


def ready() -> None:
    """Load what the comparison needs, so that it is not loaded while the record is locked."""
    _forms("ready")


@cache
def _function_words(language: str) -> frozenset[str]:
    from spacy.util import get_lang_class

    try:
        return frozenset(get_lang_class(language).Defaults.stop_words)
    except ImportError:
        return frozenset()
