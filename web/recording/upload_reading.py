"""The worker's side of recorded files: each is read in short steps, so that live sound never waits long.

A step can be repeated: sound that is there already is recognised by its hash. A killed worker reads the
file again from its beginning and loses nothing but the time.
"""

from __future__ import annotations

import hashlib
import io
import logging
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, aliased

from web.interview import events
from web.interview.errors import Conflict, Invalid
from web.problems import trace
from web.recording import upload_file
from web.recording.file_tracks import FileTracks, WrittenDown
from web.recording.files import SealedFiles
from web.recording.pieces import PIECE_MS, Pieces, channels, pieces
from web.recording.places import OF_FILE
from web.recording.service import RecordingService
from web.recording.upload_status import part_count, stop
from web.speech.audio import BadAudio, Recording
from web.speech.model import Samples
from web.store import Database, Interview, Original, Track, Upload, UploadState, Vault
from web.store.base import now
from web.store.vault import Unreadable

log = logging.getLogger(__name__)

PIECES_A_STEP = 6  # a minute of sound
PARTS_A_STEP = 16
STALE = timedelta(hours=1)
"""Files that were brought in later no longer wait for one of which nothing came for so long."""


@dataclass(frozen=True)
class Step:
    """`interview_id` has new sound; `more`: another step should follow."""

    interview_id: str | None
    more: bool


@dataclass
class Reading:
    """A file being read: first its hash is taken, then its sound."""

    upload: Upload
    parts: upload_file.SealedParts
    hashed: int = 0
    hash: hashlib._Hash = field(default_factory=hashlib.sha256)
    recording: Recording | None = None
    channels: dict[str, str | None] = field(default_factory=dict)
    pieces: Pieces = field(default_factory=lambda: iter(()))
    number: int = 0
    problem: str | None = None
    others: bool = False  # some of it was written down with other speakers

    def close(self) -> None:
        if self.recording is not None:
            self.recording.close()


class FileReader:
    """One file at a time, the oldest first. One per worker; not for several threads at once."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        files: SealedFiles,
        recordings: RecordingService,
        max_bytes: int,
    ) -> None:
        self._database, self._vault, self._files = database, vault, files
        self._tracks = FileTracks(database, vault, recordings)
        self._max_bytes = max_bytes
        self._now: Reading | None = None

    def unfinished(self) -> list[str]:
        """Files that wait or were being read, the oldest first. Where one begins depends on what comes before
        it: it waits until an earlier file of its interview has arrived, unless no part of that came for an
        hour, and until the microphones of its interview have ended."""
        before = aliased(Upload)
        follows = exists().where(
            before.interview_id == Upload.interview_id,
            before.state == UploadState.RECEIVING,
            before.created_at < Upload.created_at,
            before.updated_at > now() - STALE,
        )
        speaking = exists().where(
            Track.interview_id == Upload.interview_id, ~Track.ended, ~Track.name.startswith(OF_FILE)
        )
        rows = (
            select(Upload.id)
            .join(Interview, Interview.id == Upload.interview_id)
            .where(
                or_(
                    Upload.state == UploadState.READING,
                    (Upload.state == UploadState.WAITING) & ~follows & ~speaking,
                ),
                Interview.wrapped_key.is_not(None),
            )
            .order_by(Upload.created_at, Upload.id)
        )
        with self._database.read() as session:
            return list(session.scalars(rows))

    def step(self) -> Step:
        """Read a little further. Whatever is wrong with a file is written down with it."""
        reading = self._current()
        if reading is None:
            return Step(None, bool(self.unfinished()))
        interview_id: str | None = reading.upload.interview_id
        try:
            if reading.upload.id not in self.unfinished():
                raise Stopped
            if reading.recording is None:
                self._hash(reading)
                interview_id = None
            elif not self._sound(reading):
                self._finish(reading)
        except Stopped:
            self._stopped(reading)
        except OperationalError:  # the database is busy or away: the queue tries again, from the start
            self._leave(reading)
            raise
        except Exception as error:  # noqa: BLE001
            self._fail(reading, error)
        return Step(interview_id, bool(self.unfinished()))

    def _current(self) -> Reading | None:
        if self._now is None:
            for upload_id in self.unfinished()[:1]:
                self._now = self._begin(upload_id)
        return self._now

    def _begin(self, upload_id: str) -> Reading | None:
        with self._database.write() as session:
            upload = session.get_one(Upload, upload_id, with_for_update=True)
            if upload.state not in (UploadState.WAITING, UploadState.READING):
                return None
            upload.state, upload.updated_at = UploadState.READING, now()
            interview = session.get_one(Interview, upload.interview_id)
        try:
            sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        except Unreadable as error:
            self._note_failure(upload, 0, error)
            return None
        return Reading(upload, upload_file.SealedParts(self._files, sealer, upload))

    def _hash(self, reading: Reading) -> None:
        """Take the hash of a few parts; after the last one the sound begins."""
        last = min(reading.hashed + PARTS_A_STEP, part_count(reading.upload))
        for number in range(reading.hashed, last):
            reading.hash.update(reading.parts.part(number))
        reading.hashed = last
        self._note(reading, 0)
        if last == part_count(reading.upload):
            file = io.BufferedReader(reading.parts)
            reading.recording = Recording(file, "the file", max_bytes=self._max_bytes)
            if len(reading.upload.speakers) > reading.recording.tracks:
                raise TooManySpeakers
            digest = reading.hash.digest()
            reading.channels = channels(digest, reading.recording.tracks, reading.upload.speakers)
            reading.pieces = pieces(reading.recording)

    def _sound(self, reading: Reading) -> bool:
        """A minute of sound; False after the last."""
        assert reading.recording is not None
        for place in range(PIECES_A_STEP):
            piece = self._next(reading)
            if piece is None:
                return False
            if reading.number == 0:
                self._note(reading, 0)
                reading.others = self._tracks.begin(reading.upload, reading.hash.digest(), reading.channels)
            if place == 0:  # before any of it is kept: whoever stops the file now leaves it beside its sound
                self._note(reading, (reading.number + 1) * PIECE_MS)
            self._tracks.add(reading.upload, reading.channels, reading.number, piece)
            reading.number += 1
        self._note(reading, reading.number * PIECE_MS)
        return True

    def _next(self, reading: Reading) -> Samples | None:
        """What could be read of a recording that is too long stays, as with one that breaks off."""
        try:
            return next(reading.pieces, None)
        except BadAudio:
            if reading.number == 0:
                raise
            reading.problem = "too_long"
            return None

    def _note(self, reading: Reading, read_ms: int) -> None:
        """How far it is. Raises Stopped where somebody cancelled meanwhile, or erased the interview."""
        with self._database.write() as session:
            upload = self._held(session, reading)
            upload.read_ms, upload.updated_at = max(upload.read_ms, read_ms), now()
            upload.sha256 = reading.hash.digest() if reading.recording is not None else None
            upload.total_ms = reading.recording.declared_ms if reading.recording is not None else None

    def _held(self, session: Session, reading: Reading) -> Upload:
        interview = events.lock(session, reading.upload.interview_id)
        upload = session.get_one(Upload, reading.upload.id)
        if upload.state is not UploadState.READING or interview.wrapped_key is None:
            raise Stopped
        return upload

    def _finish(self, reading: Reading) -> None:
        """The whole file was read: its tracks end, and the file is kept beside them, once."""
        assert reading.recording is not None
        upload, recording = reading.upload, reading.recording
        problem = reading.problem or _remark(recording) or ("other_speakers" if reading.others else None)
        self._tracks.end(upload, reading.channels)
        digest = reading.hash.digest()
        with self._database.write() as session:
            row = self._held(session, reading)
            row.state, row.problem, row.updated_at = UploadState.DONE, problem, now()
            row.sha256, row.read_ms = digest, recording.read_ms
            if session.scalar(_originals(upload, digest)) is None:
                session.add(
                    Original(
                        interview_id=upload.interview_id,
                        sha256=digest,
                        size=upload.size,
                        read_until_ms=recording.read_ms,
                        complete=not (recording.truncated or reading.problem == "too_long"),
                    )
                )
            spare = _spare(session, row)
            for one in spare:
                one.parts = 0
        self._leave(reading)
        for one in spare:
            self._files.remove(upload_file.folder(self._files, one))

    def _stopped(self, reading: Reading) -> None:
        """What was read before anybody noticed is in the record, and the file has to stay with it."""
        self._leave(reading)
        with self._database.write() as session:
            upload = session.get_one(Upload, reading.upload.id, with_for_update=True)
            upload.read_ms = max(upload.read_ms, reading.number * PIECE_MS)
            erased = session.get_one(Interview, upload.interview_id).wrapped_key is None
        if reading.number and not erased:
            self._tracks.end(reading.upload, reading.channels)

    def _leave(self, reading: Reading) -> None:
        reading.close()
        self._now = None

    def _fail(self, reading: Reading, error: Exception) -> None:
        self._leave(reading)
        self._note_failure(reading.upload, reading.number, error)
        if reading.number:
            self._tracks.end(reading.upload, reading.channels)

    def _note_failure(self, reading: Upload, number: int, error: Exception) -> None:
        """Parts are kept where trying again may help, and wherever sound of them is in the record; the words
        for each code are in upload_words."""
        known = [(code, keep) for kind, code, keep in _FAILURES if isinstance(error, kind)]
        if not known:
            log.error("reading a recorded file: %s", trace(error))
        code, keep = known[0] if known else ("trouble", True)
        with self._database.write() as session:
            upload = session.get_one(Upload, reading.id, with_for_update=True)
            if upload.state is not UploadState.READING:
                return
            upload.read_ms = max(upload.read_ms, number * PIECE_MS)
            keep = keep or upload.read_ms > 0
            stop(upload, UploadState.FAILED, keep=keep, problem=code)
        if not keep:
            self._files.remove(upload_file.folder(self._files, reading))


def _originals(upload: Upload, digest: bytes) -> Select[str]:
    return select(Original.id).where(Original.interview_id == upload.interview_id, Original.sha256 == digest)


def _spare(session: Session, done: Upload) -> list[Upload]:
    """Of several copies of one file those that need not be kept: one that was read to its end is."""
    same = select(Upload).where(
        Upload.interview_id == done.interview_id,
        Upload.sha256 == done.sha256,
        Upload.id != done.id,
    )
    others = [one for one in session.scalars(same) if one.parts == part_count(one)]
    if any(one.state is UploadState.DONE for one in others):
        return [done]
    return [one for one in others if one.state in (UploadState.CANCELLED, UploadState.FAILED)]


class Stopped(Exception):
    """Somebody cancelled the file that is being read, or erased its interview."""


class TooManySpeakers(ValueError):
    """More people were named than the file has channels."""


_FAILURES: tuple[tuple[type[Exception], str, bool], ...] = (
    (BadAudio, "no_sound", False),
    (TooManySpeakers, "speakers", False),
    (WrittenDown, "same_file", False),
    (Conflict, "other_sound", True),
    (Invalid, "too_late", False),
    (Unreadable, "damaged", True),
    (OSError, "disk", True),
)


def _remark(recording: Recording) -> str | None:
    if recording.truncated:
        return "broke_off"
    return "left_out" if recording.damaged else None
