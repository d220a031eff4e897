"""The tracks of a recorded file: begun together, at one place in the interview, and ended as far as read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict
from web.recording import places
from web.recording.service import RecordingService, check_track, note_track
from web.speech.model import Samples
from web.store import Database, Original, Track, Upload, Vault
from web.store.base import new_id


class WrittenDown(Conflict):
    """All of a file has become text, with other speakers than are wanted now."""

    def __init__(self) -> None:
        super().__init__("This file is written down already, with other speakers.")


class FileTracks:
    def __init__(self, database: Database, vault: Vault, recordings: RecordingService) -> None:
        self._database, self._vault, self._recordings = database, vault, recordings

    def begin(self, upload: Upload, digest: bytes, speakers: Mapping[str, str | None]) -> bool:
        """Begin the tracks, or find them as they were begun.

        Other `speakers` than before hold for what has not been written down yet; True where some has been.
        Raises WrittenDown where all has, Invalid for a place after the longest interview.
        """
        with self._database.write() as session:
            interview = events.lock(session, upload.interview_id)
            sealer = self._vault.sealer(interview.id, interview.wrapped_key)
            begin = places.begins_ms(session, interview.id, digest, upload.beside)
            tracks = [self._track(session, interview.id, name, begin) for name in speakers]
            others = [track for track in tracks if track.id and track.speaker != speakers[track.name]]
            if others and all(track.heard_out for track in tracks) and _whole(session, interview.id, digest):
                raise WrittenDown
            for track in tracks:
                if track.id and track not in others:
                    continue
                track.id = track.id or new_id()
                track.speaker = speakers[track.name]
                session.add(track)
                note_track(session, sealer, interview, track, upload.author_id)
            return any(track.transcribed_ms for track in others)

    def _track(self, session: Session, interview_id: str, name: str, begin: int) -> Track:
        """As it was begun; a new one has no id."""
        found = session.scalar(select(Track).where(Track.interview_id == interview_id, Track.name == name))
        if found is not None:
            return found
        check_track(name, None, begin)
        return Track(id="", interview_id=interview_id, name=name, offset_ms=begin)

    def add(self, upload: Upload, speakers: Mapping[str, str | None], number: int, piece: Samples) -> None:
        """One piece of all tracks. Raises Conflict where other sound was read under this number before."""
        for name, samples in zip(speakers, piece, strict=True):
            body = np.ascontiguousarray(samples).astype("<i2").tobytes()
            digest = hashlib.sha256(body).hexdigest()
            self._recordings.add_chunk(upload.interview_id, name, number, body, digest, reopen=True)

    def end(self, upload: Upload, speakers: Mapping[str, str | None]) -> None:
        """As far as they came: what was said last is then written down, too."""
        for name in speakers:
            self._recordings.end_track(upload.interview_id, name, None, upload.author_id)


def _whole(session: Session, interview_id: str, digest: bytes) -> bool:
    same = select(Original.id).where(Original.interview_id == interview_id, Original.sha256 == digest)
    return session.scalar(same) is not None
