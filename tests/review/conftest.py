"""A short interview on record, coded and marked by the machine, for a supervisor to read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from flask import Flask

from tests.interview.parts import Room, make_room
from web.language.model import Coding, Indicator, Response, Turn
from web.review.service import ReviewService
from web.store import Database, Interview, Role, User, Vault, audit
from web.store.base import new_id

CHILD = "he hit me with the belt and then he locked the door"
MARK = Indicator(
    tag="ABU-PHY",
    quote="hit me with the belt",
    start=3,
    end=23,
    polarity="affirmed",
    reality="actual",
    experiencer="child",
    time="past",
    role="happened_to_me",
    elicitation="after_invitation",
    urgency=2,
    confidence=0.8,
    why="The child says that someone used force on a child",
)


def add_marks(room: Room) -> None:
    """Let the plain coder mark the one sentence about the belt."""
    plain = room.coder.code

    def code(conversation: object, turn: Turn) -> Coding:
        coding = plain(conversation, turn)
        if turn.text == CHILD:
            coding = replace(coding, response=Response.NARRATIVE, indicators=(MARK,))
        return coding

    room.coder.code = code  # type: ignore[method-assign]


def hold(room: Room) -> Interview:
    interview = room.new()
    room.say(interview, "interviewer", "Tell me what happened.")
    room.say(interview, "child", CHILD)
    room.say(interview, "interviewer", "Did he touch you?")
    room.say(interview, "interpreter", "нет")
    return interview


@dataclass
class Desk:
    """What the tests work on."""

    database: Database
    vault: Vault
    reviews: ReviewService
    interview: Interview
    supervisor: User


@pytest.fixture
def desk(room: Room) -> Desk:
    add_marks(room)
    interview = hold(room)
    supervisor = User(id=new_id(), name="sam", full_name="Sam", role=Role.SUPERVISOR, password_hash="-")
    with room.database.write() as session:
        session.add(supervisor)
    key = room.config.secret(audit.KEY_NAME)
    reviews = ReviewService(
        room.database,
        room.vault,
        lambda session, actor, action, subject: audit.append(session, key, actor, action, subject),
    )
    return Desk(room.database, room.vault, reviews, interview, supervisor)


@pytest.fixture
def room(any_config, database):
    return make_room(any_config, database)


@pytest.fixture
def shown(app: Flask, users: dict[Role, User]) -> Interview:
    """The same interview in the app's own database."""
    here = app.extensions["tellmore"]
    room = make_room(here.config, here.database)
    room.user = users[Role.INTERVIEWER]
    add_marks(room)
    return hold(room)
