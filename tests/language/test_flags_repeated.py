"""`repeated`: the same request again, in whatever words, after an answer and only then."""

from __future__ import annotations

import pytest

from tests.language.talk import Rules
from web.language.conversation import Conversation
from web.language.model import Flag, Speaker, Turn


def repeated(first: str, answer: str, second: str) -> Flag | None:
    coder, talk = Rules(), Conversation(age=9)
    coder.code(talk, Turn(Speaker.INTERVIEWER, first))
    coder.code(talk, Turn(Speaker.CHILD, answer))
    question = coder.code(talk, Turn(Speaker.INTERVIEWER, second)).question
    assert question is not None
    return next((flag for flag in question.flags if flag.flag == "repeated"), None)


@pytest.mark.parametrize(
    ("first", "answer", "second"),
    [
        ("Where was Mum?", "at work", "Mum was where while that happened?"),
        ("What is the lady's name?", "Joy", "This lady, what was she called again?"),
        ("What colour was his shirt?", "blue", "Was his shirt blue?"),
        ("How old were you then?", "eleven", "What age were you then?"),
        ("How many days have you been here?", "ten", "You have been here for how long?"),
        ("Did he hit you?", "no", "Did he hit you?"),
        ("Who took the phone?", "my aunt", "Who did you say took the phone?"),
    ],
)
def test_other_words_for_what_was_answered(first: str, answer: str, second: str) -> None:
    assert repeated(first, answer, second) is not None


@pytest.mark.parametrize(
    ("first", "answer", "second"),
    [
        ("Where was Mum?", "I don't understand", "Where was your mum?"),
        ("Where was Mum?", "", "Where was your mum?"),
        ("Where was Mum?", "why do you ask?", "Where was your mum?"),
        ("Where was Mum?", "at work", "Where were you?"),
        ("Where was Mum?", "at work", "When did Mum come home?"),
        ("Tell me about the party.", "we had cake", "Tell me about the cake."),
        ("What happened next?", "he left", "What happened next?"),
    ],
)
def test_what_is_asked_anew_or_was_never_answered(first: str, answer: str, second: str) -> None:
    assert repeated(first, answer, second) is None


def test_the_reason_says_where_how_and_why() -> None:
    flag = repeated("Who took the phone?", "my aunt", "Sorry, who took the phone?")
    assert flag is not None
    assert flag.why == "asked before in turn 1 and answered (short); asked again to clarify"
