"""A short interview with sound and words on record, and people to correct it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask

from tests.interview.parts import Room, make_room
from web.interview.turns import TurnIn
from web.store import Database, Interview, Role, Segment, Track, Turn, User, Vault, audit
from web.store.base import new_id
from web.transcript.coding import CodingAgain
from web.transcript.record import Record
from web.transcript.service import StepIn, TranscriptService

ASKED = "Tell me what happened."
CHILD = "he bit me then I ran"
KEYS = count(1)


def said(text: str, start_ms: int, step_ms: int = 300, sure: float = 0.9) -> list[dict[str, Any]]:
    """Words one after the other, as speech recognition gives them; the second one is doubtful."""
    return [
        {
            "text": word,
            "start_ms": start_ms + number * step_ms,
            "end_ms": start_ms + (number + 1) * step_ms,
            "probability": 0.2 if number == 1 else sure,
        }
        for number, word in enumerate(text.split())
    ]


def hold(room: Room) -> Interview:
    """Typed question, spoken answer, a stretch nobody understood, a typed closing."""
    interview = room.new()
    room.say(interview, "interviewer", ASKED)
    spoken = TurnIn("sp1", "child", CHILD, 2000, 4000, source="speech", words=said(CHILD, 2000))
    turn = room.service.add_turn(interview.id, None, spoken)
    room.say(interview, "interviewer", "Did he bite you?")
    track = Track(
        id=new_id(),
        interview_id=interview.id,
        name="child",
        speaker="child",
        offset_ms=500,
        ended=True,
        heard_out=True,
    )
    with room.database.write() as session:
        session.add(track)
        session.flush()
        for start, end, turn_id in ((1500, 3500, turn.turn_id), (5000, 6500, None)):
            session.add(
                Segment(track_id=track.id, turn_id=turn_id, start_ms=start, end_ms=end, confidence=0.5)
            )
    return room.service.get(interview.id)


@dataclass
class Desk:
    """What the tests work on; `sam` is a supervisor, `anna` holds the interview."""

    room: Room
    database: Database
    vault: Vault
    service: TranscriptService
    again: CodingAgain
    interview: Interview
    sam: User
    anna: User

    def take(self, kind: str, user: User | None = None, seen: int | None = None, **fields: Any) -> int:
        key = fields.pop("key", f"t{next(KEYS)}")
        seen = self.held.now.number if seen is None else seen
        return self.service.take(self.interview.id, user or self.sam, StepIn(key, kind, seen, **fields))

    @property
    def held(self) -> Record:
        return self.service.read(self.interview)

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.held.now.segments]

    def close(self) -> None:
        self.room.service.close(self.interview.id, self.anna.id, f"end{next(KEYS)}", "enough")

    def turns(self) -> list[Turn]:
        with self.database.read() as session:
            return list(session.query(Turn).filter_by(interview_id=self.interview.id).order_by(Turn.number))


@pytest.fixture
def desk(any_config, database) -> Desk:
    room = make_room(any_config, database)
    sam = User(id=new_id(), name="sam", full_name="Sam", role=Role.SUPERVISOR, password_hash="-")
    with database.write() as session:
        session.add(sam)
    key = any_config.secret(audit.KEY_NAME)

    def write_audit(session: Any, actor: str | None, action: str, subject: str) -> None:
        audit.append(session, key, actor, action, subject)

    return Desk(
        room,
        database,
        room.vault,
        TranscriptService(database, room.vault, write_audit),
        CodingAgain(database, room.vault, write_audit, lambda: room.coder),
        hold(room),
        sam,
        room.user,
    )


@pytest.fixture
def shown(app: Flask, users: dict[Role, User]) -> Interview:
    """The same interview in the app's own database, held by its interviewer."""
    here = app.extensions["tellmore"]
    room = make_room(here.config, here.database, users[Role.INTERVIEWER])
    return hold(room)
