"""What the comparison reads: turns as corrected, and what a person wrote where the machine heard nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.interview.parts import Room, make_room
from web.config import Config
from web.interpreting import record
from web.interpreting.model import English, Said
from web.interview.turns import TurnIn
from web.review.reading import Sound
from web.store import Database, Interview, Segment, Track, Translation, Turn
from web.store.base import new_id
from web.transcript.service import StepIn, TranscriptService


@pytest.fixture
def room(any_config: Config, database: Database) -> Room:
    return make_room(any_config, database)


@pytest.fixture
def interview(room: Room) -> Interview:
    return room.new(child_language="uk")


def read(room: Room, interview: Interview) -> list[Said]:
    with room.database.read() as session:
        return record.said(session, room.vault.sealer(interview.id, interview.wrapped_key), interview)


def correct(room: Room, interview: Interview, seen: int, segment: str, text: str) -> None:
    service = TranscriptService(room.database, room.vault, lambda *_: None, lambda *_: None, 1 << 16)
    service.take(interview.id, room.user, StepIn(f"s{seen}", "text", seen, segment=segment, text=text))


def heard(room: Room, interview: Interview, name: str, speaker: str, start_ms: int, end_ms: int) -> None:
    """Speech of which the machine made no turn."""
    track = Track(id=new_id(), interview_id=interview.id, name=name, speaker=speaker, offset_ms=1000)
    with room.database.write() as session:
        session.add(track)
        session.flush()
        session.add(Segment(track_id=track.id, start_ms=start_ms, end_ms=end_ms, confidence=0.0))


def test_what_an_interpreter_was_heard_to_say_by_a_person_has_its_language_and_sound(
    room: Room, interview: Interview
) -> None:
    heard(room, interview, "me", "interviewer", 0, 2000)
    heard(room, interview, "third", "interpreter", 2500, 4000)
    assert read(room, interview) == []
    correct(room, interview, 0, "third@2500", "Розкажи.")
    [one] = read(room, interview)
    assert (one.speaker, one.language, one.number) == ("interpreter", "uk", None)
    assert one.sound == Sound("third", 2500, 4000)


def translate(room: Room, interview: Interview, turn_id: str, english: str) -> None:
    sealer, row_id = room.vault.sealer(interview.id, interview.wrapped_key), new_id()
    with room.database.write() as session:
        session.add(
            Translation(
                id=row_id, interview_id=interview.id, turn_id=turn_id, language="en", route=["uk", "en"],
                packages=[], warnings=[], sealed_text=sealer.seal(english, f"translation:{row_id}"),
            )
        )  # fmt: skip


def test_of_what_a_person_wrote_the_translation_on_record_is_read(room: Room, interview: Interview) -> None:
    heard(room, interview, "third", "child", 0, 2000)
    correct(room, interview, 0, "third@0", "Він був там.")
    with room.database.read() as session:
        (turn_id,) = session.scalars(select(Turn.id))
    translate(room, interview, turn_id, "He was there.")
    assert [one.english for one in read(room, interview)] == [English("He was there.")]
    correct(room, interview, 1, "third@0", "Він був тут.")
    assert [one.english for one in read(room, interview)] == [None]


def test_a_translation_of_words_that_were_corrected_is_not_used(room: Room, interview: Interview) -> None:
    turn = TurnIn("k1", "interpreter", "Він був там.", language="uk")
    turn_id = room.service.add_turn(interview.id, None, turn).turn_id
    translate(room, interview, turn_id, "He was there.")
    assert [one.english for one in read(room, interview)] == [English("He was there.")]
    correct(room, interview, 0, "1", "Він був тут?")
    [one] = read(room, interview)
    assert (one.text, one.english) == ("Він був тут?", None)
