"""From codings and key presses to the codes that the dialogue engine reads: never words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from protocols.labels import Label
from web.language.model import Coding, Flag, QuestionType, Response, Speaker
from web.language.schemes import derive, frame_of

SUGGESTIVE_FLAGS = (
    "other_source",
    "pressure",
    "promise",
    "praise_content",
    "disapproval",
)
"""Suggestive whatever the frame; tags and new content in a confirming frame come through the scheme."""


def of_turn(speaker: str, coding: Coding, card: str | None = None) -> Label:
    """The label of one turn; `card` is the one it says in its own words, if one was recognised.

    Where nothing could be coded, what moves the protocol least.
    """
    if speaker == Speaker.INTERVIEWER:
        return _interviewer(coding, card)
    if speaker == Speaker.CHILD:
        return _child(coding)
    return Label("interpreter_turn")


def is_suggestive(coding: Coding) -> bool:
    question = coding.question
    if question is None:
        return False
    return question.schemes.get("nichd") == "suggestive" or question.has(*SUGGESTIVE_FLAGS)


def question_of(detail: Mapping[str, Any]) -> Coding:
    """The question in a coding as it was stored. A person stores what was chosen, so schemes are derived."""
    question = detail.get("question")
    if question is None:
        return Coding()
    if "schemes" not in question:
        kind, subtype = QuestionType(question["type"]), question["subtype"]
        flags = [Flag(**flag) for flag in question["flags"]]
        schemes = derive(kind, subtype, flags, frame_of(kind, subtype))
        question = {**question, "schemes": schemes, "confidence": 1.0}
    return Coding.from_dict({"question": question})


def _interviewer(coding: Coding, card: str | None) -> Label:
    question = coding.question
    if question is None:
        kind = QuestionType.NON_QUESTION.value
        return Label("interviewer_turn", {"type": kind, "suggestive": False})
    entities = {"type": question.type.value, "suggestive": is_suggestive(coding)}
    if question.subtype:
        entities["subtype"] = question.subtype
    if card:
        entities["card"] = card
    return Label("interviewer_turn", entities)


def _child(coding: Coding) -> Label:
    from web.language.indicators import reluctant, substantive  # brings the parser's library with it

    response = coding.response or Response.SHORT
    return Label(
        "child_turn",
        {
            "response": response.value,
            "substantive": substantive(coding.indicators),
            "reluctance": reluctant(response, coding.indicators),
        },
    )


def just_resumed(every: Sequence[Label]) -> bool:
    """Whether nobody has spoken since the end of a break."""
    for label in reversed(every):
        if label.intent.endswith("_turn"):
            return False
        if label.intent == "resume":
            return True
    return False
