"""Tracks that nobody ended: the browser died, or a file was stopped while no worker ran."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from web.recording.places import OF_FILE
from web.recording.service import RecordingService
from web.store import Chunk, Database, Interview, InterviewState, Track, Upload, UploadState
from web.store.base import now

QUIET = timedelta(minutes=15)
"""So long after an interview was closed a browser that still has sound of it has sent some."""


def end_left(database: Database, recordings: RecordingService) -> list[str]:
    """End the tracks of which nothing more is to be expected, so that what was said last is written down and
    the transcript can be certified. Should a browser come back with more sound, its track goes on.

    Returns the interviews in which there is something to hear now.
    """
    newest = select(func.max(Chunk.received_at)).where(Chunk.track_id == Track.id).scalar_subquery()
    before = now() - QUIET
    closed = (Interview.state == InterviewState.CLOSED) & (Interview.ended_at < before)
    microphones = (
        ~Track.name.startswith(OF_FILE) & closed & (func.coalesce(newest, Track.created_at) < before)
    )
    reading = select(Upload.id).where(
        Upload.interview_id == Interview.id,
        Upload.state.in_((UploadState.WAITING, UploadState.READING)),
    )
    found = (
        select(Track.interview_id, Track.name)
        .join(Interview, Interview.id == Track.interview_id)
        .where(~Track.ended, Interview.wrapped_key.is_not(None))
        .where(microphones | (Track.name.startswith(OF_FILE) & ~reading.exists()))
    )
    with database.read() as session:
        left = [(interview_id, name) for interview_id, name in session.execute(found)]
    for interview_id, name in left:
        recordings.end_track(interview_id, name, None, None, left=True)
    return list(dict.fromkeys(interview_id for interview_id, _ in left))
