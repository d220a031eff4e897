"""A recorded file that fits into one request becomes tracks, and is itself kept whole; longer ones come in
parts, see upload_parts.py."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from sqlalchemy import select

from web.interview import events
from web.interview.errors import Invalid, TooLarge
from web.recording.files import SealedFiles
from web.recording.pieces import Channels, channels, pieces, store_piece
from web.recording.service import RecordingService
from web.recording.upload_parts import refuse_beside_transcript
from web.speech.audio import BadAudio, Recording
from web.store import Database, Interview, Original, Vault


@dataclass(frozen=True)
class BroughtIn:
    """What became of a file: its tracks, how much could be read, and what a person should know."""

    tracks: tuple[str, ...]
    read_ms: int
    warnings: tuple[str, ...]


class UploadService:
    """Brings recorded files into interviews. Sizes in bytes."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        files: SealedFiles,
        recordings: RecordingService,
        max_bytes: int,
    ) -> None:
        self._database = database
        self._vault = vault
        self._files = files
        self._recordings = recordings
        self._max_bytes = max_bytes

    def bring_in(
        self, interview_id: str, file: IO[bytes], speakers: Sequence[str | None], actor_id: str | None
    ) -> BroughtIn:
        """Decode, store and announce a recording. Repeating it after a failure is harmless.

        `speakers` names who is on which channel of a two-channel file; one, or none, for one microphone.
        Raises Invalid (no sound, wrong number of speakers), TooLarge, Conflict (the turns come from a
        transcript). Nothing is kept of a refused file.
        """
        with self._database.read() as session:
            refuse_beside_transcript(session, interview_id)
        content = file.read(self._max_bytes + 1)
        if len(content) > self._max_bytes:
            raise TooLarge(len(content), self._max_bytes)
        digest = hashlib.sha256(content).digest()
        try:
            with Recording(content, "the file") as recording:
                tracks = _channels(digest, recording.tracks, speakers)
                parts = self._store(interview_id, recording, tracks, actor_id)
                read_ms, warnings, complete = recording.read_ms, recording.warnings(), not recording.truncated
        except BadAudio as error:
            raise Invalid("file", f"{str(error).capitalize()}. Nothing was saved.") from None
        self._keep(interview_id, content, Original(sha256=digest, read_until_ms=read_ms, complete=complete))
        for name in tracks:
            self._recordings.end_track(interview_id, name, parts, actor_id)
        return BroughtIn(tuple(tracks), read_ms, tuple(warnings))

    def _store(self, interview_id: str, recording: Recording, tracks: Channels, actor_id: str | None) -> int:
        """Write all chunks; returns how many a track has."""
        number = 0
        for piece in pieces(recording):
            store_piece(self._recordings, interview_id, tracks, number, piece, actor_id)
            number += 1
        return number

    def _keep(self, interview_id: str, content: bytes, original: Original) -> None:
        name = original.sha256.hex()
        with self._database.read() as session:
            interview = session.get_one(Interview, interview_id)
            sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        path = self._files.path(interview_id, "originals", f"{name}.original")
        self._files.write(path, sealer.seal_bytes(content, f"original:{name}"))
        same = select(Original).where(
            Original.interview_id == interview_id, Original.sha256 == original.sha256
        )
        with self._database.write() as session:
            events.lock(session, interview_id)
            if session.scalar(same) is None:
                original.interview_id, original.size = interview_id, len(content)
                session.add(original)


def _channels(digest: bytes, count: int, speakers: Sequence[str | None]) -> Channels:
    if len(speakers) > count:
        raise Invalid("speakers", f"{len(speakers)} speakers were named; the file has {count} channel(s).")
    return channels(digest, count, speakers)
