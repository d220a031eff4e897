"""A short interview on record, coded and marked by the machine, for a supervisor to read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from flask import Flask

from tests.interview.parts import Room, code_as, force, make_room
from web.language.model import Coding, Response, Turn
from web.review.service import ReviewService
from web.store import Database, Interview, Role, User, Vault, audit
from web.store.base import new_id

CHILD = "he hit me with the belt and then he locked the door"
MARK = force("hit me with the belt", 3)


def add_marks(room: Room) -> None:
    """Let the plain coder mark the one sentence about the belt."""

    def told(turn: Turn, coding: Coding) -> Coding:
        marked = replace(coding, response=Response.NARRATIVE, indicators=(MARK,))
        return marked if turn.text == CHILD else coding

    code_as(room, told)


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
