"""Words that nobody has said make a new topic likelier; those of the child or of the interviewer do not."""

from __future__ import annotations

import pytest

from tests.language.talk import say
from web.language.conversation import Conversation
from web.language.flags.topics import raised, unheard
from web.language.learned import Sensed
from web.language.model import Speaker
from web.language.parse import parse
from web.language.question import Reading, read

ASKED = "Tell me about the gardens by the lake."


def reading(talk: Conversation, text: str = ASKED) -> Reading:
    return read(talk, parse(text).doc)


def likely(talk: Conversation, before: float, text: str = ASKED) -> float:
    sensed = Sensed({"new_topic": before, "why": 0.5}, {})
    after = raised(talk, reading(talk, text), sensed).marks
    assert after["why"] == 0.5
    return after["new_topic"]


@pytest.mark.parametrize("speaker", [Speaker.CHILD, Speaker.INTERVIEWER])
def test_only_words_that_nobody_has_said_in_any_form_count(speaker: Speaker) -> None:
    talk = Conversation(9)
    assert unheard(talk, reading(talk)) == 2
    say(talk, "the garden is big", speaker)
    assert unheard(talk, reading(talk)) == 1
    assert unheard(talk, reading(talk, "And what happened then?")) == 0


def test_what_an_interpreter_says_is_new_to_both() -> None:
    talk = Conversation(9)
    say(talk, "gardens by the lake", Speaker.INTERPRETER)
    assert unheard(talk, reading(talk)) == 2


def test_each_new_word_makes_a_new_topic_likelier_up_to_a_few() -> None:
    talk = Conversation(9)
    few = likely(talk, 0.2)
    more = likely(talk, 0.2, "Tell me about the gardens, the lake and the tractor.")
    many = likely(talk, 0.2, "Tell me about the gardens, the lake, the tractor, the barn and the horses.")
    assert 0.2 < few < more == many < 1.0
    assert likely(talk, 0.2, "And what happened then?") == pytest.approx(0.2)


@pytest.mark.parametrize("sure", [0.0, 1.0])
def test_certainty_stays_certainty(sure: float) -> None:
    assert likely(Conversation(9), sure) == pytest.approx(sure, abs=0.001)


def test_without_the_learned_coder_nothing_is_made_of_it() -> None:
    talk = Conversation(9)
    sensed = Sensed({"why": 0.5}, {})
    assert raised(talk, reading(talk), sensed) == sensed
