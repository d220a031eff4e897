"""What kind of answer a child's turn is.

Read in this order: nothing said, not understood, refusal, correction, not known, a question of
the child's own, another topic, yes or no, and what is left by its length. Works without
punctuation and capitals. Phrases are data (`data/responses.yml`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.indicators.history import question_before
from web.language.indicators.phrases import compile_all, load, normalise
from web.language.model import Question, QuestionType, Response, Turn
from web.language.parse import text_of

LONG_WORDS = 10
"""A narrative has two clauses of its own content, or this many words."""
_CORRECTION_WORDS = 24
_WANDERING_WORDS = 15
_ANSWER_WORDS = 8
_FINITE = {"VBD", "VBZ", "VBP", "MD"}
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_STAGE = re.compile(r"[\[(*]\s*([^\])*]{1,60})\s*[\])*]")
_ASIDE = re.compile(
    r"(?:(?:um+|uh+|erm*|hm+|well|so|and|but|like|please|ok|okay|miss|because|cos|cause)[\s,.]+)+"
)


@dataclass(frozen=True)
class _Phrases:
    """One answer class: phrases that fill a turn, open it, or stand anywhere in it."""

    whole: re.Pattern[str] | None
    start: re.Pattern[str] | None
    phrases: re.Pattern[str] | None

    def fills(self, text: str) -> bool:
        return self.whole is not None and self.whole.fullmatch(text) is not None

    def opens(self, text: str) -> re.Match[str] | None:
        return self.start.match(text) if self.start else None

    def within(self, text: str) -> re.Match[str] | None:
        return self.phrases.search(text) if self.phrases else None


@cache
def _phrases(name: str) -> _Phrases:
    data = load("responses.yml")[name]
    return _Phrases(
        *(compile_all(data[key]) if key in data else None for key in ("whole", "start", "phrases"))
    )


@cache
def _nonverbal() -> dict[Response, re.Pattern[str]]:
    return {Response(name): compile_all(words) for name, words in load("responses.yml")["nonverbal"].items()}


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def respond(conversation: Conversation, turn: Turn, doc: Doc) -> Response:
    """The answer class of a child's turn that has not been absorbed into `conversation` yet.

    `doc` is the parse of `turn.text` (of its beginning if the turn is very long).
    """
    text = normalise(text_of(doc))
    spoken = _STAGE.sub(" ", text).strip()
    if not words(spoken):
        return _unspoken(text)
    bare = _ASIDE.sub("", spoken, count=1).strip(" .,!?-") if _ASIDE.match(spoken) else spoken.strip(" .,!?-")
    question = question_before(conversation, turn)
    readers = (_not_heard, _refuses, _corrects, _unknown, _asks, _wanders, _yes_or_no)
    for reader in readers:
        if (found := reader(bare or spoken, spoken, question, doc)) is not None:
            return found
    return _by_length(spoken, doc)


def _unspoken(text: str) -> Response:
    stage = _STAGE.search(text)
    if stage:
        for response, gesture in _nonverbal().items():
            if gesture.search(stage.group(1)):
                return response
    return Response.NONE


def _not_heard(bare: str, spoken: str, question: Question | None, doc: Doc) -> Response | None:
    if _phrases("none").fills(spoken.strip(" .,!?-")) or _phrases("none").fills(bare):
        return Response.NONE
    unclear = _phrases("dont_understand")
    if unclear.fills(bare):
        return Response.DONT_UNDERSTAND
    return Response.DONT_UNDERSTAND if _covers(unclear.within(bare), bare) else None


def _refuses(bare: str, spoken: str, question: Question | None, doc: Doc) -> Response | None:
    return Response.REFUSE if _covers(_phrases("refuse").within(bare), bare, spare=7) else None


def _corrects(bare: str, spoken: str, question: Question | None, doc: Doc) -> Response | None:
    phrases = _phrases("corrects")
    found = phrases.within(bare)
    if found and len(words(bare)) <= _CORRECTION_WORDS and len(words(bare[: found.start()])) <= 2:
        return Response.CORRECTS
    return Response.CORRECTS if _told_wrongly(question) and phrases.opens(bare) else None


def _told_wrongly(question: Question | None) -> bool:
    """Could the turn before have said something that a child corrects, rather than asked whether it is so?"""
    if question is None or question.subtype in {"declarative", "tag", "support", "instruction"}:
        return question is None or question.type is QuestionType.YES_NO
    return question.type is not QuestionType.YES_NO


def _unknown(bare: str, spoken: str, question: Question | None, doc: Doc) -> Response | None:
    return Response.DONT_KNOW if _covers(_phrases("dont_know").within(bare), bare, spare=3) else None


def _asks(bare: str, spoken: str, question: Question | None, doc: Doc) -> Response | None:
    if _covers(_phrases("needs").within(bare), bare, spare=4):
        return Response.OFF_TOPIC
    last = re.split(r"[.!?]\s+", spoken.rstrip(" .!?"))[-1]
    inverted = _phrases("asks").opens(last)
    if _phrases("off_topic").within(bare) and not spoken.endswith("?") and not inverted:
        return None
    if spoken.endswith("?") and (inverted or len(words(spoken)) > 2):
        return _turns_away(bare) or Response.ASKS
    if inverted and len(words(last)) > 2 and _finite_verbs(doc) <= 3:
        return _turns_away(bare) or Response.ASKS
    return None


def _turns_away(bare: str) -> Response | None:
    return (
        Response.OFF_TOPIC
        if re.match(r"(?:can|could) (?:we|i) (?:please )?(?:talk about|play|draw|watch)", bare)
        else None
    )


def _wanders(bare: str, spoken: str, question: Question | None, doc: Doc) -> Response | None:
    asked = question is not None and question.type is not QuestionType.NON_QUESTION
    found = _phrases("off_topic").within(bare)
    if not found or found.start() or len(words(bare)) > _WANDERING_WORDS:
        return None
    return Response.OFF_TOPIC if asked or question is None else None


def _yes_or_no(bare: str, spoken: str, question: Question | None, doc: Doc) -> Response | None:
    closed = question is not None and question.type is QuestionType.YES_NO
    for name in ("no", "yes"):
        if found := _phrases(name).opens(bare):
            rest = words(bare[found.end() :])
            if not rest or len(rest) <= (_ANSWER_WORDS if closed else 2):
                return Response(name)
        if closed and (_phrases(f"{name}_closed").fills(bare)):
            return Response(name)
    return None


def _by_length(spoken: str, doc: Doc) -> Response:
    own = _phrases("frame").phrases
    content = own.sub(" ", spoken) if own else spoken
    clauses = _finite_verbs(doc) - (len(own.findall(spoken)) if own else 0)
    if len(words(content)) >= LONG_WORDS or clauses >= 2:
        return Response.NARRATIVE
    return Response.SHORT


def _finite_verbs(doc: Doc) -> int:
    finite = {doc.vocab.strings[tag] for tag in _FINITE}
    return sum(tag in finite for tag in doc.to_array("TAG").tolist())


def _covers(found: re.Match[str] | None, text: str, spare: int = 5) -> bool:
    """Is the phrase what the turn is about: no more than `spare` other words around it?"""
    if found is None:
        return False
    return len(words(text[: found.start()])) + len(words(text[found.end() :])) <= spare
