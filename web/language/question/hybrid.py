"""Rules and learned shares decide together: rules know the context, shares know wordings nobody listed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from web.language.conversation import Conversation
from web.language.model import QuestionType
from web.language.parse import Parsed
from web.language.question.decide import Reading, read

RULE_WEIGHT = 3.3
"""What a rule's word adds to its own reading, in nats, when it is wholly sure of it."""
LEAST = 0.002
"""No reading is held to be less likely than this: the learned part has not seen everything."""
_BY_CONTEXT = frozenset({"non_question/facilitator", "non_question/summary"})
"""Echoes and summaries are what the child said before, not how they are worded."""
_FRAMES = {
    QuestionType.INVITATION: "open",
    QuestionType.WH: "wh",
    QuestionType.CHOICE: "choice",
    QuestionType.NON_QUESTION: "statement",
}


def read_question(conversation: Conversation, parsed: Parsed, kinds: Mapping[str, float] | None) -> Reading:
    """Type and subtype of one interviewer turn, with what the flags need; `kinds` are the learned shares."""
    reading = read(conversation, parsed.doc)
    if not kinds or not reading.words or _label(reading) in _BY_CONTEXT:
        return reading
    return _decide(reading, kinds)


def _decide(reading: Reading, kinds: Mapping[str, float]) -> Reading:
    own = _label(reading)
    barred = _BY_CONTEXT if _offers(reading) else _BY_CONTEXT | {"choice"}
    allowed = [label for label in kinds if label not in barred]
    scores = {
        label: math.log(max(kinds[label], LEAST)) + RULE_WEIGHT * reading.confidence * (label == own)
        for label in allowed
    }
    best = max(scores, key=lambda label: scores[label])
    share = math.exp(scores[best]) / sum(map(math.exp, scores.values()))
    if best == own:
        return replace(reading, confidence=round(share, 2))
    kind, _, subtype = best.partition("/")
    chosen = QuestionType(kind)
    confirms = subtype in {"declarative", "tag"}
    return replace(
        reading,
        type=chosen,
        subtype=subtype or None,
        frame="confirm" if confirms else _FRAMES.get(chosen, "plain"),
        confidence=round(share, 2),
    )


def _offers(reading: Reading) -> bool:
    """Alternatives need an "or" in what is asked last: one said before it offers nothing."""
    words = reading.last.words if reading.last else tuple(word.text for word in reading.words)
    return "or" in words


def _label(reading: Reading) -> str:
    return f"{reading.type.value}/{reading.subtype}" if reading.subtype else reading.type.value
