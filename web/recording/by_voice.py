"""Who speaks into one microphone: people are known by voice once a key has said who they are.

What a voice is known by is made of the sound again whenever it is needed, and kept in the worker's memory
while the track is being listened to; nothing of it is written anywhere. So a worker that starts anew finds
the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.recording.service import RecordingService
from web.recording.voices import INTERPRETER, SIDES, Voice, pressed, tongue
from web.speech.model import RATE, Samples, Utterance
from web.speech.speakers import Mark
from web.speech.voice import Heard, Vector, listen, unit
from web.speech.voice_groups import groups
from web.speech.voice_who import who
from web.store import Database, Interview, Segment, Track, Turn

ENOUGH_MS = 700  # of speech after a key: what comes then it no longer says for certain
LONGEST_MS = 6000  # of what a voice is learned from at once
LATEST = 12  # stretches by which a voice is known; older ones are forgotten


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound of a track, milliseconds from its beginning, in which a key says for certain who speaks."""

    speaker: str
    start_ms: int
    end_ms: int


@dataclass
class ByVoice:
    """One per worker. Not for several threads at once."""

    database: Database
    recordings: RecordingService
    _last: tuple[tuple[str, int, int, int], Heard | None] | None = None
    _listened: dict[str, dict[int, Heard]] = field(default_factory=lambda: defaultdict(dict))
    _vectors: dict[str, dict[Stretch, Vector | None]] = field(default_factory=lambda: defaultdict(dict))

    def marks(self, interview: Interview, track: Track, utterance: Utterance) -> list[Mark]:
        """Who speaks in an utterance, on the interview's clock, as keys would say it.

        A key says who speaks from then on in the utterance it falls into, or in the first speech after it.
        Else the voice says so. Where it does not clearly, the last key is taken, and that is unsure.
        """
        start, end = utterance.start_ms + track.offset_ms, utterance.end_ms + track.offset_ms
        with self.database.read() as session:
            keys = pressed(session, interview)
            spoken = _spoken(session, track, utterance.start_ms)
            between = _rendering(session, interview, start)
        inner = [key for key in keys if start < key.at_ms < end]
        before = [key for key in keys if key.at_ms <= start]
        if before and _said_since(before[-1].at_ms, spoken) < ENOUGH_MS:
            return [Mark(start, before[-1].speaker), *inner]
        last = before[-1:] or keys[:1]
        asked = Voice.of(last[0].speaker) if last else Voice("interviewer", interview.interviewer_language)
        until = (inner[0].at_ms - start if inner else end - start) * RATE // 1000
        heard = self._hear(track, utterance, until)
        if heard and not inner:
            self._listened[track.id][utterance.start_ms] = replace(heard, windows=heard.windows[:0])
        runs = who(heard, self._known(track, _certain(keys, spoken, track.offset_ms))) if heard else []
        if not runs:
            return [Mark(start, replace(asked, unsure=True).label), *inner]
        voices = [_voice(interview, run.speaker, between) for run in runs]
        changes = [
            Mark(start + run.from_ms, voice.label, start + last.to_ms)
            for last, run, voice in zip(runs, runs[1:], voices[1:], strict=False)
        ]
        return [Mark(start, voices[0].label), *changes, *inner]

    def finish(self, track: Track) -> None:
        """All of it has been listened to: note which turns are one voice's, and forget the voices."""
        if track.speaker is None:
            with self.database.read() as session:
                rows = session.execute(
                    select(Segment.start_ms, Segment.end_ms, Turn.number)
                    .join(Turn, Turn.id == Segment.turn_id)
                    .where(Segment.track_id == track.id)
                    .order_by(Segment.start_ms)
                ).all()
            heard = [self._again(track, start, end) for start, end, _ in rows]
            voices = groups([one for one in heard if one])
            numbers = [number for (_, _, number), one in zip(rows, heard, strict=True) if one]
            if voices:
                turns = [[numbers[place] for place in voice] for voice in voices]
                self.recordings.note_voices(track.interview_id, track.name, turns)
        self._last = None
        self._vectors.pop(track.id, None)
        self._listened.pop(track.id, None)

    def _hear(self, track: Track, utterance: Utterance, until: int) -> Heard | None:
        """What was looked at ahead, while its pause lasted, is not listened to twice."""
        key = (track.id, utterance.start_ms, utterance.end_ms, until)
        if self._last is None or self._last[0] != key:
            self._last = key, listen(utterance.samples[:until])
        return self._last[1]

    def _again(self, track: Track, start_ms: int, end_ms: int) -> Heard | None:
        known = self._listened[track.id].get(start_ms)
        return known or listen(self._sound(track, start_ms, end_ms))

    def _known(self, track: Track, certain: list[Stretch]) -> dict[str, Vector]:
        """The voices of the people that keys were pressed for."""
        newest: dict[str, list[Stretch]] = defaultdict(list)
        for stretch in reversed(certain):
            if len(newest[stretch.speaker]) < LATEST:
                newest[stretch.speaker].append(stretch)
        wanted = [stretch for group in newest.values() for stretch in group]
        before = self._vectors[track.id]
        now = {one: before[one] if one in before else self._learn(track, one) for one in wanted}
        self._vectors[track.id] = now
        found = {name: [v for one in group if (v := now[one]) is not None] for name, group in newest.items()}
        return {name: unit(np.mean(vectors, axis=0)) for name, vectors in found.items() if vectors}

    def _learn(self, track: Track, one: Stretch) -> Vector | None:
        until = min(one.end_ms, one.start_ms + LONGEST_MS)
        heard = listen(self._sound(track, one.start_ms, until))
        return heard.whole if heard else None

    def _sound(self, track: Track, start_ms: int, end_ms: int) -> Samples:
        return np.frombuffer(b"".join(self.recordings.pcm(track.id, start_ms, end_ms)), dtype="<i2")


def _spoken(session: Session, track: Track, before_ms: int) -> list[tuple[int, int]]:
    """From when to when somebody spoke on a track, on the interview's clock, in order."""
    rows = session.execute(
        select(Segment.start_ms, Segment.end_ms)
        .where(Segment.track_id == track.id, Segment.start_ms < before_ms)
        .order_by(Segment.start_ms)
    )
    return [(start + track.offset_ms, end + track.offset_ms) for start, end in rows]


def _said_since(moment_ms: int, spoken: Sequence[tuple[int, int]]) -> int:
    """How long, in milliseconds."""
    return sum(max(0, end - max(start, moment_ms)) for start, end in spoken)


def _certain(keys: Sequence[Mark], spoken: Sequence[tuple[int, int]], offset_ms: int) -> list[Stretch]:
    """What was said first after each key, and not after the next, in order."""
    found = []
    for key, until in zip(keys, [*(key.at_ms for key in keys[1:]), float("inf")], strict=False):
        left = ENOUGH_MS
        for start, end in spoken:
            begin, stop = max(start, key.at_ms), int(min(end, until))
            if stop > begin and left > 0:
                left -= stop - begin
                speaker = Voice.of(key.speaker).speaker
                found.append(Stretch(speaker, begin - offset_ms, stop - offset_ms))
    return found


def _voice(interview: Interview, speaker: str, between: str) -> Voice:
    return Voice(speaker, between if speaker == INTERPRETER else tongue(interview, speaker))


def _rendering(session: Session, interview: Interview, before_ms: int) -> str:
    """The language an interpreter speaks now: to the other side of the one who spoke last."""
    side = session.scalar(
        select(Turn.speaker)
        .where(Turn.interview_id == interview.id, Turn.speaker.in_(SIDES), Turn.started_ms < before_ms)
        .order_by(Turn.started_ms.desc())
        .limit(1)
    )
    return interview.child_language if side == "interviewer" else interview.interviewer_language
