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
from web.recording import placed, places
from web.recording.files import SealedFiles
from web.speech.model import RATE
from web.store import Chunk, Database, EventKind, Interview, Sealer, SpeakerMark, Track, Vault
from web.store.base import new_id
from web.transcript.uncertain import GROUPED

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
    """`saved_ms` counts sound without a gap from the start, of an ended track all, with about `missing_ms`
    that never came; `transcribed_ms` has become turns."""

    track: str
    speaker: str | None
    language: str | None
    chunks: int
    next: int
    ended: bool
    saved_ms: int
    transcribed_ms: int
    missing_ms: int


class RecordingService:
    """Receives sound for interviews. `max_chunk_bytes` bounds one chunk."""

    def __init__(self, database: Database, vault: Vault, files: SealedFiles, max_chunk_bytes: int) -> None:
        self._database = database
        self._vault = vault
        self._files = files
        self._max_chunk_bytes = max_chunk_bytes
        self._reached: dict[str, int] = {}  # by track: so many chunks came without a gap

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
        but one on it. Where a recorded file stands at this time already, that is noted: sound that was made
        is taken. Raises Invalid, Conflict where it differs, or where a transcript stands in its place."""
        check_track(name, speaker, offset_ms)
        language = _interpreters(speaker, language)
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            track = _find(session, interview_id, name)
            if track is None:
                places.refuse_beside_transcript(session, interview_id)
                over = places.over_file(session, interview_id, offset_ms)
                track = Track(
                    id=new_id(),
                    interview_id=interview_id,
                    name=name,
                    speaker=speaker,
                    language=language,
                    offset_ms=offset_ms,
                )
                session.add(track)
                note_track(session, self.sealer(interview), interview, track, actor_id, over_file=over)
                session.flush()
            elif (track.speaker, track.language) != (speaker, language):
                raise Conflict(
                    f"Track {name!r} was begun for {track.speaker or 'several speakers'}.", field="speaker"
                )
            return self._state(session, track)

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
            sealed = self.sealer(interview).seal_bytes(body, f"chunk:{track.id}:{number}")
            path = self._files.path(interview_id, track.id, f"{number}.chunk")
            staged = self._files.stage(path, sealed)
            try:
                with self._database.write() as session:
                    # Two uploads of one number: the second sees the first's row.
                    interview = events.lock(session, interview_id)
                    track = _track(session, interview_id, name)
                    known = _known(session, track, number)
                    if known is None:
                        if track.ended:
                            self._go_on(session, interview, track, number, reopen)
                        self._files.settle(staged, path)
                        session.add(
                            Chunk(track_id=track.id, number=number, sha256=digest, samples=len(body) // 2)
                        )
                        session.flush()
                        following = self._next(session, track)
            finally:
                staged.unlink(missing_ok=True)
            if known is None:  # only what is committed may be relied on
                self._reached[track.id] = following
                return Receipt(name, number, following, digest.hex(), True)
        if known.sha256 != digest:
            raise Conflict(
                f"Chunk {number} of track {name!r} is already saved with other sound.", field="number"
            )
        with self._database.read() as session:
            return Receipt(name, number, self._next(session, track), digest.hex(), False)

    def _next(self, session: Session, track: Track) -> int:
        """The first number that has not arrived. What is known to be there is not counted again."""
        return _next(session, track, self._reached.get(track.id, 0))

    def _go_on(self, session: Session, interview: Interview, track: Track, number: int, reopen: bool) -> None:
        """Raises Conflict where somebody said that this was all."""
        have = self._next(session, track)
        if not reopen and events.by_key(session, interview.id, left_key(track, have)) is None:
            raise Conflict(f"Track {track.name!r} has ended with {have} parts.", field="number")
        track.ended = track.heard_out = False
        note_track(session, self.sealer(interview), interview, track, None)

    def end_track(
        self, interview_id: str, name: str, chunks: int | None, actor_id: str | None, *, left: bool = False
    ) -> TrackState:
        """All `chunks` parts were sent; None: what is here is all. `left`: nobody said so, and it goes on
        should more come. Raises NotFound, and Conflict naming the first that is missing."""
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            track = _track(session, interview_id, name)
            have = self._next(session, track)
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
                note_track(session, self.sealer(interview), interview, track, actor_id, key)
            return self._state(session, track)

    def state(self, interview_id: str, name: str) -> TrackState:
        with self._database.read() as session:
            return self._state(session, _track(session, interview_id, name))

    def tracks(self, interview_id: str) -> list[TrackState]:
        with self._database.read() as session:
            rows = session.scalars(
                select(Track).where(Track.interview_id == interview_id).order_by(Track.name)
            )
            return [self._state(session, track) for track in rows]

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
            sealer = self.sealer(interview)
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

    def note_voices(
        self, interview_id: str, name: str, voices: list[list[int]], asked: int | None = None
    ) -> None:
        """Which turns of a track are said by one voice, by their numbers; whose it is is for a person to say.
        The same again changes nothing. `asked`: the number of the event in which a person wanted it anew."""
        payload = {"action": GROUPED, "track": name, "voices": voices}
        key = f"voices:{name}:{max((max(turns) for turns in voices), default=0)}"
        key += "" if asked is None else f":{asked}"
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            if events.by_key(session, interview_id, key) is None:
                events.append(session, self.sealer(interview), interview, EventKind.ACTION, payload, key=key)

    def pcm(self, track_id: str, from_ms: int = 0, to_ms: int | None = None) -> Iterator[bytes]:
        """The sound of a track between two moments, as far as it arrived without a gap; where it has been
        heard past one for good, with silence for what is missing."""
        first, last = from_ms * RATE // 1000, None if to_ms is None else to_ms * RATE // 1000
        with self._database.read() as session:
            track = session.get_one(Track, track_id)
            sealer = self.sealer(session.get_one(Interview, track.interview_id))
            parts = placed.between(session, track_id, first, last)
        heard = track.transcribed_ms * RATE // 1000
        for part in parts:
            begin = int(part.end) - part.samples
            if part.behind and not track.ended and begin >= heard:
                return
            silence = begin - part.missing * part.usual
            yield bytes(2 * max(0, min(begin, last or begin) - max(silence, first)))
            if last is None or begin < last:
                body = self._open(track, sealer, part.number)
                yield body[
                    max(0, first - begin) * 2 : part.samples * 2 if last is None else (last - begin) * 2
                ]

    def place(self, track_id: str, at_ms: int) -> tuple[int, int]:
        """The number of the chunk in which a moment lies, and how many samples of it come before."""
        with self._database.read() as session:
            return placed.place(session, track_id, at_ms * RATE // 1000)

    def sound_from(self, track_id: str, number: int, most: int) -> list[bytes]:
        """Chunks of a track from this one on, at most so many, as far as they arrived without a gap; once it
        has ended, with silence for what is missing. What this costs does not grow with the recording."""
        with self._database.read() as session:
            track = session.get_one(Track, track_id)
            sealer = self.sealer(session.get_one(Interview, track.interview_id))
            numbers = _numbers(session, track, number, most)
        return [bytes(2 * -one) if one < 0 else self._open(track, sealer, one) for one in numbers]

    def _state(self, session: Session, track: Track) -> TrackState:
        following = self._next(session, track)
        samples, count = session.execute(
            select(
                func.coalesce(func.sum(Chunk.samples).filter(Chunk.number < following), 0), func.count()
            ).where(Chunk.track_id == track.id)
        ).one()
        missing = 0
        if track.ended and count > following:
            samples, missing = placed.length(session, track.id)
        return TrackState(
            track.name,
            track.speaker,
            track.language,
            count,
            following,
            track.ended,
            int(samples) * 1000 // RATE,
            track.transcribed_ms,
            missing * 1000 // RATE,
        )

    def _open(self, track: Track, sealer: Sealer, number: int) -> bytes:
        path = self._files.path(track.interview_id, track.id, f"{number}.chunk")
        return sealer.open_bytes(path.read_bytes(), f"chunk:{track.id}:{number}")

    def sealer(self, interview: Interview) -> Sealer:
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
    *,
    over_file: bool = False,
) -> None:
    """Whether it goes on, who is on it, and whether it began at the time of a recorded file, in the
    interview's running order."""
    payload: dict[str, Any] = {
        "track": track.name,
        "state": "ended" if track.ended else "open",
        "speaker": track.speaker,
    }
    if over_file:
        payload["over_file"] = True
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


def _next(session: Session, track: Track, reached: int) -> int:
    """Chunks may come out of order; all before `reached` are here."""
    rest = (Chunk.track_id == track.id) & (Chunk.number >= reached)
    count, highest = session.execute(select(func.count(), func.max(Chunk.number)).where(rest)).one()
    if highest is None or reached + count == highest + 1:
        return reached + int(count)
    have = set(session.scalars(select(Chunk.number).where(rest)))
    return next(number for number in range(reached, highest + 2) if number not in have)


def _numbers(session: Session, track: Track, number: int, most: int) -> list[int]:
    """The chunks to be heard; where one is missing for good, minus the samples of silence instead."""
    wanted = Chunk.number.between(number, number + most - 1)
    rows = select(Chunk.number, Chunk.samples).where(Chunk.track_id == track.id)
    have = {row.number: row.samples for row in session.execute(rows.where(wanted))}
    if not track.ended or len(have) == most:
        return list(takewhile(have.__contains__, range(number, number + most)))
    before = session.execute(rows.where(Chunk.number < number).order_by(Chunk.number.desc()).limit(1)).first()
    after = session.execute(rows.where(Chunk.number >= number).order_by(Chunk.number).limit(1)).first()
    highest = session.scalar(select(func.max(Chunk.number)).where(Chunk.track_id == track.id))
    if after is None or highest is None:
        return []
    usual = (before or after).samples
    found = []
    for one in range(number, min(number + most, highest + 1)):
        usual = have.get(one, usual)
        found.append(one if one in have else -usual)
    return found
