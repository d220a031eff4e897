"""Layer 1: the manual's own order of decisions, in written and in recognised speech."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from web.language.conversation import Conversation
from web.language.model import Coding, Response, Speaker, Turn
from web.language.parse import parse
from web.language.question.decide import Reading, read

CASES = yaml.safe_load((Path(__file__).parent / "questions.yml").read_text("utf-8"))
ALL = [(label, text) for label, texts in CASES.items() for text in texts]


def coded(text: str, said: str = "") -> Reading:
    conversation = Conversation(age=8)
    if said:
        conversation.absorb(Turn(Speaker.CHILD, said), parse(said).doc, Coding(response=Response.SHORT))
    return read(conversation, parse(text).doc)


def label(reading: Reading) -> str:
    return f"{reading.type.value}/{reading.subtype}" if reading.subtype else reading.type.value


def bare(text: str) -> str:
    return re.sub(r"[^\w\s'-]", "", text).lower()


@pytest.mark.parametrize(("wanted", "text"), ALL)
def test_form_is_coded_as_the_manual_says(wanted: str, text: str) -> None:
    assert label(coded(text)) == wanted


@pytest.mark.parametrize(("wanted", "text"), ALL)
def test_neither_capitals_nor_punctuation_are_needed(wanted: str, text: str) -> None:
    assert label(coded(bare(text))) == wanted


@pytest.mark.parametrize(
    ("said", "text", "wanted"),
    [
        ("I fell on the stairs", "You fell on the stairs.", "non_question/facilitator"),
        ("I fell on the stairs", "On the stairs?", "non_question/facilitator"),
        ("I fell on the stairs", "You fell on the floor?", "yes_no/declarative"),
        ("I fell on the stairs", "You didn't fall on the stairs.", "yes_no/declarative"),
        ("I fell on the stairs", "You said you fell on the stairs.", "non_question/summary"),
        ("I fell on the stairs", "And then he pushed you.", "yes_no/declarative"),
        ("I fell on the stairs", "You fell on the stairs, didn't you?", "yes_no/tag"),
    ],
)
def test_what_the_child_has_said_decides_between_echo_and_claim(said: str, text: str, wanted: str) -> None:
    assert label(coded(text, said)) == wanted


def test_a_fragment_takes_the_type_of_the_question_it_stands_for() -> None:
    conversation = Conversation(age=8)
    for text in ("Where were you?", "And your brother?"):
        reading = read(conversation, parse(text).doc)
        from web.language.model import Question

        question = Question(reading.type, reading.subtype, (), {}, 1.0)
        conversation.absorb(Turn(Speaker.INTERVIEWER, text), parse(text).doc, Coding(question=question))
        assert label(reading) == "wh/static"


def test_requests_are_counted_and_the_last_one_decides() -> None:
    reading = coded("Tell me what happened. Did he hit you?")
    assert [ask.type.value for _, ask in reading.asks] == ["invitation", "yes_no"]
    assert label(reading) == "yes_no/plain"


def test_a_restart_is_one_request() -> None:
    assert len(coded("Did he, um, did he hit you?").asks) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "???",
        "\ud800",
        "💙💙",
        "مرحبا كيف حالك",
        "İİİ what",
        "a" * 5000,
        "\x00",
        "or or or",
        "tell",
        "did",
        "you said",
    ],
)
def test_odd_text_is_coded_without_a_crash(text: str) -> None:
    assert coded(text).type is not None
