"""The child's words in the interviewer's mouth: quoted, they are the child's; put otherwise, they are not."""

from __future__ import annotations

import pytest

from tests.language.talk import Rules
from web.language.conversation import Conversation
from web.language.model import Question, Speaker, Turn


def asked(text: str, *said: str, age: int = 8) -> Question:
    coder, talk = Rules(), Conversation(age)
    for words in said:
        coder.code(talk, Turn(Speaker.CHILD, words))
    question = coder.code(talk, Turn(Speaker.INTERVIEWER, text)).question
    assert question is not None
    return question


def flags(text: str, *said: str, age: int = 8) -> dict[str, str]:
    return {flag.flag: flag.why for flag in asked(text, *said, age=age).flags}


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("he said it's our secret", "You said it's our secret. Tell me more about that."),
        ("he said it's our secret", "you told me its our secret tell me more about that"),
        ("he said it's our secret", "You said “it's our secret”. Tell me about that."),
        ("he said it's our secret", 'You told me "it\'s our secret". Tell me about that.'),
        ("he said it's our secret", "Tell me about “it's our secret”."),
        ("i owe my boss lots of money", "You said you owe your boss lots of money. Tell me about that."),
        ("my mum says i have to tell", "You said you have to tell. Tell me more about that."),
        ("she was cross and i was lying", "You said you were lying. Tell me about that."),
        ("nobody will find out he said", "You said nobody will find out. Tell me more."),
        ("we drew with the crayons", "You said you drew with the crayons. Tell me about that."),
        ("my mum told me to say it", "You said that your mum told you to say it. Tell me about that."),
        ("i had to pretend i was asleep", "You said you had to pretend you were asleep. Tell me about that."),
        ("there were three or four times", "You said there were three or four times. Tell me about that."),
        ("he put a sock in my mouth", "You said he put a sock in your mouth. Tell me about that."),
        ("and he goes can you keep quiet", "You said “can you keep quiet”. Tell me more about that."),
        ("i made a drawing of it", "Tell me more about the drawing."),
        ("we played in the secret place", "You talked about the secret place. Tell me more about it."),
        ("i was at my aunt’s house", "You said you were at your aunt's house. Tell me about that."),
        ("he was at my aunties house", "You said he was at your aunt's house. Tell me about that."),
        ("hes gonna take my phone", "You said he's going to take your phone. Tell me about that."),
        ("he's going to take my phone", "You said he's gonna take your phone. Tell me about that."),
        ("he cried cos i left", "You said he cried 'cause you left. Tell me about that."),
        ("um he he came like really late", "You said he came really late. Tell me about that."),
    ],
)  # fmt: skip
def test_the_childs_own_words_raise_no_flag(said: str, text: str) -> None:
    question = asked(text, said)
    assert question.type.value == "invitation"
    assert question.flags == ()


def test_long_quotations_are_not_held_against_the_interviewer() -> None:
    said = "we went in the big blue car all the way to the sea and there was a dog with a red ball"
    text = "You said you " + said.removeprefix("we ") + ". Tell me about that."
    assert flags(text, said, age=5) == {}
    assert "long" in flags(text.replace("You said you", "Was it when you").replace(". Tell", ", tell"), age=5)


@pytest.mark.parametrize(
    ("said", "text", "flag"),
    [
        ("it was a secret", "You said it's our secret. Tell me about that.", "promise"),
        ("he came in", "You said it's our secret. Tell me about that.", "promise"),
        ("i was lying", "You were lying. Tell me what happened.", "disapproval"),
        ("i owe money", "You owe me an answer. Tell me.", "pressure"),
        ("he said it's our secret", "It will be our secret. You said he came in.", "promise"),
        ("i have to tell", "You said he came. You have to tell me.", "pressure"),
        ("i made a drawing", "You said you made a drawing. Show me on the doll.", "props"),
        ("he hit mum", "You said he hit you with a belt. Tell me about that.", "misquote"),
        ("he didn't hit me", "You said he hit you. Tell me about that.", "misquote"),
        ("he never hit me", "you said he hit you tell me about that", "misquote"),
        ("he hit me", "You said he did not hit you. Tell me about that.", "misquote"),
        ("he came in my room", "You said he came in your aunt's room. Tell me about that.", "misquote"),
    ],
)
def test_what_the_child_did_not_say_is_the_interviewers(said: str, text: str, flag: str) -> None:
    assert flag in flags(text, said)


def test_only_a_child_can_be_quoted() -> None:
    coder, talk = Rules(), Conversation(8)
    for speaker in (Speaker.INTERVIEWER, Speaker.INTERPRETER):
        coder.code(talk, Turn(speaker, "it's our secret"))
    question = coder.code(talk, Turn(Speaker.INTERVIEWER, "You said it's our secret. Tell me more.")).question
    assert question is not None
    assert question.has("promise")


def test_a_quoted_question_is_no_second_request() -> None:
    quoted = asked("You said “did you take it”. Tell me about that.", "he goes did you take it")
    assert not quoted.has("compound")
    assert asked("Did you take it? Tell me about that.", "he goes did you take it").has("compound")


def test_reasons_leave_the_childs_words_out() -> None:
    why = flags("What happened? Tell me about “our den”. Where was “our den”?", "we sat in our den")[
        "compound"
    ]
    assert "§" not in why
