"""`repeated`: the same request again, in the same or other words, after it was answered.

Two requests are the same if they ask for the same kind of thing (a place, a time, a yes or no …) about the
same content. Content is compared by words and their synonyms, which costs nothing; sentence vectors are made
only where words leave it open.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from web.language.conversation import Asked, Conversation
from web.language.encoder import Meaning
from web.language.model import Flag, QuestionType, Response
from web.language.newcontent import alike_words
from web.language.parse import lemmas, text_of
from web.language.question.decide import Reading
from web.language.question.patterns import pattern, patterns
from web.language.question.words import lexicon, plain_words

CLOSE = 0.72
"""Cosine from which requests for the same kind of thing with a word in common are the same."""
LOOK_BACK = 30
"""How many questions back a repetition is looked for; later ones are new to a child."""
ADJACENT = 2
NEAR = 6
"""How many questions back a request without content of its own ("where, exactly?") can repeat."""
_UNANSWERED = {Response.NONE, Response.DONT_UNDERSTAND, Response.ASKS, Response.OFF_TOPIC, None}
_PERSONS = frozenset({"i", "you", "he", "she", "they", "we", "it", "that"})
_GENERIC = {"breadth", "general", "can_you_tell"}


def repeat_flags(conversation: Conversation, reading: Reading, meaning: Meaning | None) -> Iterator[Flag]:
    if reading.type is QuestionType.NON_QUESTION or reading.subtype in _GENERIC:
        return
    if not reading.asks and reading.frame != "confirm":
        return  # "and Pat": a fragment asks for more, not again
    new = _Request(_asked_text(reading), reading.type)
    new.again = new.again or bool(pattern("repeat_again", "flags").search(reading.text))
    if not new.words and not new.focus:
        return
    for back, put in enumerate(reversed(conversation.asked[-LOOK_BACK:])):
        if put.answer in _UNANSWERED or put.question.subtype in _GENERIC:
            continue
        if _same(new, _Request(put.text, put.question.type), put, back, meaning):
            answer = put.answer.value.replace("_", " ") if put.answer else ""
            yield Flag(
                "repeated", f"asked before in turn {put.index + 1} and answered ({answer}){_reason(reading)}"
            )
            return


class _Request:
    """What a request is about: its kind of detail, and its words of weight with their synonyms as one."""

    __slots__ = ("again", "focus", "open", "people", "words")

    def __init__(self, text: str, kind: QuestionType) -> None:
        self.open = kind is QuestionType.INVITATION
        self.focus, self.words, self.people, self.again = _read(text)


@lru_cache(maxsize=2_000)
def _read(text: str) -> tuple[str, frozenset[str], frozenset[str], bool]:
    """Kind of detail, words of weight, persons spoken of, and whether it says that it asks again."""
    words = plain_words(text)
    plain = " ".join(words)
    focus = next((name for name, rule in patterns("focus", "flags").items() if rule.search(plain)), "")
    empty = lexicon("flags")["repeat_empty"]
    kept = frozenset(alike_words(word) for word in words if word not in empty and not lemmas(word) & empty)
    people = _PERSONS & set(words)
    return focus, kept, people, bool(pattern("repeat_again", "flags").search(plain))


def _asked_text(reading: Reading) -> str:
    """The sentence of the last request; of a claim the whole turn."""
    if reading.last is None:
        return text_of(reading.doc)
    words = reading.words
    start, stop = reading.sentence(reading.last.start)
    return text_of(reading.doc)[words[start].start : words[stop - 1].end]


def _same(new: _Request, old: _Request, put: Asked, back: int, meaning: Meaning | None) -> bool:
    """Do both ask for the same?"""
    both = new.words & old.words
    if new.open or old.open:
        return new.open and old.open and bool(both) and new.words == old.words
    answered = frozenset(alike_words(word) for word in plain_words(put.answer_text))
    if new.focus and new.focus == old.focus:
        return _same_detail(new, old, answered, back) or (
            bool(both) and not new.words <= old.words | answered and _close(both, new, old, put, meaning)
        )
    if new.focus or back >= NEAR or not both:
        return False
    if old.focus:  # "was it blue or stripy?" after "what colour was it?": the answer is asked back
        return bool(new.words & answered) and new.words <= old.words | answered
    contained = new.words <= old.words and (len(both) > 1 or back < ADJACENT)
    return contained or _close(both, new, old, put, meaning)


def _same_detail(new: _Request, old: _Request, answered: frozenset[str], back: int) -> bool:
    """Do two questions for a time, a place, a name … ask it of the same?"""
    both, alike = new.words & old.words, new.people == old.people
    if (new.again and back < NEAR) or (not old.words and alike and back < ADJACENT):
        return True
    if new.words <= old.words | answered:
        return bool(both) or (back < NEAR and alike and not new.words)
    return bool(both) and back < ADJACENT


def _close(both: frozenset[str], new: _Request, old: _Request, put: Asked, meaning: Meaning | None) -> bool:
    """Do the words that both have outweigh those they have not? Meaning decides where it is even."""
    shared = len(both) / len(new.words | old.words)
    if shared >= 0.6:
        return True
    if shared < 0.25 or put.meaning is None or meaning is None:
        return False
    Meaning.make((put.meaning, meaning))
    return float(put.meaning.vector @ meaning.vector) >= CLOSE


def _reason(reading: Reading) -> str:
    if pattern("repeat_clarifies", "flags").search(reading.text):
        return "; asked again to clarify"
    if pattern("repeat_challenges", "flags").search(reading.text):
        return "; asked again as a challenge"
    return ""
