"""What the interviewer asked last, and how: the frame in which a child's turn is read."""

from __future__ import annotations

from web.language.conversation import Conversation, HeardTurn
from web.language.indicators.phrases import normalise
from web.language.indicators.reading import substantive
from web.language.indicators.taxonomy import Concept
from web.language.model import Question, QuestionType, Speaker, Turn

SPONTANEOUS = "spontaneous"
_NOTES = "indicators"
_READ = 2_000
"""Characters of an interviewer's turn in which a first mention is looked for."""
_SUGGESTIVE = ("other_source", "pressure", "promise", "praise_content", "disapproval")
_CONFIRMING = ("declarative", "tag")
_FORMS = {
    QuestionType.INVITATION: "after_invitation",
    QuestionType.WH: "after_wh",
    QuestionType.YES_NO: "after_option_posing",
    QuestionType.CHOICE: "after_option_posing",
}


def is_suggestive(question: Question) -> bool:
    """The NICHD sense: tag, social influence, or new content in a presupposing or confirming frame."""
    if question.has(*_SUGGESTIVE) or question.subtype == "tag" or question.has("tag"):
        return True
    presupposed = question.type is QuestionType.WH or question.subtype in _CONFIRMING
    return question.has("new_info") and presupposed


def before(conversation: Conversation, turn: Turn) -> HeardTurn | None:
    """The interviewer's turn that this child turn follows; interpreters in between do not count."""
    for heard in reversed(conversation.turns):
        if heard.turn.speaker is Speaker.INTERVIEWER:
            return heard
        if heard.turn.speaker is Speaker.CHILD and heard.turn is not turn:
            return None
    return None


def question_before(conversation: Conversation, turn: Turn) -> Question | None:
    """The coding of that turn, None where the child speaks on without having been asked."""
    heard = before(conversation, turn)
    return heard.coding.question if heard is not None else None


def elicitation(conversation: Conversation, turn: Turn) -> str:
    """How the words came about, by the form of the last request before them.

    "Mm-hm" and an echo keep the last request open; support and instructions do not.
    """
    for heard in reversed(conversation.turns):
        question = heard.coding.question
        if heard.turn.speaker is not Speaker.INTERVIEWER or question is None:
            continue
        if is_suggestive(question):
            return "after_suggestive"
        if question.type in _FORMS:
            return _FORMS[question.type]
        if question.subtype != "facilitator":
            return SPONTANEOUS
    return SPONTANEOUS


def told_in(conversation: Conversation) -> int | None:
    """The number of the last turn, from 1, in which a harm or risk was marked as real; None if none was."""
    for heard in reversed(conversation.turns):
        if heard.turn.speaker is Speaker.CHILD and substantive(heard.coding.indicators):
            return heard.index + 1
    return None


def distance(conversation: Conversation, concept: Concept) -> int | None:
    """Turns since the interviewer first spoke of the concept; None if that never happened.

    Each interviewer turn is read once for a concept, from when the concept is first asked for.
    """
    if concept.mention is None:
        return None
    notes: dict[str, tuple[int, int | None]] = conversation.notes.setdefault(_NOTES, {})
    read, first = notes.get(concept.tag, (0, None))
    if first is None:
        for heard in conversation.turns[read:]:
            spoken = heard.turn.speaker is Speaker.INTERVIEWER
            if spoken and concept.mention.search(normalise(heard.turn.text[:_READ])):
                first = heard.index
                break
        notes[concept.tag] = (len(conversation.turns), first)
    return None if first is None else len(conversation.turns) - first
