"""Tracks and chunks: receive, acknowledge, give back. Nothing acknowledged is ever altered."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict, Invalid, NotFound, TooLarge
from web.interview.new import language_tag
from web.interview.turns import check_key
from web.recording import places
from web.recording.files import SealedFiles
from web.speech.model import RATE
from web.store import Chunk, Database, EventKind, Interview, Sealer, SpeakerMark, Track, Vault
from web.store.base import new_id

SPEAKERS = ("interviewer", "child", "interpreter")
TRACK_NAME = re.compile(r"[a-z0-9_-]{1,20}")
LONGEST_RECORDING_MS = 12 * 3600 * 1000
MOST_CHUNKS = 1_000_000


@dataclass(frozen=True)
class Receipt:
    """Proof that a chunk is on disk. `next` is the first number that has not arrived yet."""

    track: str
    number: int
    next: int
    sha256: str
    created: bool


@dataclass(frozen=True)
class TrackState:
    """`saved_ms` counts sound without a gap from the start; `transcribed_ms` has become turns."""

    track: str
    speaker: str | None
    language: str | None
    chunks: int
    next: int
    ended: bool
    saved_ms: int
    transcribed_ms: int


class RecordingService:
    """Receives sound for interviews. `max_chunk_bytes` bounds one chunk."""

    def __init__(self, database: Database, vault: Vault, files: SealedFiles, max_chunk_bytes: int) -> None:
        self._database = database
        self._vault = vault
        self._files = files
        self._max_chunk_bytes = max_chunk_bytes

    def open_track(  # noqa: PLR0917
        self,
        interview_id: str,
        name: str,
        speaker: str | None,
        offset_ms: int,
        actor_id: str | None,
        language: str | None = None,
    ) -> TrackState:
        """Begin a microphone's track, or find it as it was begun. `language` is an interpreter's who speaks
        but one on it. Raises Invalid, Conflict where it differs, or where a transcript or a recorded file
        stands at this time already."""
        check_track(name, speaker, offset_ms)
        language = _interpreters(speaker, language)
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            track = _find(session, interview_id, name)
            if track is None:
                places.refuse_beside_transcript(session, interview_id)
                places.refuse_over_file(session, interview_id, offset_ms)
                track = Track(
                    id=new_id(),
                    interview_id=interview_id,
                    name=name,
                    speaker=speaker,
                    language=language,
                    offset_ms=offset_ms,
                )
                session.add(track)
                note_track(session, self._sealer(interview), interview, track, actor_id)
                session.flush()
            elif (track.speaker, track.language) != (speaker, language):
                raise Conflict(
                    f"Track {name!r} was begun for {track.speaker or 'several speakers'}.", field="speaker"
                )
            return _state(session, track)

    def add_chunk(  # noqa: PLR0917
        self,
        interview_id: str,
        name: str,
        number: int,
        body: bytes,
        sha256_hex: str,
        *,
        reopen: bool = False,
    ) -> Receipt:
        """Store one chunk of PCM (16 kHz, mono, signed 16 bit). Repeating it is harmless. A track that was
        ended only because nothing more came goes on with it, and with `reopen` any.

        Raises Invalid (hash, length), TooLarge, NotFound (track), Conflict (other sound under this number,
        or a number beyond the announced end).
        """
        digest = self._checked(body, number, sha256_hex)
        with self._database.read() as session:
            track = _track(session, interview_id, name)
            interview = session.get_one(Interview, interview_id)
            known = _known(session, track, number)
        if known is None:
            sealer = self._sealer(interview)
            path = self._files.path(interview_id, track.id, f"{number}.chunk")
            with self._database.write() as session:
                # Two uploads of one number: the second sees the first's row.
                interview = events.lock(session, interview_id)
                track = _track(session, interview_id, name)
                known = _known(session, track, number)
                if known is None:
                    if track.ended:
                        self._go_on(session, interview, track, number, reopen)
                    self._files.write(path, sealer.seal_bytes(body, f"chunk:{track.id}:{number}"))
                    session.add(
                        Chunk(track_id=track.id, number=number, sha256=digest, samples=len(body) // 2)
                    )
                    session.flush()
                    return Receipt(name, number, _next(session, track), digest.hex(), True)
        if known.sha256 != digest:
            raise Conflict(
                f"Chunk {number} of track {name!r} is already saved with other sound.", field="number"
            )
        with self._database.read() as session:
            return Receipt(name, number, _next(session, track), digest.hex(), False)

    def _go_on(self, session: Session, interview: Interview, track: Track, number: int, reopen: bool) -> None:
        """Raises Conflict where somebody said that this was all."""
        have = _next(session, track)
        if not reopen and events.by_key(session, interview.id, left_key(track, have)) is None:
            raise Conflict(f"Track {track.name!r} has ended with {have} parts.", field="number")
        track.ended = track.heard_out = False
        note_track(session, self._sealer(interview), interview, track, None)

    def end_track(
        self, interview_id: str, name: str, chunks: int | None, actor_id: str | None, *, left: bool = False
    ) -> TrackState:
        """All `chunks` parts were sent; None: what is here is all. `left`: nobody said so, and it goes on
        should more come. Raises NotFound, and Conflict naming the first that is missing."""
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            track = _track(session, interview_id, name)
            have = _next(session, track)
            if chunks not in (have, None):
                raise Conflict(
                    f"Track {name!r} has {have} parts without a gap, not {chunks}. Send the rest first.",
                    next=have,
                )
            if not track.ended:
                track.ended = True
                key = left_key(track, have) if left else None
                if key and events.by_key(session, interview_id, key) is not None:
                    key = None  # it was left at this place before
                note_track(session, self._sealer(interview), interview, track, actor_id, key)
            return _state(session, track)

    def state(self, interview_id: str, name: str) -> TrackState:
        with self._database.read() as session:
            return _state(session, _track(session, interview_id, name))

    def tracks(self, interview_id: str) -> list[TrackState]:
        with self._database.read() as session:
            rows = session.scalars(
                select(Track).where(Track.interview_id == interview_id).order_by(Track.name)
            )
            return [_state(session, track) for track in rows]

    def mark_speaker(  # noqa: PLR0917
        self,
        interview_id: str,
        key: str,
        at_ms: int,
        speaker: str,
        actor_id: str | None,
        language: str | None = None,
    ) -> int:
        """From `at_ms` on this person speaks; an interpreter, in this `language`. The same key again changes
        nothing; returns the event's number. Raises Invalid, KeyReused where it stands for something else."""
        check_key(key)
        if speaker not in SPEAKERS:
            raise Invalid("speaker", f"A speaker is one of {', '.join(SPEAKERS)}, not {speaker!r}.")
        if not 0 <= at_ms <= LONGEST_RECORDING_MS:
            raise Invalid("at_ms", "A moment is given in milliseconds since the recording began.")
        language = _interpreters(speaker, language)
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._sealer(interview)
            payload: dict[str, Any] = {"action": "speaker", "speaker": speaker, "at_ms": at_ms}
            if language is not None:
                payload["language"] = language
            before = events.again(session, sealer, interview_id, key, payload, EventKind.ACTION)
            if before is not None:
                return before
            session.add(
                SpeakerMark(interview_id=interview_id, at_ms=at_ms, speaker=speaker, language=language)
            )
            row = events.append(
                session, sealer, interview, EventKind.ACTION, payload, key=key, actor_id=actor_id
            )
            return row.seq

    def note_voices(self, interview_id: str, name: str, voices: list[list[int]]) -> None:
        """Which turns of a track are said by one voice, by their numbers; whose it is is for a person to say.
        The same again changes nothing."""
        payload = {"action": "voices", "track": name, "voices": voices}
        key = f"voices:{name}:{max(max(turns) for turns in voices)}"
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            if events.by_key(session, interview_id, key) is None:
                events.append(session, self._sealer(interview), interview, EventKind.ACTION, payload, key=key)

    def pcm(self, track_id: str, from_ms: int = 0, to_ms: int | None = None) -> Iterator[bytes]:
        """The sound of a track between two moments, as far as it arrived without a gap."""
        with self._database.read() as session:
            track = session.get_one(Track, track_id)
            sealer = self._sealer(session.get_one(Interview, track.interview_id))
            chunks = list(
                session.scalars(select(Chunk).where(Chunk.track_id == track_id).order_by(Chunk.number))
            )
        first, last = from_ms * RATE // 1000, None if to_ms is None else to_ms * RATE // 1000
        at = 0
        for expected, chunk in enumerate(chunks):
            if chunk.number != expected or (last is not None and at >= last):
                return
            if at + chunk.samples > first:
                body = self._open(track, sealer, chunk.number)
                stop = chunk.samples if last is None else min(chunk.samples, last - at)
                yield body[max(0, first - at) * 2 : stop * 2]
            at += chunk.samples

    def place(self, track_id: str, at_ms: int) -> tuple[int, int]:
        """The number of the chunk in which a moment lies, and how many samples of it come before."""
        with self._database.read() as session:
            sizes = session.scalars(
                select(Chunk.samples).where(Chunk.track_id == track_id).order_by(Chunk.number)
            )
            number, before = 0, at_ms * RATE // 1000
            for samples in sizes:
                if before < samples:
                    break
                number, before = number + 1, before - samples
        return number, before

    def sound_from(self, track_id: str, number: int, most: int) -> list[bytes]:
        """Chunks of a track from this one on, at most so many, as far as they arrived without a gap. What
        this costs does not grow with the recording."""
        with self._database.read() as session:
            track = session.get_one(Track, track_id)
            sealer = self._sealer(session.get_one(Interview, track.interview_id))
            wanted = Chunk.number.between(number, number + most - 1)
            have = set(session.scalars(select(Chunk.number).where(Chunk.track_id == track_id, wanted)))
        numbers = takewhile(have.__contains__, range(number, number + most))
        return [self._open(track, sealer, one) for one in numbers]

    def _open(self, track: Track, sealer: Sealer, number: int) -> bytes:
        path = self._files.path(track.interview_id, track.id, f"{number}.chunk")
        return sealer.open_bytes(path.read_bytes(), f"chunk:{track.id}:{number}")

    def _sealer(self, interview: Interview) -> Sealer:
        return self._vault.sealer(interview.id, interview.wrapped_key)

    def _checked(self, body: bytes, number: int, sha256_hex: str) -> bytes:
        if not 0 <= number < MOST_CHUNKS:
            raise Invalid("number", f"Chunks are numbered from 0 to {MOST_CHUNKS - 1}. Nothing was saved.")
        if len(body) > self._max_chunk_bytes:
            raise TooLarge(len(body), self._max_chunk_bytes)
        if not body or len(body) % 2:
            raise Invalid(
                "body", f"A chunk is 16-bit sound; {len(body)} bytes cannot be that. Nothing was saved."
            )
        digest = hashlib.sha256(body).digest()
        if digest.hex() != sha256_hex.lower():
            raise Invalid(
                "X-Chunk-SHA256", "The sound does not match its checksum. Nothing was saved; send it again."
            )
        return digest


def note_track(  # noqa: PLR0917
    session: Session,
    sealer: Sealer,
    interview: Interview,
    track: Track,
    actor_id: str | None,
    key: str | None = None,
) -> None:
    """Whether it goes on, and who is on it, in the interview's running order."""
    payload = {"track": track.name, "state": "ended" if track.ended else "open", "speaker": track.speaker}
    events.append(session, sealer, interview, EventKind.AUDIO, payload, key=key, actor_id=actor_id)


def left_key(track: Track, chunks: int) -> str:
    """Of the event that tells that nothing came after so many parts."""
    return f"left:{track.id}:{chunks}"


def check_track(name: str, speaker: str | None, offset_ms: int) -> None:
    if not TRACK_NAME.fullmatch(name):
        raise Invalid("track", "A track's name is 1 to 20 of a-z, 0-9, - and _.")
    if speaker is not None and speaker not in SPEAKERS:
        raise Invalid("speaker", f"A speaker is one of {', '.join(SPEAKERS)}, not {speaker!r}.")
    if not 0 <= offset_ms <= LONGEST_RECORDING_MS:
        raise Invalid("offset_ms", "A track begins at a moment within the interview.")


def _interpreters(speaker: str | None, language: str | None) -> str | None:
    """The language, tidied. Raises Invalid: the sides speak theirs, which the interview knows."""
    if language is None:
        return None
    if speaker != "interpreter":
        raise Invalid("language", "Only an interpreter's language is given here.")
    return language_tag("language", language)


def _find(session: Session, interview_id: str, name: str) -> Track | None:
    return session.scalar(select(Track).where(Track.interview_id == interview_id, Track.name == name))


def _track(session: Session, interview_id: str, name: str) -> Track:
    track = _find(session, interview_id, name)
    if track is None:
        raise NotFound
    return track


def _known(session: Session, track: Track, number: int) -> Chunk | None:
    return session.scalar(select(Chunk).where(Chunk.track_id == track.id, Chunk.number == number))


def _next(session: Session, track: Track) -> int:
    """The first number that has not arrived: chunks may come out of order."""
    count, highest = session.execute(
        select(func.count(), func.max(Chunk.number)).where(Chunk.track_id == track.id)
    ).one()
    if highest is None or count == highest + 1:
        return int(count)
    have = set(session.scalars(select(Chunk.number).where(Chunk.track_id == track.id)))
    return next(number for number in range(highest + 2) if number not in have)


def _state(session: Session, track: Track) -> TrackState:
    following = _next(session, track)
    samples, count = session.execute(
        select(
            func.coalesce(func.sum(Chunk.samples).filter(Chunk.number < following), 0), func.count()
        ).where(Chunk.track_id == track.id)
    ).one()
    saved = int(samples) * 1000 // RATE
    return TrackState(
        track.name,
        track.speaker,
        track.language,
        count,
        following,
        track.ended,
        saved,
        track.transcribed_ms,
    )
