"""Microphones whose browser never came back, and those that are begun beside a file or a transcript."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.recording.sounds import Sender, wav
from web.interview.errors import Conflict
from web.recording.endings import QUIET, end_left
from web.recording.service import RecordingService
from web.recording.upload_parts import PartsService
from web.recording.upload_reading import FileReader
from web.store import Chunk, Database, Interview, InterviewState, Track, Turn
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


def test_a_gap_that_is_left_for_good_ends_it_once(
    left: str, recordings: RecordingService, database: Database
) -> None:
    """Chunk 3 comes, chunk 2 never does."""
    for _ in range(2):
        assert end_left(database, recordings) == [left]
        put(recordings, left, 3 + _)
        with database.write() as session:
            session.execute(update(Chunk).values(received_at=LONG_AGO))
    assert recordings.state(left, "room").saved_ms == 2000


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


def test_a_microphone_gets_its_place_after_a_file_and_none_within_it(
    parts: PartsService,
    reader: FileReader,
    recordings: RecordingService,
    interview_id: str,
    database: Database,
) -> None:
    with database.read() as session:
        author = session.get_one(Interview, interview_id).interviewer_id
    Sender(parts, interview_id, author, wav(25)).send()
    while reader.step().more:
        pass
    for offset in (0, 24_999):
        with pytest.raises(Conflict) as refused:
            recordings.open_track(interview_id, "room", None, offset, None)
        assert "recorded file" in refused.value.detail
    recordings.open_track(interview_id, "room", None, 25_000, None)
