"""Find every request in a turn: where a question or a "tell me" begins, and what kind it is.

The scan runs over words, left to right. An opening is decided by the order of the words
("did he", "what happened", "tell me about"), which survives speech recognition; the parse
is asked only where the order leaves two readings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from web.language.question import telling, wh
from web.language.question.auxiliary import inverted
from web.language.question.place import Places
from web.language.question.words import Word


class Kind(StrEnum):
    TELL = "tell"
    CAN_TELL = "can_tell"
    KNOW = "know"
    AUX = "aux"
    WH = "wh"
    NEXT = "next"
    TAG = "tag"
    FRAGMENT = "fragment"


@dataclass(frozen=True, slots=True)
class Request:
    """A request: words[start:end], of which words[start:body] is the opening ("tell me", "did he")."""

    kind: Kind
    start: int
    body: int
    end: int
    words: tuple[str, ...]

    @property
    def opening(self) -> tuple[str, ...]:
        return self.words[: self.body - self.start]

    @property
    def rest(self) -> tuple[str, ...]:
        return self.words[self.body - self.start :]


_RULES = (
    (Kind.CAN_TELL, telling.asked_to_tell),
    (Kind.KNOW, telling.do_you_know),
    (Kind.NEXT, wh.what_next),
    (Kind.TELL, telling.tell_me),
    (Kind.WH, wh.wh_question),
    (Kind.AUX, inverted),
)
_EMBEDDING = (Kind.TELL, Kind.CAN_TELL, Kind.KNOW)


def find_requests(words: Sequence[Word]) -> list[Request]:
    """Every request in order of speaking; none in a plain statement."""
    places = Places(words)
    found: list[tuple[Kind, int, int]] = []
    i = 0
    while i < len(words):
        opening = None if found and _swallowed(places, i, found[-1]) else _opening(places, i)
        if opening is not None:
            found.append((opening[0], i, opening[1]))
        i = max(opening[1], i + 1) if opening else i + 1
    following = [start for _, start, _ in found[1:]] + [len(words)] * bool(found)
    ends = [_sentence_end(places, body, end) for (_, _, body), end in zip(found, following, strict=True)]
    return [
        Request(kind, start, body, end, tuple(places.text[start:end]))
        for (kind, start, body), end in zip(found, ends, strict=True)
    ]


def _sentence_end(places: Places, body: int, end: int) -> int:
    """Where the sentence that goes on at `body` ends, at the latest before the next request."""
    for i in range(body, end):
        if places.words[i].hard and any(mark in places.words[i].before for mark in ".?!"):
            return i
    return end


def _opening(places: Places, i: int) -> tuple[Kind, int] | None:
    for kind, rule in _RULES:
        body = rule(places, i)
        if body is not None:
            return kind, body
    return None


def _swallowed(places: Places, i: int, last: tuple[Kind, int, int]) -> bool:
    """The complement of "tell me" or "do you know" belongs to it: "tell me what did he do"."""
    kind, _, body = last
    if kind not in _EMBEDDING or places.words[i].hard:
        return False
    if all(places.has(j, "adverbs") or places.has(j, "swallow") for j in range(body, i)):
        return True
    heads = [j for j in range(max(body, i - 3), i) if places.has(j, "wh")]  # "tell me how scared are you"
    return bool(heads) and not any(w.tag.startswith("VB") for w in places.words[heads[-1] + 1 : i])
