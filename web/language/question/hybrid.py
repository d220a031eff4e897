"""Rules and learned shares decide together: rules know the context, shares know wordings nobody listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from web.language.model import QuestionType
from web.language.question.decide import Reading
from web.language.schemes import frame_of

HARDLY = 0.6
"""Below this likelihood what the rules read as a statement, and is written with a full stop, stays one."""


def decide(reading: Reading, shares: Mapping[str, float]) -> Reading:
    """The rules' reading of a turn turned into the likeliest kind; `shares` weigh the rules' word already."""
    if not reading.words:
        return reading
    allowed = shares if _offers(reading) else {kind: shares[kind] for kind in shares if kind != "choice"}
    likely = _types(allowed)
    first = max(likely, key=lambda one: likely[one])
    if likely[first] < HARDLY and _stated(reading):
        first = QuestionType.NON_QUESTION.value
    best = max((kind for kind in allowed if _type(kind) == first), key=lambda kind: allowed[kind])
    return turned(reading, best, round(likely[first], 2))


def _types(shares: Mapping[str, float]) -> dict[str, float]:
    """The type is decided first: its kinds stand together, however they share its likelihood."""
    likely: dict[str, float] = {}
    for kind, share in shares.items():
        likely[_type(kind)] = likely.get(_type(kind), 0.0) + share
    return likely


def _type(kind: str) -> str:
    return kind.partition("/")[0]


def turned(reading: Reading, kind: str, confidence: float) -> Reading:
    """The same turn read as another kind, with its content put as that kind puts it."""
    if kind == label(reading):
        return replace(reading, confidence=confidence)
    first, _, subtype = kind.partition("/")
    chosen = QuestionType(first)
    return replace(
        reading,
        type=chosen,
        subtype=subtype or None,
        frame=frame_of(chosen, subtype),
        confidence=confidence,
    )


def label(reading: Reading) -> str:
    """`type/subtype`, as in nlu_data/."""
    return f"{reading.type.value}/{reading.subtype}" if reading.subtype else reading.type.value


def _stated(reading: Reading) -> bool:
    """An echo of the child is no statement of the interviewer's own."""
    own = reading.type is QuestionType.NON_QUESTION and reading.subtype != "facilitator"
    return own and reading.doc.text.rstrip().endswith(".")


def _offers(reading: Reading) -> bool:
    """Alternatives need an "or" in what is asked last: one said before it offers nothing."""
    words = reading.last.words if reading.last else tuple(word.text for word in reading.words)
    return "or" in words
