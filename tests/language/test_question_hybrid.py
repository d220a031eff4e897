"""Rules and learned shares decide together: the type first, and a plain statement stays one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from web.language.conversation import Conversation
from web.language.model import Coding, Speaker, Turn
from web.language.parse import parse
from web.language.question import decide, label, read

NONE = dict.fromkeys(("choice", "non_question/facilitator", "non_question/instruction", "wh/static"), 0.0)


def decided(text: str, shares: Mapping[str, float], said: str = "") -> tuple[str, float]:
    talk = Conversation()
    if said:
        talk.absorb(Turn(Speaker.CHILD, said), parse(said).doc, Coding())
    reading = decide(read(talk, parse(text).doc), NONE | dict(shares))
    return label(reading), reading.confidence


def test_the_type_is_decided_before_its_kind() -> None:
    shares = {"wh/static": 0.4, "yes_no/plain": 0.35, "yes_no/declarative": 0.25}
    assert decided("and was it cold or something like that", shares) == ("yes_no/plain", 0.6)


@pytest.mark.parametrize(
    ("text", "likely", "wanted"),
    [
        ("What we say is recorded, so that I can remember it.", 0.55, "non_question/instruction"),
        ("What we say is recorded, so that I can remember it.", 0.65, "yes_no/plain"),
        ("what we say is recorded so that i can remember it", 0.55, "yes_no/plain"),
    ],
)
def test_a_statement_with_a_full_stop_stays_one_unless_another_type_is_likely(
    text: str, likely: float, wanted: str
) -> None:
    assert decided(text, {"yes_no/plain": likely, "non_question/instruction": 1 - likely})[0] == wanted


def test_an_echo_of_the_child_is_no_statement() -> None:
    shares = {"wh/static": 0.5, "non_question/facilitator": 0.4}
    said = "tell me what your uncle said"
    assert decided("Tell me what your uncle said.", shares, said)[0] == "wh/static"


def test_without_an_or_nothing_is_offered() -> None:
    assert decided("Was it cold?", {"choice": 0.7, "yes_no/plain": 0.3})[0] == "yes_no/plain"
