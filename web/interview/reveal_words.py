"""Words that came into an interview with a fact from the file: they are the interviewer's from then on.

Words are compared by their English dictionary forms, in other languages by little more than their letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from web.language.model import Cue

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST = 3


@dataclass(frozen=True)
class Brought:
    """Words that the fact shown after turn `turn` brought in; the child had not said them before."""

    turn: int
    words: tuple[str, ...]

    def found(self, number: int, text: str) -> list[str]:
        """Those among them in a turn of this number, as they stand there."""
        if number <= self.turn or not self.words:
            return []
        known = frozenset().union(*map(_forms, self.words))
        return list(dict.fromkeys(word for word in _WORD.findall(text) if _forms(word) & known))


def brought(fact: str, child: Iterable[str], language: str, turn: int) -> Brought:
    """What the fact brings in after turn `turn`, given what the child has said (in any order)."""
    own = {form for text in child for word in _WORD.findall(text) for form in _forms(word)}
    stop = _function_words(language.split("-", maxsplit=1)[0])
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(fact))
    fresh = (w for w in words if len(w) >= _SHORTEST and w not in stop and not _forms(w) & own)
    return Brought(turn, tuple(fresh))


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
