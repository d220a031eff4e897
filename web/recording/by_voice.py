"""Who speaks into one microphone: people are known by voice once a key has said who they are.

What a voice is known by is made of the sound again whenever it is needed, and kept in the worker's memory
while a track of the interview is being listened to; nothing of it is written anywhere. So a worker that
starts anew finds the same.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from web.recording.places import OF_FILE
from web.recording.service import RecordingService
from web.recording.voices import INTERPRETER, SIDES, Voice, pressed, tongue
from web.speech.model import RATE, Samples, Utterance
from web.speech.speakers import Mark
from web.speech.voice import Heard, Vector, listen, unit
from web.speech.voice_groups import groups
from web.speech.voice_who import who
from web.store import Database, Event, Interview, Segment, Track, Turn
from web.transcript.uncertain import OnTrack, by_track

log = logging.getLogger(__name__)

BEGINNING_MS = 500
"""A recording begins with the speaker that the page shows; nobody has pressed a key yet."""
ENOUGH_MS = 700  # of speech after a key: what comes then it no longer says for certain
LONGEST_MS = 6000  # of what a voice is learned from at once
STEP = 100  # turns that are listened to again before others get their turn: a few seconds
LATEST = 12  # stretches by which a voice is known; older ones are forgotten

Spoken = Sequence[tuple[int, int]]
"""From when to when somebody spoke on a track, on the interview's clock, in order."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound of a track, milliseconds from its beginning, in which a key says for certain who speaks."""

    speaker: str
    track_id: str
    start_ms: int
    end_ms: int


@dataclass
class Memory:
    """Of one interview: its voices, and those of turns by their track and place in it."""

    vectors: dict[Stretch, Vector | None] = field(default_factory=dict)
    turns: dict[tuple[str, int, int], Heard | None] = field(default_factory=dict)


@dataclass
class ByVoice:
    """One per worker. Not for several threads at once. `broken`: why no voice can be listened to."""

    database: Database
    recordings: RecordingService
    broken: str | None = None
    _last: tuple[tuple[str, int, int, int], Heard | None] | None = None
    _memories: dict[str, Memory] = field(default_factory=lambda: defaultdict(Memory))

    def marks(self, interview: Interview, track: Track, utterance: Utterance) -> list[Mark]:
        """Who speaks in an utterance, on the interview's clock, as keys would say it.

        A key says who speaks from then on in the utterance it falls into, or in the first speech after it on
        the same track: what was pressed before a gap says nothing about what comes after. Else the voice says
        so; its marks have a `since_ms`. Where it does not clearly, it is unsure: who it likely is, or the
        last key.
        """
        start, end = utterance.start_ms + track.offset_ms, utterance.end_ms + track.offset_ms
        with self.database.read() as session:
            keys = pressed(session, interview)
            spoken = _spoken(session, interview, start)
            between = _rendering(session, interview, start)
        here = _keys_of(track, keys)
        inner = [key for key in here if start < key.at_ms < end]
        before = [key for key in here if key.at_ms <= start]
        mine = next((said for other, said in spoken if other.id == track.id), [])
        if before and _said_since(before[-1].at_ms, mine) < ENOUGH_MS:
            return [Mark(start, before[-1].speaker), *inner]
        heard = self._hear(track, utterance, (inner[0].at_ms - start if inner else end - start))
        certain = [one for other, said in spoken for one in _certain(other, _keys_of(other, keys), said)]
        runs = who(heard, self._known(interview.id, certain)) if heard else []
        if not runs:
            last = next((Voice.of(key.speaker) for key in reversed(keys) if key.at_ms <= start), None)
            asked = last or Voice("interviewer", interview.interviewer_language)
            return [Mark(start, replace(asked, unsure=True).label), *inner]
        voices = [replace(_voice(interview, run.speaker, between), unsure=run.unsure) for run in runs]
        known = len(runs) == 1 and not voices[0].unsure
        if known and inner and voices[0].speaker == Voice.of(inner[0].speaker).speaker:
            return [Mark(start, inner[0].speaker), *inner]  # she speaks already and pressed her own key
        changes = [
            Mark(start + run.from_ms, voice.label, start + last.to_ms)
            for last, run, voice in zip(runs, runs[1:], voices[1:], strict=False)
        ]
        return [Mark(start, voices[0].label, start), *changes, *inner]

    def written(self, track: Track, utterance: Utterance) -> None:
        """It became a turn as it was heard, so that it need not be listened to again in the end."""
        place = (track.id, utterance.start_ms, utterance.end_ms)
        if self._last and self._last[0] == (*place, utterance.end_ms - utterance.start_ms) and self._last[1]:
            self._memories[track.interview_id].turns[place] = _kept(self._last[1])

    def finish(self, track: Track) -> None:
        """All of it has been listened to: note which turns are one voice's, and forget the voices. May be
        done again."""
        try:
            if track.speaker is None:
                self._group(track)
        finally:
            self.forget(track.interview_id)

    def unfinished(self) -> list[str]:
        """Interviews in which a person asked for turns to be put together anew, and nobody has done it yet:
        where to go on after a restart. What was asked is sealed, so all that could be are opened."""
        with self.database.read() as session:
            grouped = select(Event.id).where(
                Event.interview_id == Interview.id, Event.key.startswith("voices:")
            )
            wanted = select(Interview).where(Interview.wrapped_key.is_not(None), grouped.exists())
            return [
                one.id
                for one in session.scalars(wanted)
                if any(
                    track.waits for track in by_track(session, self.recordings.sealer(one), one.id).values()
                )
            ]

    def regroup(self, interview_id: str) -> bool:
        """Put the turns of tracks together anew of which a person said how many voices there are. True where
        there is more to listen to first; it goes on from there."""
        more = False
        try:
            more = self._regroup(interview_id)
        finally:
            if not more:
                self.forget(interview_id)
        return more

    def _regroup(self, interview_id: str) -> bool:
        with self.database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None or interview.wrapped_key is None:
                return False
            said = by_track(session, self.recordings.sealer(interview), interview_id)
            wanted = [name for name, track in said.items() if track.waits]
            here = (Track.interview_id == interview_id, Track.name.in_(wanted), Track.heard_out)
            tracks = list(session.scalars(select(Track).where(*here)))
            stretches = [
                (track, row.start_ms, row.end_ms) for track in tracks for row in _turns(session, track)
            ]
        known = self._memories[interview_id].turns
        unknown = [one for one in stretches if (one[0].id, *one[1:]) not in known]
        for track, start_ms, end_ms in unknown[:STEP]:
            known[track.id, start_ms, end_ms] = self._again(track, start_ms, end_ms)
        if len(unknown) > STEP:
            return True
        for track in tracks:
            self._group(track)
        return False

    def forget(self, interview_id: str) -> None:
        """All that its voices are known by."""
        self._memories.pop(interview_id, None)
        self._last = None

    def _group(self, track: Track) -> None:
        with self.database.read() as session:
            interview = session.get_one(Interview, track.interview_id)
            found = by_track(session, self.recordings.sealer(interview), interview.id)
            rows = _turns(session, track)
        said = found.get(track.name, OnTrack())
        heard = [self._again(track, row.start_ms, row.end_ms) for row in rows]
        voices = groups([one for one in heard if one], said.count)
        numbers = [row.number for row, one in zip(rows, heard, strict=True) if one]
        if voices or said.waits:
            turns = [[numbers[place] for place in voice] for voice in voices]
            self.recordings.note_voices(track.interview_id, track.name, turns, said.asked)

    def _hear(self, track: Track, utterance: Utterance, until_ms: int) -> Heard | None:
        """What was looked at ahead, while its pause lasted, is not listened to twice."""
        key = (track.id, utterance.start_ms, utterance.end_ms, until_ms)
        if self._last is None or self._last[0] != key:
            self._last = key, self._listen(utterance.samples[: until_ms * RATE // 1000])
        return self._last[1]

    def _again(self, track: Track, start_ms: int, end_ms: int) -> Heard | None:
        known, place = self._memories[track.interview_id].turns, (track.id, start_ms, end_ms)
        return known[place] if place in known else _kept(self._listen(self._sound(*place)))

    def _known(self, interview_id: str, certain: Sequence[Stretch]) -> dict[str, Vector]:
        """The voices of the people that keys were pressed for."""
        newest: dict[str, list[Stretch]] = defaultdict(list)
        for stretch in reversed(certain):
            if len(newest[stretch.speaker]) < LATEST:
                newest[stretch.speaker].append(stretch)
        wanted = [stretch for group in newest.values() for stretch in group]
        before = self._memories[interview_id].vectors
        now = {one: before[one] if one in before else self._learn(one) for one in wanted}
        self._memories[interview_id].vectors = now
        found = {name: [v for one in group if (v := now[one]) is not None] for name, group in newest.items()}
        return {name: unit(np.mean(vectors, axis=0)) for name, vectors in found.items() if vectors}

    def _learn(self, one: Stretch) -> Vector | None:
        until = min(one.end_ms, one.start_ms + LONGEST_MS)
        heard = self._listen(self._sound(one.track_id, one.start_ms, until))
        return heard.whole if heard else None

    def _listen(self, samples: Samples) -> Heard | None:
        """Without the encoder nobody is known by voice, but what was said is still written down."""
        try:
            return listen(samples)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            if self.broken is None:
                log.error("no voice can be told from another: %s", type(error).__name__)  # noqa: TRY400
            self.broken = type(error).__name__
            return None

    def _sound(self, track_id: str, start_ms: int, end_ms: int) -> Samples:
        return np.frombuffer(b"".join(self.recordings.pcm(track_id, start_ms, end_ms)), dtype="<i2")


def _kept(heard: Heard | None) -> Heard | None:
    """What a turn is put together with others by: its parts are not needed for that."""
    return replace(heard, windows=heard.windows[:0]) if heard else None


def _turns(session: Session, track: Track) -> Sequence[Row[int, int, int]]:
    """From when to when each was said on the track, and its number."""
    return session.execute(
        select(Segment.start_ms, Segment.end_ms, Turn.number)
        .join(Turn, Turn.id == Segment.turn_id)
        .where(Segment.track_id == track.id)
        .order_by(Segment.start_ms)
    ).all()


def _spoken(session: Session, interview: Interview, before_ms: int) -> list[tuple[Track, Spoken]]:
    """On each track that nobody is named on, until a moment of the interview's clock; in order of time."""
    tracks = session.scalars(
        select(Track)
        .where(Track.interview_id == interview.id, Track.speaker.is_(None))
        .order_by(Track.offset_ms, Track.name)
    ).all()
    rows = session.execute(
        select(Segment.track_id, Segment.start_ms, Segment.end_ms)
        .join(Track, Track.id == Segment.track_id)
        .where(Track.interview_id == interview.id, Track.speaker.is_(None))
        .where(Track.offset_ms + Segment.start_ms < before_ms)
        .order_by(Segment.start_ms)
    )
    said: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for track_id, start, end in rows:
        said[track_id].append((start, end))
    return [
        (track, [(start + track.offset_ms, end + track.offset_ms) for start, end in said[track.id]])
        for track in tracks
    ]


def _keys_of(track: Track, keys: Sequence[Mark]) -> list[Mark]:
    """Those pressed while it was being recorded: not what a page that begins to record says by itself. A file
    was recorded at another time."""
    begun = track.offset_ms + BEGINNING_MS
    return [] if track.name.startswith(OF_FILE) else [key for key in keys if key.at_ms >= begun]


def _said_since(moment_ms: int, spoken: Spoken) -> int:
    """How long, in milliseconds."""
    return sum(max(0, end - max(start, moment_ms)) for start, end in spoken)


def _certain(track: Track, keys: Sequence[Mark], spoken: Spoken) -> list[Stretch]:
    """What was said first after each key, and not after the next, in order."""
    found = []
    for key, until in zip(keys, [*(key.at_ms for key in keys[1:]), float("inf")], strict=False):
        left = ENOUGH_MS
        for start, end in spoken:
            begin, stop = max(start, key.at_ms), int(min(end, until))
            if stop > begin and left > 0:
                left -= stop - begin
                speaker = Voice.of(key.speaker).speaker
                found.append(Stretch(speaker, track.id, begin - track.offset_ms, stop - track.offset_ms))
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
