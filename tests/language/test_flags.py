"""Layer 2 in context: what counts as the child's own, and what is done to the child with words."""

from __future__ import annotations

import pytest

from tests.language.talk import Rules
from web.language.conversation import Conversation
from web.language.model import Question, Speaker, Turn


@pytest.fixture(scope="module")
def coder() -> Rules:
    return Rules()


def ask(coder: Rules, text: str, *said: str, age: int | None = 8) -> Question:
    """The coding of a question after the child has said `said`."""
    conversation = Conversation(age=age)
    coder.code(conversation, Turn(Speaker.INTERVIEWER, "Tell me what happened."))
    for words in said:
        coder.code(conversation, Turn(Speaker.CHILD, words))
    question = coder.code(conversation, Turn(Speaker.INTERVIEWER, text)).question
    assert question is not None
    return question


def flags(coder: Rules, text: str, *said: str, age: int | None = 8) -> dict[str, str]:
    return {flag.flag: flag.why for flag in ask(coder, text, *said, age=age).flags}


@pytest.mark.parametrize(
    ("said", "text", "expected"),
    [
        ("my uncle came in my room and he touched my leg", "Where did he touch you?", "-new_info"),
        ("my uncle came in my room and he touched my leg", "How did he hurt you?", "+new_info"),
        ("my uncle came in my room and he touched my leg", "Did he touch your bottom?", "+new_info"),
        (
            "my uncle came in my room and he touched my leg",
            "Tell me about him touching your leg.",
            "-new_info -new_topic",
        ),
        (
            "my uncle came in my room and he touched my leg",
            "You said he touched your arm. Tell me about that.",
            "+misquote +new_info",
        ),
        ("my uncle came in my room and he touched my leg", "Was the light on?", "-new_info"),
        ("my uncle came in my room and he touched my leg", "So he was drunk?", "+new_info"),
        ("my uncle came in my room and he touched my leg", "What did your uncle say?", "-new_info"),
        (
            "my uncle came in my room and he touched my leg",
            "What did he do when he was in your room?",
            "-new_info",
        ),
        ("my uncle came in my room and he touched my leg", "You were asleep, weren't you?", "+new_info"),
        ("my uncle came in my room and he touched my leg", "Were you frightened?", "+new_info"),
        ("i was really scared", "Tell me about being frightened.", "-new_info"),
        ("daddy smacked me", "Tell me about your father hitting you.", "-new_info"),
        ("daddy smacked me", "Did he punch you?", "+new_info"),
        ("daddy smacked me", "Where was mummy?", "-new_info"),
        ("daddy smacked me", "What did he hit you with?", "-new_info"),
        ("daddy smacked me", "When did your grandpa come?", "+new_info"),
        ("nothing", "How did he hurt you?", "+new_info"),
        ("nothing", "What happened at the swimming pool with Jack?", "+new_topic"),
        ("nothing", "Tell me about your hobbies.", "-new_info -new_topic"),
        ("nothing", "Tell me about the man in the red car.", "+new_topic"),
        ("nothing", "You live with your mum, right?", "-other_source"),
        ("nothing", "Did someone hurt you?", "+new_info"),
        ("nothing", "Do you know why your teacher is worried?", "-promise"),
        ("we sat on the couch", "Tell me about the sofa.", "-new_topic"),
        ("we sat on the couch", "You watched a movie.", "+new_info"),
        ("he took a picture of me", "What did he do with the photo?", "-new_info"),
        ("he took a picture of me", "Who did he sell the photos to?", "+new_info"),
        ("he took a picture of me", "So he took a picture of you.", "-new_info"),
        ("they gave me a phone", "The boss gave you a phone, right?", "+new_info"),
        ("they gave me a phone", "Who gave you the phone?", "-new_info"),
        ("they gave me a phone", "What colour was the phone?", "-new_info"),
        ("a man brought us in a truck", "How many people were in the truck?", "-new_info"),
        ("a man brought us in a truck", "What was the driver's name?", "+new_info"),
        ("he made me do stuff", "What kind of stuff?", "-new_info"),
        ("he made me do stuff", "Sexual stuff?", "+new_info"),
        ("he made me do stuff", "Did he ask you to take your clothes off?", "+new_info"),
        ("he made me do stuff", "When he touched you, where were you?", "+new_info"),
        ("he made me do stuff", "What did you mean by stuff?", "-new_info"),
        ("we played the sock game", "Tell me about the sock game.", "-new_topic"),
        ("we played the sock game", "What are the rules of the sock game?", "-new_info"),
        ("we played the sock game", "Who taught you the sock game?", "-pressure"),
    ],
)
def test_new_content_is_what_the_child_has_not_said(
    coder: Rules, said: str, text: str, expected: str
) -> None:
    """`+flag` must be there, `-flag` must not."""
    found = flags(coder, text, said)
    for mark in expected.split():
        assert (mark[1:] in found) == (mark[0] == "+"), found


def test_the_reason_names_the_word(coder: Rules) -> None:
    assert (
        flags(coder, "Did he touch you?", "he came in")["new_info"]
        == "'touch' has not been said by the child"
    )


def test_what_the_child_agreed_to_is_no_longer_new(coder: Rules) -> None:
    conversation = Conversation(age=8)
    for speaker, text in ((Speaker.INTERVIEWER, "Did he touch you?"), (Speaker.CHILD, "yes")):
        coder.code(conversation, Turn(speaker, text))
    question = coder.code(conversation, Turn(Speaker.INTERVIEWER, "Tell me about him touching you.")).question
    assert question is not None
    assert not question.has("new_info")


@pytest.mark.parametrize("speaker", [Speaker.INTERVIEWER, Speaker.INTERPRETER])
def test_an_echo_of_somebody_else_is_not_the_childs_word(coder: Rules, speaker: Speaker) -> None:
    conversation = Conversation(age=8)
    coder.code(conversation, Turn(Speaker.CHILD, "he came in"))
    coder.code(conversation, Turn(speaker, "He touched me."))
    question = coder.code(conversation, Turn(Speaker.INTERVIEWER, "Where did he touch you?")).question
    assert question is not None
    assert question.has("new_info")


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Your mum told me that he hurts you.", "other_source"),
        ("The other children have already told us about it.", "other_source"),
        ("I heard you talked to a policeman.", "other_source"),
        ("We can't finish until you tell me.", "pressure"),
        ("Don't you want to help the other children?", "pressure"),
        ("You have to tell me what he did.", "pressure"),
        ("If you tell me, you can have a sweet.", "promise"),
        ("Nobody will find out.", "promise"),
        ("It will be our secret.", "promise"),
        ("Good girl!", "praise_content"),
        ("I'm so proud that you told me he did it.", "praise_content"),
        ("That's not true.", "disapproval"),
        ("You should have told your teacher.", "disapproval"),
        ("Are you sure?", "disapproval"),
        ("Imagine you are at home again.", "speculation"),
        ("What do you think he was feeling?", "speculation"),
        ("I don't know, so guess.", "speculation"),
        ("Don't you want to guess?", "speculation"),
        ("What did my colleague say to you?", "new_info"),
        ("Didn't he say sorry?", "negative_term"),
        ("You don't deny that you never went?", "double_negative"),
        ("Where was he? What did he say?", "compound"),
        ("Tell me what happened. Did he shout?", "recast"),
        ("Tell me if he shouted.", "faux_invitation"),
        ("Tell me where it was.", "faux_invitation"),
        ("Why didn't you leave?", "why"),
        ("How many times did it happen?", "time_number"),
        ("Show me on the doll.", "props"),
        ("Thank you for explaining that.", "support"),
        ("Take your time, there's no rush.", "support"),
        ("Did the alleged perpetrator do that?", "vocabulary"),
    ],
)
def test_flags_seen_in_the_words(coder: Rules, text: str, flag: str) -> None:
    assert flag in flags(coder, text, "he came in")


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("If you don't understand, you need to tell me.", "pressure"),
        ("Please don't guess.", "speculation"),
        ("Thank you for telling me.", "praise_content"),
        ("That's okay.", "disapproval"),
        ("I heard you. Go on.", "other_source"),
        ("Tell me why you came to talk to me.", "why"),
        ("Was it one time or more than one time?", "time_number"),
        ("Did he, um, did he shout?", "compound"),
        ("You went home, didn't you?", "negative_term"),
        ("I can see that you're trying very hard.", "disapproval"),
        ("What happened then?", "faux_invitation"),
        ("What is the name of my cat?", "new_info"),
        ("Where did I park my bicycle?", "new_info"),
        ("You don't have to guess.", "speculation"),
        ("You never need to guess or make anything up.", "speculation"),
        ("I'd like you to tell me without guessing.", "speculation"),
        ("Tell me what happened.", "faux_invitation"),
    ],
)
def test_what_only_looks_like_a_flag(coder: Rules, text: str, flag: str) -> None:
    assert flag not in flags(coder, text, "he came in and shouted")


def test_repeated_needs_an_answer_in_between(coder: Rules) -> None:
    conversation = Conversation(age=8)
    first = coder.code(conversation, Turn(Speaker.INTERVIEWER, "Where did he put the phone?")).question
    coder.code(conversation, Turn(Speaker.CHILD, "in the kitchen"))
    second = coder.code(conversation, Turn(Speaker.INTERVIEWER, "Where did he put that phone?")).question
    assert first is not None
    assert second is not None
    assert not first.has("repeated")
    assert second.has("repeated")


TWO_CLAUSES = "When you came home that day and the door was open what did you see?"
ONE_CLAUSE = "What did you see in the room at the end of the hall on Sunday?"
LENGTHY = (
    "When you were at the lake with your cousins and the boat came in, "
    "who was it that called out to you from the shore?"
)


@pytest.mark.parametrize(
    ("text", "age", "long"),
    [
        (TWO_CLAUSES, 5, True),
        (TWO_CLAUSES, 8, False),
        (ONE_CLAUSE, 5, False),
        (LENGTHY, 5, True),
        (LENGTHY, 8, True),
        (LENGTHY, 12, False),
        (LENGTHY, None, True),
        ("Thank you for telling me so clearly, I can see you try hard. What happened next?", 4, False),
        ("Okay, so, and then, well, um, now, what did you do when you saw the big dog?", 6, False),
    ],
)
def test_length_is_measured_against_age(coder: Rules, text: str, age: int | None, long: bool) -> None:
    assert ("long" in flags(coder, text, "he came in", age=age)) is long


@pytest.mark.parametrize(("age", "hard"), [(4, True), (6, False)])
def test_before_and_after_are_hard_for_the_youngest_only(coder: Rules, age: int, hard: bool) -> None:
    assert ("vocabulary" in flags(coder, "What did he do after he came in?", "he came in", age=age)) is hard


def test_a_pronoun_for_two_people_is_unclear(coder: Rules) -> None:
    found = flags(coder, "What did he say?", "my dad and my uncle were there")
    assert found["unclear_reference"] == "'he' could be dad or uncle"


@pytest.mark.parametrize(
    ("text", "suggestive"),
    [
        ("He touched you, didn't he?", True),
        ("How did he hurt you?", True),
        ("Your mum told me about it.", True),
        ("Did he touch you?", False),
        ("Tell me what happened.", False),
    ],
)
def test_suggestive_is_derived_from_frame_and_flags(coder: Rules, text: str, suggestive: bool) -> None:
    assert ask(coder, text, "he came in").suggestive is suggestive
