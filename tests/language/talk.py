"""A child's turn read in a conversation, for tests of what the child says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from web.language.conversation import Conversation
from web.language.encoder import Encoder, Meaning
from web.language.flags import find_flags
from web.language.indicators import find
from web.language.model import Coding, Flag, Indicator, Question, QuestionType, Speaker, Turn
from web.language.parse import parse
from web.language.question import read
from web.language.response import respond
from web.language.schemes import derive

NLU_DATA = Path(__file__).resolve().parents[2] / "nlu_data"


def ask(
    conversation: Conversation,
    text: str,
    type_: QuestionType = QuestionType.INVITATION,
    subtype: str | None = None,
    flags: Sequence[str] = (),
) -> None:
    question = Question(type_, subtype, tuple(Flag(flag, "") for flag in flags), {}, 1.0)
    conversation.absorb(Turn(Speaker.INTERVIEWER, text), parse(text).doc, Coding(question=question))


def say(conversation: Conversation, text: str, speaker: Speaker = Speaker.CHILD) -> tuple[Indicator, ...]:
    """The indicators of a turn, which is then taken into the conversation."""
    turn, doc = Turn(speaker, text), parse(text).doc
    answer = respond(conversation, turn, doc)
    found = find(conversation, turn, doc, answer)
    coding = Coding(response=answer, indicators=found) if speaker is Speaker.CHILD else Coding()
    conversation.absorb(turn, doc, coding)
    return found


class Rules:
    """Codes as the coder does, by rules alone: for tests of what the rules see."""

    def __init__(self) -> None:
        self._encoder = Encoder.load()

    def code(self, conversation: Conversation, turn: Turn) -> Coding:
        doc = parse(turn.text).doc
        if turn.speaker is not Speaker.INTERVIEWER:
            say(conversation, turn.text, turn.speaker)
            return conversation.turns[-1].coding
        meaning = Meaning(turn.text, self._encoder)
        reading = read(conversation, doc)
        flags = find_flags(conversation, reading, meaning, self._encoder)
        schemes = derive(reading.type, reading.subtype, flags, reading.frame)
        question = Question(reading.type, reading.subtype, flags, schemes, reading.confidence)
        conversation.absorb(turn, doc, Coding(question=question), meaning)
        return Coding(question=question)


def tags(text: str) -> dict[str, Indicator]:
    return {one.tag: one for one in say(Conversation(8), text)}
