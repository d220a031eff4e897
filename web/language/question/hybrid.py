"""Rules and learned shares decide together: rules know the context, shares know wordings nobody listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from web.language.model import QuestionType
from web.language.question.decide import Reading
from web.language.schemes import frame_of


def decide(reading: Reading, shares: Mapping[str, float]) -> Reading:
    """The rules' reading of a turn turned into the likeliest kind; `shares` weigh the rules' word already."""
    if not reading.words:
        return reading
    allowed = shares if _offers(reading) else {kind: shares[kind] for kind in shares if kind != "choice"}
    best = max(allowed, key=lambda kind: allowed[kind])
    return turned(reading, best, round(allowed[best], 2))


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


def _offers(reading: Reading) -> bool:
    """Alternatives need an "or" in what is asked last: one said before it offers nothing."""
    words = reading.last.words if reading.last else tuple(word.text for word in reading.words)
    return "or" in words
