"""Whose the voices of a recording are: the machine says which turns are one voice's, a person who that is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict, Invalid
from web.recording import again, voice_steps
from web.recording.again import Again
from web.recording.service import SPEAKERS
from web.speech.voice_groups import MOST
from web.store import Database, EventKind, Interview, Sealer, TranscriptEdit, User, Vault
from web.store.base import new_id
from web.transcript import record, uncertain
from web.transcript.meanwhile import write_over
from web.transcript.model import Segment

COUNTS = tuple(range(2, MOST + 1))
"""How many voices a person can say there are."""
Named = Mapping[tuple[str, int], str]  # by track and number of the voice


@dataclass(frozen=True)
class VoiceFound:
    """A voice on a track, counted from 1 in order of appearance. `segments` are its turns as they stand, the
    longest first; `movable` those that go with the voice; `unsure` how many of them nobody has said the
    speaker of; `named` what was said it is; `before`: whose most of it was in an earlier grouping, where that
    was said; `seq` of the event that put them together."""

    track: str
    number: int
    segments: tuple[Segment, ...]
    movable: tuple[Segment, ...]
    unsure: int
    named: str | None
    before: str | None
    seq: int

    @property
    def examples(self) -> tuple[Segment, ...]:
        return self.segments[: uncertain.EXAMPLES]

    @property
    def said_ms(self) -> int:
        return sum((one.end_ms or 0) - (one.start_ms or 0) for one in self.segments)


@dataclass(frozen=True)
class OnTrack:
    """The voices of a track. `seq` of the event that put them together; `count`: how many a person says there
    are; `waits`: they are being put together so."""

    name: str
    seq: int
    voices: tuple[VoiceFound, ...]
    count: int | None
    waits: bool


@dataclass(frozen=True)
class _Seen:
    """What a name is given to: the voices, the last step, and the segments that go with no voice, as a person
    said them one by one or split them."""

    tracks: tuple[OnTrack, ...]
    number: int
    alone: frozenset[str]


class VoiceNames:
    """Asks nobody who they are: callers check access first. `announce(interview_id, seq)` tells followers,
    `group(interview_id)` the worker that turns are to be put together anew."""

    def __init__(  # noqa: PLR0917
        self,
        database: Database,
        vault: Vault,
        announce: Callable[[str, int], None],
        audit: Callable[[Session, str | None, str, str], None],
        group: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._database, self._vault, self._announce, self._audit = database, vault, announce, audit
        self._group = group

    def tracks(self, interview: Interview) -> tuple[OnTrack, ...]:
        """All that were listened to without knowing who is on them."""
        with self._database.read() as session:
            return self._read(session, interview).tracks

    def voices(self, interview: Interview) -> list[VoiceFound]:
        return [voice for track in self.tracks(interview) for voice in track.voices]

    def unsure(self, interview: Interview) -> frozenset[int]:
        """See `uncertain.turns`."""
        with self._database.read() as session:
            return uncertain.turns(session, self._sealer(interview), interview)

    def left_open(self, interview: Interview) -> uncertain.LeftOpen:
        """See `uncertain.unsure`."""
        with self._database.read() as session:
            return self._left_open(session, interview)

    def name(self, interview_id: str, user: User, named: Named, seen: int) -> int:
        """Say whose voices are whose: a step for each uncertain turn that says otherwise, unless a person
        said so of that turn; how many steps comes back. What is too short to know a voice by stays uncertain,
        unless it was among the examples. `seen`: the `seq` of the newest grouping that was looked at.

        Raises Invalid, and Conflict where there is a newer one by now, or turns are being heard again.
        """
        if any(speaker not in SPEAKERS for speaker in named.values()):
            raise Invalid("speaker", f"A speaker is one of {', '.join(SPEAKERS)}.")

        def write(session: Session, interview: Interview, held: _Seen) -> tuple[int, int]:
            _not_meanwhile(session, interview_id)
            sealer, number = self._sealer(interview), held.number
            now = uncertain.by_track(session, sealer, interview_id).values()
            if max((one.groupings[-1].seq for one in now), default=-1) != seen:
                raise Conflict(
                    "More was written down meanwhile. Nothing was saved; look at the voices again."
                )
            for voice in (voice for track in held.tracks for voice in track.voices):
                speaker = named.get((voice.track, voice.number))
                if speaker is None:
                    continue
                moved = [one for one in voice.movable if one.speaker != speaker and one.id not in held.alone]
                if speaker == voice.named and not moved:
                    continue
                said = {"track": voice.track, "voice": voice.number, "speaker": speaker}
                said = {"action": uncertain.NAMED, **said}
                events.append(session, sealer, interview, EventKind.ACTION, said, actor_id=user.id)
                for one in moved:
                    number += 1
                    told = {"segment": one.id, "speaker": speaker}
                    voice_steps.take(session, sealer, interview, user.id, number, "speaker", told)
            self._audit(session, user.id, "transcript:voices", interview.id)
            return number - held.number, interview.next_seq - 1

        steps, last = write_over(self._database, interview_id, self._read, write)
        self._announce(interview_id, last)
        return steps

    def count(self, interview_id: str, user: User, track: str, voices: int | None) -> None:
        """Say how many voices there are on a track; None: the machine is to say. Its turns are put together
        anew. What was said of voices and turns before stays. Raises Invalid, and Conflict where turns are
        being heard again."""
        if voices is not None and voices not in COUNTS:
            raise Invalid("voices", f"There are {COUNTS[0]} to {COUNTS[-1]} voices, or the machine says.")
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            _not_meanwhile(session, interview_id)
            sealer = self._sealer(interview)
            if track not in uncertain.by_track(session, sealer, interview_id):
                raise Invalid("track", "This recording has not been heard to its end.")
            payload = {"action": uncertain.COUNTED, "track": track, "voices": voices}
            events.append(session, sealer, interview, EventKind.ACTION, payload, actor_id=user.id)
            self._audit(session, user.id, "transcript:voices_counted", interview_id)
        self._group(interview_id)

    def again(self, interview: Interview) -> Again:
        """What was heard in another language than its speaker's, and whether it is being heard again."""
        with self._database.read() as session:
            return again.look(session, self._sealer(interview), interview)

    def hear_again(self, interview_id: str, user: User) -> int:
        """Have turns heard again in the language of those who speak; how many comes back. Asked twice, it is
        done once."""

        def read(session: Session, interview: Interview) -> Again:
            return again.look(session, self._sealer(interview), interview)

        def write(session: Session, interview: Interview, found: Again) -> int:
            if found.owed and found.asked is None:
                marked = sum(found.marked.values())
                payload = {"action": again.ASKED, "turns": len(found.owed), "marked": marked}
                key, sealer = f"{again.ASKED}:{new_id()}", self._sealer(interview)
                events.append(
                    session, sealer, interview, EventKind.ACTION, payload, key=key, actor_id=user.id
                )
                self._audit(session, user.id, "transcript:hear_again", interview_id)
            return len(found.owed)

        owed = write_over(self._database, interview_id, read, write)
        if owed:
            self._group(interview_id)
        return owed

    def right(self, interview_id: str, user: User, turn: int, segment: str = "") -> None:
        """Say, having listened, that an uncertain turn, or only this `segment` of it, stands under the right
        speaker; twice is once. Raises Invalid where it is not uncertain."""

        def read(session: Session, interview: Interview) -> tuple[int, list[str], bool]:
            sealer = self._sealer(interview)
            now, found = record.read(session, sealer, interview).now, self._left_open(session, interview)
            ids = uncertain.segments(now, found)
            mine = [one.id for one in now.segments if turn in uncertain.numbers(one)]
            mine = [one for one in mine if not segment or one == segment]
            said = {one for _, one in found.right}
            return now.number, [one for one in mine if one in ids], any(one in said for one in mine)

        def write(session: Session, interview: Interview, seen: tuple[int, list[str], bool]) -> int:
            steps, ids, before = seen
            if not ids and not before:
                raise Invalid("turn", "Who says this turn is not uncertain.")
            for one in ids:
                payload = {"action": uncertain.RIGHT, "segment": one, "steps": steps}
                key, sealer = f"{uncertain.RIGHT}:{one}:{steps}", self._sealer(interview)
                events.append(
                    session, sealer, interview, EventKind.ACTION, payload, key=key, actor_id=user.id
                )
                self._audit(session, user.id, "transcript:speaker_right", interview_id)
            return interview.next_seq - 1

        self._announce(interview_id, write_over(self._database, interview_id, read, write))

    def _left_open(self, session: Session, interview: Interview) -> uncertain.LeftOpen:
        return uncertain.unsure(session, self._sealer(interview), interview.id)

    def _sealer(self, interview: Interview) -> Sealer:
        return self._vault.sealer(interview.id, interview.wrapped_key)

    def _read(self, session: Session, interview: Interview) -> _Seen:
        sealer = self._sealer(interview)
        tracks = uncertain.by_track(session, sealer, interview.id)
        if not tracks:
            return _Seen((), record.last_number(session, interview.id), frozenset())
        now = record.read(session, sealer, interview).now
        open_ = uncertain.left_open(session, sealer, interview.id)
        told = uncertain.told(open_, tracks)
        here = (
            TranscriptEdit.interview_id == interview.id,
            TranscriptEdit.key.startswith(voice_steps.OF_A_VOICE),
        )
        of_voices = set(session.scalars(select(TranscriptEdit.number).where(*here)))
        said = (step for step in now.counting if step.kind == "speaker" and step.number not in of_voices)
        alone = frozenset(step.segment for step in said)
        alone |= {one for _, one in uncertain.confirmed(session, sealer, interview.id)} | uncertain.cut(now)
        left = uncertain.segments(now, self._left_open(session, interview))
        unsure = {turn for one in now.segments if one.id in left for turn in uncertain.numbers(one)}
        segments = {one.turn: one for one in now.segments if one.id == str(one.turn)}
        found = []
        for name, track in tracks.items():
            grouping = track.groupings[-1]
            voices = [
                _found(name, number, turns, grouping, segments, open_, told, unsure)
                for number, turns in enumerate(grouping.voices, 1)
            ]
            found.append(OnTrack(name, grouping.seq, tuple(voices), track.count, track.waits))
        return _Seen(tuple(found), now.number, alone)


def _not_meanwhile(session: Session, interview_id: str) -> None:
    if again.pending(session, interview_id):
        raise Conflict("Turns are being heard again. Nothing was saved; say it once that is done.")


def _found(  # noqa: PLR0917
    track: str,
    number: int,
    turns: Any,
    grouping: uncertain.Grouping,
    segments: Mapping[int | None, Segment],
    open_: Mapping[int, int],
    told: Mapping[int, str],
    unsure: Collection[int],
) -> VoiceFound:
    movable = uncertain.movable(turns, open_)
    mine = [segments[turn] for turn in turns if turn in segments]
    mine.sort(key=lambda one: (one.turn not in movable, (one.start_ms or 0) - (one.end_ms or 0)))
    before: Counter[str] = Counter()
    for turn in movable & told.keys():
        before[told[turn]] += open_[turn]
    return VoiceFound(
        track,
        number,
        tuple(mine),
        tuple(one for one in mine if one.turn in movable),
        sum(turn in open_ and turn in unsure for turn in turns),
        grouping.named.get(number),
        max(before, key=lambda who: before[who]) if before else None,
        grouping.seq,
    )
