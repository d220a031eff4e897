"""What kind of answer a child's turn is, in the light of the question before it."""

from __future__ import annotations

import pytest
import yaml

from tests.language.talk import NLU_DATA
from web.language.conversation import Conversation
from web.language.indicators.scope import elliptical
from web.language.model import Coding, Question, QuestionType, Response, Speaker, Turn
from web.language.parse import parse
from web.language.response import respond

INVITATION = (QuestionType.INVITATION, "general")
WH = (QuestionType.WH, "static")
YES_NO = (QuestionType.YES_NO, "plain")
DECLARATIVE = (QuestionType.YES_NO, "declarative")
CHOICE = (QuestionType.CHOICE, None)
STATEMENT = (QuestionType.NON_QUESTION, "summary")


def answer(text: str, after: tuple[QuestionType, str | None] | None = INVITATION) -> Response:
    conversation = Conversation(8)
    if after is not None:
        question = Question(after[0], after[1], (), {}, 1.0)
        conversation.absorb(Turn(Speaker.INTERVIEWER, "Question"), None, Coding(question=question))
    return respond(conversation, Turn(Speaker.CHILD, text), parse(text).doc)


@pytest.mark.parametrize("text", ["", "   ", "...", "um", "[inaudible]", "(silence)", "mm", "?"])
def test_nothing_said_is_none(text: str) -> None:
    assert answer(text) is Response.NONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [("(nods)", Response.YES), ("(shakes head)", Response.NO), ("(shrugs)", Response.DONT_KNOW)],
)
def test_a_written_down_gesture_is_an_answer(text: str, expected: Response) -> None:
    assert answer(text, YES_NO) is expected


@pytest.mark.parametrize(
    "text", ["no it was the kitchen", "No, it was the kitchen.", "no it wasn't me it was Tom"]
)
def test_an_alternative_corrects_a_statement(text: str) -> None:
    assert answer(text, DECLARATIVE) is Response.CORRECTS
    assert answer(text, STATEMENT) is Response.CORRECTS


def test_the_same_words_after_an_open_yes_no_question_are_a_no() -> None:
    assert answer("no it was the kitchen", YES_NO) is Response.NO


def test_an_alternative_to_both_choices_corrects() -> None:
    assert answer("no it was the bathroom", CHOICE) is Response.CORRECTS


def test_more_than_a_yes_is_what_it_tells() -> None:
    assert answer("yes he did", YES_NO) is Response.YES
    told = answer("yes and then he pulled my hair and I cried and mum came in", YES_NO)
    assert told is Response.NARRATIVE


def test_not_knowing_one_detail_does_not_hide_an_account() -> None:
    assert answer("I don't know his name", WH) is Response.DONT_KNOW
    account = "I don't know his name but he had a red car and he came to our house every day"
    assert answer(account, WH) is Response.NARRATIVE


def test_length_alone_needs_no_punctuation() -> None:
    assert answer("we went to the park and then he took me to his house") is Response.NARRATIVE
    assert answer("on my leg", WH) is Response.SHORT


def test_capitals_and_typographic_quotes_do_not_matter() -> None:
    assert answer("I DON’T KNOW", WH) is answer("i don't know", WH) is Response.DONT_KNOW


def test_a_quoted_question_inside_an_account_is_not_asked_of_the_interviewer() -> None:
    assert answer("he asked me what is your name and I told him my name") is Response.NARRATIVE


def test_text_in_another_script_is_an_answer_too() -> None:
    assert answer("هو ضربني") is Response.SHORT


def test_elliptical_answers_have_no_verb_of_their_own() -> None:
    assert elliptical(parse("Lots of times.").doc)
    assert not elliptical(parse("He hit me lots of times.").doc)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("he laughed and I ran", Response.NARRATIVE),
        ("the flat on the third floor with the green door and no bell", Response.NARRATIVE),
        ("we walked to the shop", Response.SHORT),
        ("I think it was Monday", Response.SHORT),
        ("I told you it was Monday", Response.SHORT),
        ("I don't know, he came in and shut the door", Response.NARRATIVE),
    ],
)
def test_two_clauses_or_ten_words_of_own_content_are_a_narrative(text: str, expected: Response) -> None:
    assert answer(text, WH) is expected


@pytest.mark.parametrize("text", ["okay", "sure", "I am", "it was"])
def test_small_words_are_a_yes_only_where_yes_or_no_was_asked(text: str) -> None:
    assert answer(text, YES_NO) is Response.YES
    assert answer(text, STATEMENT) is Response.SHORT


@pytest.mark.parametrize("text", ["he never did", "he didn't do nothing", "I'm not", "I told you no"])
def test_a_denial_in_words_is_a_no(text: str) -> None:
    assert answer(text, YES_NO) is Response.NO


@pytest.mark.parametrize("text", ["I need a wee", "I'm thirsty", "can I have a drink"])
def test_needs_of_the_body_leave_the_topic(text: str) -> None:
    assert answer(text, WH) is Response.OFF_TOPIC


def test_an_account_that_contrasts_two_things_corrects_nobody() -> None:
    told = "you put your hand in the sock and guess but it isn't a toy in there it's something else"
    assert answer(told) is Response.NARRATIVE


def examples() -> list[tuple[str, str]]:
    entries = yaml.safe_load((NLU_DATA / "children" / "responses.yml").read_text(encoding="utf-8"))["nlu"]
    lines = ((entry["intent"], line[2:]) for entry in entries for line in entry["examples"].splitlines())
    return [(intent.removeprefix("response_"), line) for intent, line in lines if line.strip()]


def test_every_class_has_examples() -> None:
    assert {name for name, _ in examples()} == set(Response) - {Response.NONE}


def test_nearly_all_written_examples_are_read_as_meant() -> None:
    frames = {"yes": YES_NO, "no": YES_NO, "corrects": STATEMENT}
    wrong = [(name, line) for name, line in examples() if answer(line, frames.get(name, WH)) != name]
    assert len(wrong) <= 0.05 * len(examples()), wrong
