"""Which words are the child's."""

from __future__ import annotations

import pytest

from tests.language.talk import ask, say
from web.language.conversation import Conversation
from web.language.learned.said import covered, said_before, shared
from web.language.model import Speaker, Turn
from web.language.parse import parse
from web.language.question.words import words_in


def test_words_in_any_form_are_known_and_others_are_not() -> None:
    talk = Conversation(8)
    say(talk, "He smacked me and we ran to the kitchens")
    text = "Did he hit you in the kitchen with a belt?"
    known = {text[start:end] for start, end in said_before(talk, words_in(parse(text).doc))}
    assert {"hit", "kitchen"} <= known
    assert "belt" not in known


def test_pieces_of_a_word_go_with_it_and_marks_at_the_ends_with_none() -> None:
    assert covered([(3, 7)], [(0, 0), (0, 2), (3, 5), (5, 7), (8, 9), (0, 0)]) == [
        False, False, True, True, False, False,
    ]  # fmt: skip
    assert covered([(0, 2)], [(0, 0), (0, 2)]) == [False, True]


def test_an_echo_shares_all_with_the_last_turn_and_a_claim_little() -> None:
    talk = Conversation(8)
    say(talk, "Grandpa took me to the shed")
    say(talk, "and then we fed the rabbits")
    echo, claim, older, empty = (
        shared(talk, Turn(Speaker.INTERVIEWER, text), parse(text).doc)
        for text in ("You fed the rabbits.", "He locked the door.", "So grandpa, the shed.", "And then?")
    )
    assert echo[:2] == (1.0, 1.0)
    assert claim[:2] == (0.0, 0.0)
    assert older[:2] == (1.0, 0.0)
    assert empty == (0.0, 0.0, 0.0)


def test_a_childs_turn_is_held_against_the_interviewers() -> None:
    talk = Conversation(8)
    ask(talk, "Did he hit you with a belt?")
    share = shared(talk, Turn(Speaker.CHILD, "he hit the belt"), parse("he hit the belt").doc)
    assert share[:2] == (1.0, 1.0)
    assert share[2] == pytest.approx(0.2)
