"""`new_info` and `misquote` against all that the child has said, denied or agreed to."""

from __future__ import annotations

import pytest

from tests.language.talk import Rules
from web.language.conversation import Conversation
from web.language.model import Speaker, Turn


def flags(text: str, *said: str) -> dict[str, str]:
    coder, talk = Rules(), Conversation(age=9)
    coder.code(talk, Turn(Speaker.INTERVIEWER, "Tell me what happened."))
    for words in said:
        coder.code(talk, Turn(Speaker.CHILD, words))
    question = coder.code(talk, Turn(Speaker.INTERVIEWER, text)).question
    assert question is not None
    return {flag.flag: flag.why for flag in question.flags}


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("he never hits me", "When does he hit you?"),
        ("he came in", "Is he a drinker?"),
        ("he came in", "Did he interfere with you?"),
        ("he came in", "Did your mum tell you what to say?"),
        ("he came in", "Does she leave you with no food?"),
        ("he came in", "How scared were you?"),
        ("he came in", "Why didn't you scream?"),
        ("he came in", "Is it possible that he was asleep?"),
        ("he came in", "Do you remember the day at the lake?"),
        ("he came in", "Tell me about being a prisoner."),
    ],
)
def test_what_the_child_has_not_put_forward_is_new(said: str, text: str) -> None:
    assert "new_info" in flags(text, said)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("no he hit me with a stick", "Where did he hit you?"),
        ("i don't know why he hit me", "Where did he hit you?"),
        ("he didn't stop hitting me", "Where did he hit you?"),
        ("he hitted me", "Where did he hit you?"),
        ("she was in the kitchen", "Tell me a bit about the kitchen."),
        ("i didn't scream", "Why didn't you scream?"),
        ("he was texting me", "What is the account called?"),
    ],
)
def test_what_the_child_has_put_forward_is_not(said: str, text: str) -> None:
    assert "new_info" not in flags(text, said)


def test_words_of_the_child_joined_anew_are_a_misquote() -> None:
    said = ("my dad was in the garden", "we had pizza", "i fell on the stairs")
    found = flags("You said your dad was on the stairs. Tell me about that.", *said)
    assert {"misquote", "new_info"} <= found.keys()
    assert "misquote" not in flags("You said your dad was in the garden. Tell me about that.", *said)


def test_a_misquote_is_new_content() -> None:
    found = flags("You told me he cut you.", "he shouted")
    assert {"misquote", "new_info"} <= found.keys()


@pytest.mark.parametrize(
    ("said", "text", "flag"),
    [
        ("my friend told my teacher about it", "Your friend told your teacher about it.", "other_source"),
        ("he said i should not have worn it", "He said you should not have worn it.", "disapproval"),
        ("and he goes good girl", "What were you doing when he said good girl?", "praise_content"),
    ],
)
def test_retelling_the_child_is_no_influence(said: str, text: str, flag: str) -> None:
    assert flag not in flags(text, said)


@pytest.mark.parametrize(
    ("text", "flag", "there"),
    [
        ("Who are they, what do you call them?", "compound", False),
        ("Who are they? What do you want?", "compound", True),
        ("Was the door shut so she couldn't see?", "negative_term", False),
        ("Couldn't she see?", "negative_term", True),
        ("Remind me when his turn was.", "time_number", True),
        ("Can you tell me what his name is?", "faux_invitation", False),
        ("Tell me why you left your country.", "why", False),
    ],
)
def test_flags_of_wording(text: str, flag: str, there: bool) -> None:
    assert (flag in flags(text, "he came in and they left")) is there
