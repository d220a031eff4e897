"""The real coder reads a machine's words: the child's are tagged, an interpreter's never."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.interview.parts import Room
from tests.interview.two_languages import PUSHED, Phrasebook, codings, interpret, two_languages
from web.interview.turns import TurnIn
from web.language.coder import Coder
from web.store import Interview, Tag, Turn


@pytest.fixture
def held(lite: Room) -> Interview:
    lite.engines.coder = Coder.load()
    two_languages(lite, Phrasebook(phrases={PUSHED: "my dad hit me with the belt", "так": "yes"}))
    return lite.new(child_language="uk")


def tagged(room: Room) -> list[tuple[int, str]]:
    with room.database.read() as session:
        rows = session.execute(
            select(Turn.number, Tag.tag, Tag.translation_id).join(Turn, Turn.id == Tag.turn_id)
        ).all()
    assert all(translation is not None for _, _, translation in rows)
    return sorted((number, tag) for number, tag, _ in rows)


def test_only_the_childs_words_are_tagged(lite: Room, held: Interview) -> None:
    lite.say(held, "interviewer", "Tell me everything that happened.")
    interpret(lite, held, PUSHED, "uk")
    assert tagged(lite) == []
    lite.say(held, "child", PUSHED)
    assert (3, "ABU-PHY") in tagged(lite)
    assert {number for number, _ in tagged(lite)} == {3}
    interpret(lite, held, "My dad hit me with the belt.", "en")
    assert {number for number, _ in tagged(lite)} == {3}
    assert [(row.type, row.translation_id is not None) for row in codings(lite)] == [
        ("invitation", False),
        (None, False),
        (None, True),
        (None, False),
    ]


def test_no_invitation_is_made_of_a_machines_words(lite: Room, held: Interview) -> None:
    lite.say(held, "interviewer", "Tell me everything that happened.")
    shown = lite.say(held, "child", PUSHED).guidance
    assert shown is not None
    assert shown["cues"] == []
    lite.say(held, "interviewer", "Did he have a knife?")
    asked = lite.service.guidance(held.id)
    assert asked is not None
    assert "belt" not in str(asked["cards"]) + str(asked["nudge"])
    assert asked["nudge"]["translated"] is True


def test_the_same_words_in_english_would_make_one(lite: Room, held: Interview) -> None:
    lite.say(held, "interviewer", "Tell me everything that happened.")
    turn = TurnIn("k", "child", "my dad hit me with the belt", language="en")
    shown = lite.service.add_turn(held.id, lite.user.id, turn).guidance
    assert shown is not None
    assert "belt" in str(shown["cues"])
