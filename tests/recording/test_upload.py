"""Recorded files: good, broken, pretending."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.recording.sounds import wav
from web.interview.errors import Invalid, TooLarge
from web.recording.upload import UploadService
from web.store import Chunk, Original, Track

LIMIT = 2 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + bytes(4000)


@pytest.fixture
def uploads(database, vault, files, recordings) -> UploadService:
    recordings._max_chunk_bytes = 1024 * 1024
    return UploadService(database, vault, files, recordings, LIMIT)


def rows(database, table) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_file_becomes_an_ended_track_with_all_its_sound(uploads, recordings, interview_id):
    result = uploads.bring_in(interview_id, io.BytesIO(wav(25)), [], None)
    (name,) = result.tracks
    state = recordings.state(interview_id, name)
    assert (state.ended, state.saved_ms, state.chunks) == (True, 25_000, 3)
    assert result.warnings == ()


def test_two_channels_are_two_tracks_with_their_speakers(uploads, recordings, interview_id):
    result = uploads.bring_in(interview_id, io.BytesIO(wav(3, channels=2)), ["interviewer", "child"], None)
    speakers = [recordings.state(interview_id, name).speaker for name in result.tracks]
    assert speakers == ["interviewer", "child"]


def test_the_same_file_twice_is_one_recording(uploads, database, interview_id):
    first = uploads.bring_in(interview_id, io.BytesIO(wav(3)), [], None)
    assert uploads.bring_in(interview_id, io.BytesIO(wav(3)), [], None) == first
    assert rows(database, Track) == 1
    assert rows(database, Original) == 1


@pytest.mark.parametrize(
    ("content", "error"),
    [(PNG, Invalid), (b"", Invalid), (b"RIFF", Invalid), (bytes(LIMIT + 1), TooLarge)],
    ids=["a picture", "nothing", "a stump", "too large"],
)
def test_what_is_no_recording_is_refused_and_leaves_nothing(
    uploads, database, interview_id, tmp_path: Path, content, error
):
    with pytest.raises(error):
        uploads.bring_in(interview_id, io.BytesIO(content), [], None)
    assert rows(database, Track) == rows(database, Chunk) == rows(database, Original) == 0
    assert not [path for path in (tmp_path / "audio").rglob("*") if path.is_file()]


def test_a_recording_that_breaks_off_keeps_what_there_is_and_says_so(uploads, database, interview_id):
    result = uploads.bring_in(interview_id, io.BytesIO(wav(20)[: 16_000 * 2 * 8]), [], None)
    assert 7_500 <= result.read_ms <= 8_100
    assert "could be read up to second" in result.warnings[0]
    with database.read() as session:
        assert session.scalar(select(Original.complete)) is False


def test_more_speakers_than_channels_is_refused(uploads, database, interview_id):
    with pytest.raises(Invalid) as caught:
        uploads.bring_in(interview_id, io.BytesIO(wav(2)), ["interviewer", "child"], None)
    assert caught.value.extra["field"] == "speakers"
    assert rows(database, Track) == 0


def test_the_original_is_kept_sealed(uploads, interview_id, tmp_path: Path):
    content = wav(2)
    uploads.bring_in(interview_id, io.BytesIO(content), [], None)
    (original,) = tmp_path.rglob("*.original")
    assert content[200:400] not in original.read_bytes()
    assert len(original.read_bytes()) > len(content)
