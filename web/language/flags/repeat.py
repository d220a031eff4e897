"""`repeated`: the same request again, in the same or other words, after it was answered."""

from __future__ import annotations

from collections.abc import Iterator

from web.language.conversation import Asked, Conversation
from web.language.encoder import Meaning
from web.language.model import Flag, QuestionType, Response
from web.language.parse import lemmas
from web.language.question.decide import Reading
from web.language.question.statements import content_words

SAME, CLOSE = 0.93, 0.84
_UNANSWERED = {Response.NONE, Response.DONT_UNDERSTAND, Response.ASKS, Response.OFF_TOPIC, None}
_GENERIC = {"breadth"}
LOOK_BACK = 60


def repeat_flags(conversation: Conversation, reading: Reading, meaning: Meaning | None) -> Iterator[Flag]:
    if reading.type is QuestionType.NON_QUESTION or reading.subtype in _GENERIC or meaning is None:
        return
    words = _weight(reading)
    if not words:
        return
    for put in reversed(conversation.asked[-LOOK_BACK:]):
        if put.answer in _UNANSWERED or put.meaning is None:
            continue
        least = _least(put, reading, words)
        if least is None:
            continue
        Meaning.make((put.meaning, meaning))
        if float(put.meaning.vector @ meaning.vector) >= least:
            yield Flag(
                "repeated", f"asked before in turn {put.index + 1} and answered{_reason(put, reading)}"
            )
            return


def _weight(reading: Reading) -> frozenset[str]:
    last = reading.last
    words = reading.words[last.start : last.end] if last else reading.words
    return frozenset(form for word in content_words(words) for form in lemmas(word.text))


def _least(put: Asked, reading: Reading, words: frozenset[str]) -> float | None:
    """How near in meaning (cosine) the two must be to be the same; None if the words rule it out.

    Words are compared first because that costs nothing.
    """
    both = words & put.lemmas
    if not both or put.question.type is not reading.type:
        return None
    shared = len(both) / len(words | put.lemmas)
    if shared >= 0.5 and (put.question.subtype == reading.subtype or shared >= 0.8):
        return CLOSE
    return SAME if len(words - put.lemmas) <= 1 else None


def _reason(put: Asked, reading: Reading) -> str:
    text = reading.text
    if any(
        phrase in text
        for phrase in (
            "not sure i understood",
            "help me understand",
            "i did not hear",
            "did not understand",
            "make sure i",
            "say that again",
        )
    ):
        return "; asked again to clarify"
    if any(phrase in text for phrase in ("are you sure", "really", "but you", "again")):
        return "; asked again as a challenge"
    return " (" + put.answer.value.replace("_", " ") + ")" if put.answer else ""
