"""Variations in training keep what an example says."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from web.language.learned.examples import Example
from web.language.learned.vary import bare, vary

CHILD = [
    Example("He hit me.", tags=frozenset(["ABU-PHY"])),
    Example("We had soup, and bread.", tags=frozenset()),
    Example("I don't know", response="dont_know"),
]


def many(one: Example) -> list[Example]:
    dice = random.Random(1)
    return [vary(one, CHILD, dice) for _ in range(200)]


def test_question_keeps_its_words_and_labels() -> None:
    asked = Example("Did he go home?", kind="yes_no/plain", flags=frozenset())
    varied = many(asked)
    assert {(one.kind, one.flags, one.tags) for one in varied} == {("yes_no/plain", frozenset(), None)}
    assert all("did he go home" in bare(one.text) for one in varied)
    assert any("?" in one.text for one in varied)
    assert any("?" not in one.text for one in varied)
    assert len({one.text for one in varied}) > 10


def test_a_passage_among_others_has_the_tags_of_both() -> None:
    longer = [one for one in many(CHILD[1]) if "hit" in one.text.lower()]
    assert longer
    assert {one.tags for one in longer} == {frozenset(["ABU-PHY"])}


def test_an_answer_stays_alone() -> None:
    assert all(len(one.text.split()) <= 5 for one in many(CHILD[2]))


def test_the_same_dice_give_the_same() -> None:
    assert many(CHILD[0]) == many(CHILD[0])


@given(st.text())
def test_bare_text_has_no_capitals_and_no_marks(text: str) -> None:
    plain = bare(text)
    assert plain == plain.lower()
    assert not set(plain) & set('.,?!;:"')
    assert bare(plain) == plain
