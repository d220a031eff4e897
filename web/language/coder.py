"""The coder: one turn in, its coding out, and the conversation one turn longer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from web.language import cues, indicators, response
from web.language.conversation import Conversation
from web.language.encoder import Encoder
from web.language.flags import find_flags
from web.language.model import Coding, Cue, Question, Speaker, Turn
from web.language.models import check_parser
from web.language.parse import Parsed, load_nlp, parse
from web.language.question import QuestionCoder
from web.language.schemes import derive


class Coder:
    """Codes turns one after the other. One instance serves every conversation and thread."""

    def __init__(self, encoder: Encoder, questions: QuestionCoder) -> None:
        self._encoder = encoder
        self._questions = questions

    @classmethod
    def load(cls) -> Coder:
        """The coder with its models, loaded once. Raises ModelMissing naming what is wrong."""
        return _load()

    def code(self, conversation: Conversation, turn: Turn) -> Coding:
        """Code `turn` in the light of what was said before, and take it into the conversation.

        Other languages than English are taken in but not coded: their codings are empty.
        Of very long turns the first parse.MAX_CHARS characters are read.
        """
        if not turn.language.lower().startswith("en"):
            conversation.absorb(turn, None, Coding())
            return Coding()
        parsed = parse(turn.text)
        if turn.speaker is Speaker.INTERVIEWER:
            return self._code_interviewer(conversation, turn, parsed)
        coding = Coding()
        if turn.speaker is Speaker.CHILD:
            coding = _code_child(conversation, turn, parsed)
        conversation.absorb(turn, parsed.doc, coding)
        return coding

    def cues(self, conversation: Conversation) -> list[Cue]:
        """Words of the child that wait to be explored, the most useful first."""
        return cues.rank(conversation)

    def likeness(self, conversation: Conversation, texts: Mapping[str, str]) -> dict[str, float]:
        """How near in meaning (cosine) each text is to what the interviewer just said; {} if unread."""
        vector = conversation.last_vector
        if vector is None or not texts:
            return {}
        scores = self._encoder.known(list(texts.values())) @ vector
        return dict(zip(texts, map(float, scores), strict=True))

    def _code_interviewer(self, conversation: Conversation, turn: Turn, parsed: Parsed) -> Coding:
        vector: Any = self._encoder.encode([parsed.doc.text[:500]])[0] if turn.text.strip() else None
        reading = self._questions.read(conversation, parsed, vector)
        flags = find_flags(conversation, reading, vector, self._encoder)
        schemes = derive(reading.type, reading.subtype, flags, reading.frame)
        question = Question(reading.type, reading.subtype, flags, schemes, reading.confidence)
        coding = Coding(question=question)
        conversation.absorb(turn, parsed.doc, coding, vector)
        return coding


def _code_child(conversation: Conversation, turn: Turn, parsed: Parsed) -> Coding:
    answer = response.respond(conversation, turn, parsed.doc)
    found = indicators.find(conversation, turn, parsed.doc, answer)
    return Coding(response=answer, indicators=tuple(found))


@cache
def _load() -> Coder:
    check_parser()
    load_nlp()
    encoder = Encoder.load()
    return Coder(encoder, QuestionCoder.load(encoder))
