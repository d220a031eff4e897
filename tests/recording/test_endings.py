"""Microphones whose browser never came back, and those that are begun beside a file or a transcript."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.recording.sounds import Sender, wav
from web.interview import events
from web.interview.errors import Conflict
from web.recording.endings import QUIET, end_left
from web.recording.placed import Missing, missing
from web.recording.service import RecordingService
from web.recording.upload_parts import PartsService
from web.recording.upload_reading import FileReader
from web.store import Chunk, Database, EventKind, Interview, InterviewState, Track, Turn, Vault
from web.store.base import new_id, now

LONG_AGO = now() - QUIET - timedelta(minutes=1)


def put(recordings: RecordingService, interview_id: str, number: int) -> None:
    body = bytes([number]) * 32_000
    recordings.add_chunk(interview_id, "room", number, body, hashlib.sha256(body).hexdigest())


@pytest.fixture
def left(recordings: RecordingService, interview_id: str, database: Database) -> str:
    """Two chunks came; the browser died, somebody closed the interview, and it got late."""
    recordings.open_track(interview_id, "room", None, 0, None)
    for number in range(2):
        put(recordings, interview_id, number)
    with database.write() as session:
        session.execute(update(Track).values(created_at=LONG_AGO))
        session.execute(update(Chunk).values(received_at=LONG_AGO))
        session.execute(update(Interview).values(state=InterviewState.CLOSED, ended_at=LONG_AGO))
    return interview_id


def test_a_track_that_nobody_ended_is_ended_when_nothing_comes_any_more(
    left: str, recordings: RecordingService, database: Database
) -> None:
    assert end_left(database, recordings) == [left]
    state = recordings.state(left, "room")
    assert (state.ended, state.chunks) == (True, 2)
    assert end_left(database, recordings) == []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Interview, {"state": InterviewState.LIVE}),
        (Interview, {"ended_at": now()}),
        (Chunk, {"received_at": now()}),
        (Interview, {"wrapped_key": None}),
    ],
    ids=["not closed", "closed just now", "sound just now", "erased"],
)
def test_a_track_of_which_more_may_come_stays_open(
    left: str, recordings: RecordingService, database: Database, table: type, values: dict[str, object]
) -> None:
    with database.write() as session:
        session.execute(update(table).values(**values))
    assert end_left(database, recordings) == []
    assert not recordings.state(left, "room").ended


def test_a_browser_that_comes_back_after_all_loses_no_sound(
    left: str, recordings: RecordingService, database: Database
) -> None:
    """A day later, from its queue; and twice."""
    for number in (2, 3):
        end_left(database, recordings)
        with database.write() as session:
            session.execute(update(Track).values(heard_out=True))
        put(recordings, left, number)
        with database.write() as session:
            track = session.scalars(select(Track)).one()
            assert (track.ended, track.heard_out) == (False, False)
            session.execute(update(Chunk).values(received_at=LONG_AGO))
    recordings.end_track(left, "room", 4, None)
    with pytest.raises(Conflict):
        put(recordings, left, 4)


def test_a_gap_that_is_left_for_good_ends_it_once_and_the_sound_behind_it_is_there(
    left: str, recordings: RecordingService, database: Database
) -> None:
    """Chunk 3 comes, chunk 2 never does: a silence as long as the chunk before stands for it."""
    put(recordings, left, 3)
    for number in (4, 5):
        with database.write() as session:
            session.execute(update(Chunk).values(received_at=LONG_AGO))
        assert end_left(database, recordings) == [left]
        put(recordings, left, number)
    with database.write() as session:
        session.execute(update(Chunk).values(received_at=LONG_AGO))
    assert end_left(database, recordings) == [left]
    assert end_left(database, recordings) == []
    state = recordings.state(left, "room")
    assert (state.saved_ms, state.missing_ms, state.next) == (6000, 1000, 2)
    with database.read() as session:
        track_id = session.scalars(select(Track.id)).one()
        assert missing(session, left) == [Missing("room", 2000, 3000)]
    heard = [bytes([number]) * 32_000 for number in (0, 1)] + [bytes(32_000)]
    heard += [bytes([number]) * 32_000 for number in (3, 4, 5)]
    assert b"".join(recordings.pcm(track_id)) == b"".join(heard)
    assert b"".join(recordings.pcm(track_id, 2500, 3500)) == bytes(16_000) + bytes([3]) * 16_000
    assert recordings.sound_from(track_id, 1, 3) == heard[1:4]
    assert recordings.sound_from(track_id, 2, 100) == heard[2:]
    for at, place in ((1999, (1, 15_984)), (2500, (2, 8000)), (3500, (3, 8000)), (6000, (6, 0))):
        assert recordings.place(track_id, at) == place


def test_a_hole_at_the_beginning_is_as_long_as_the_first_sound_that_came(
    recordings: RecordingService, interview_id: str, database: Database
) -> None:
    recordings.open_track(interview_id, "room", None, 0, None)
    put(recordings, interview_id, 2)
    recordings.end_track(interview_id, "room", None, None, left=True)
    with database.read() as session:
        track_id = session.scalars(select(Track.id)).one()
        assert missing(session, interview_id) == [Missing("room", 0, 2000)]
    heard = [bytes(32_000), bytes(32_000), bytes([2]) * 32_000]
    assert recordings.sound_from(track_id, 0, 9) == heard
    assert b"".join(recordings.pcm(track_id)) == b"".join(heard)


def test_what_may_still_come_is_not_missing(
    recordings: RecordingService, interview_id: str, database: Database
) -> None:
    recordings.open_track(interview_id, "room", None, 0, None)
    for number in (0, 2):
        put(recordings, interview_id, number)
    with database.read() as session:
        track_id = session.scalars(select(Track.id)).one()
        assert missing(session, interview_id) == []
    assert recordings.sound_from(track_id, 0, 9) == [bytes(32_000)]
    assert recordings.state(interview_id, "room").missing_ms == 0


def test_a_microphone_is_refused_beside_a_transcript(
    recordings: RecordingService, interview_id: str, database: Database
) -> None:
    recordings.open_track(interview_id, "before", None, 0, None)
    with database.write() as session:
        key = new_id()
        session.add(
            Turn(
                id=key,
                interview_id=interview_id,
                seq=1,
                number=1,
                speaker="child",
                language="en",
                source="import",
                sealed_text=b"-",
            )
        )
    with pytest.raises(Conflict) as refused:
        recordings.open_track(interview_id, "room", None, 0, None)
    assert "transcript" in refused.value.detail
    recordings.open_track(interview_id, "before", None, 0, None)


def test_sound_of_a_microphone_is_taken_though_a_file_stands_at_its_time_and_that_is_noted(
    parts: PartsService,
    reader: FileReader,
    recordings: RecordingService,
    interview_id: str,
    database: Database,
    vault: Vault,
) -> None:
    with database.read() as session:
        author = session.get_one(Interview, interview_id).interviewer_id
    Sender(parts, interview_id, author, wav(25)).send()
    while reader.step().more:
        pass
    recordings.open_track(interview_id, "within", None, 24_999, None)
    recordings.open_track(interview_id, "after", None, 25_000, None)
    with database.read() as session:
        interview = session.get_one(Interview, interview_id)
        sealer = vault.sealer(interview_id, interview.wrapped_key)
        kinds = (EventKind.AUDIO,)
        found = [event.payload for event in events.after(session, sealer, interview_id, 0, kinds=kinds)]
    noted = {one["track"]: one.get("over_file") for one in found if not one["track"].startswith("file-")}
    assert noted == {"within": True, "after": None}
