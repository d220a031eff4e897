"""Whose the voices of a recording are: the machine says which turns are of one voice, a person who that is.

Kept are the numbers of turns by voice, and what was said of them; nothing that a voice could be known by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict, Invalid
from web.recording.service import SPEAKERS
from web.speech.voice_groups import CLEAR_MS
from web.store import Database, Event, EventKind, Interview, Sealer, TranscriptEdit, User, Vault
from web.store.base import new_id
from web.transcript import record
from web.transcript.model import Segment

EXAMPLES = 3  # stretches that a person may listen to for each voice
NAMED = "voice_named"
Named = Mapping[tuple[str, int], str]  # by track and number of the voice


@dataclass(frozen=True)
class VoiceFound:
    """A voice on a track, counted from 1 in order of appearance. `segments` are its turns as they stand, the
    longest first; `movable` those that go with the voice; `unsure` how many of them nobody has said the
    speaker of; `named` what was said it is; `seq` of the event that put them together."""

    track: str
    number: int
    segments: tuple[Segment, ...]
    movable: tuple[Segment, ...]
    unsure: int
    named: str | None
    seq: int

    @property
    def examples(self) -> tuple[Segment, ...]:
        return self.segments[:EXAMPLES]

    @property
    def said_ms(self) -> int:
        return sum((one.end_ms or 0) - (one.start_ms or 0) for one in self.segments)


class VoiceNames:
    """Asks nobody who they are: callers check access first. `announce(interview_id, seq)` tells followers."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        announce: Callable[[str, int], None],
        audit: Callable[[Session, str | None, str, str], None],
    ) -> None:
        self._database, self._vault, self._announce, self._audit = database, vault, announce, audit

    def voices(self, interview: Interview) -> list[VoiceFound]:
        """Those of all tracks that were listened to without knowing who is on them."""
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        with self._database.read() as session:
            return _voices(session, sealer, interview)

    def unsure(self, interview: Interview) -> frozenset[int]:
        """See `unsure` below."""
        sealer = self._vault.sealer(interview.id, interview.wrapped_key)
        with self._database.read() as session:
            return unsure(session, sealer, interview.id)

    def name(self, interview_id: str, user: User, named: Named, seen: int) -> int:
        """Say whose voices are whose: a step for each uncertain turn that says otherwise, unless a person
        said so; how many steps comes back. What is too short to know a voice by stays uncertain, unless it
        was among the examples. `seen`: the `seq` of the newest grouping that was looked at.

        Raises Invalid, and Conflict where there is a newer one by now.
        """
        if any(speaker not in SPEAKERS for speaker in named.values()):
            raise Invalid("speaker", f"A speaker is one of {', '.join(SPEAKERS)}.")
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._vault.sealer(interview.id, interview.wrapped_key)
            voices = _voices(session, sealer, interview)
            if max((voice.seq for voice in voices), default=-1) != seen:
                raise Conflict(
                    "More was written down meanwhile. Nothing was saved; look at the voices again."
                )
            now = record.read(session, sealer, interview).now
            number = now.number
            for voice in voices:
                speaker = named.get((voice.track, voice.number))
                if speaker is None or speaker == voice.named:
                    continue
                told = {"action": NAMED, "track": voice.track, "voice": voice.number, "speaker": speaker}
                events.append(session, sealer, interview, EventKind.ACTION, told, actor_id=user.id)
                for one in voice.movable:
                    if one.speaker != speaker and one.id not in now.by_person:
                        number += 1
                        _step(session, sealer, interview, user, number, one.id, speaker)
            self._audit(session, user.id, "transcript:voices", interview.id)
            last = interview.next_seq - 1
        self._announce(interview_id, last)
        return number - now.number


def unsure(session: Session, sealer: Sealer, interview_id: str) -> frozenset[int]:
    """The numbers of turns whose speaker neither a key nor a voice made clear, and nobody named the voice."""
    found = _left_open(session, sealer, interview_id)
    return _still_open(found, _noted(session, sealer, interview_id)) if found else frozenset()


@dataclass(frozen=True)
class _Noted:
    """The newest grouping of a track, by voice, and the names given to its voices since."""

    seq: int
    voices: Sequence[Sequence[int]]
    named: dict[int, str] = field(default_factory=dict)


def _left_open(session: Session, sealer: Sealer, interview_id: str) -> dict[int, int]:
    """The turns that were written down as uncertain, with how many milliseconds each is long."""
    rows = session.scalars(
        select(Event).where(Event.interview_id == interview_id, Event.kind == EventKind.TURN)
    )
    return {
        payload["number"]: (payload.get("ended_ms") or 0) - (payload.get("started_ms") or 0)
        for payload in (events.opened(sealer, row) for row in rows)
        if payload.get("unsure")
    }


def _still_open(found: Mapping[int, int], noted: Mapping[str, _Noted]) -> frozenset[int]:
    told: set[int] = set()
    for track in noted.values():
        for number in track.named:
            told |= _movable(track.voices[number - 1], found)
    return frozenset(found.keys() - told)


def _movable(turns: Sequence[int], found: Mapping[int, int]) -> set[int]:
    """Those that go with the voice: they were uncertain, and long enough to know a voice by or among the
    examples. What a key or a known voice said is not up to a grouping."""
    mine = sorted((turn for turn in turns if turn in found), key=lambda turn: -found[turn])
    return {turn for place, turn in enumerate(mine) if place < EXAMPLES or found[turn] >= CLEAR_MS}


def _noted(session: Session, sealer: Sealer, interview_id: str) -> dict[str, _Noted]:
    """By track."""
    rows = session.scalars(
        select(Event)
        .where(Event.interview_id == interview_id, Event.kind == EventKind.ACTION)
        .order_by(Event.seq)
    )
    found: dict[str, _Noted] = {}
    for row in rows:
        payload = events.opened(sealer, row)
        if payload.get("action") == "voices":
            found[payload["track"]] = _Noted(row.seq, payload["voices"])
        elif payload.get("action") == NAMED:
            found[payload["track"]].named[payload["voice"]] = payload["speaker"]
    return found


def _voices(session: Session, sealer: Sealer, interview: Interview) -> list[VoiceFound]:
    noted = _noted(session, sealer, interview.id)
    if not noted:
        return []
    now = record.read(session, sealer, interview).now
    uncertain = _left_open(session, sealer, interview.id)
    still = _still_open(uncertain, noted)
    segments = {one.id: one for one in now.segments}
    found = []
    for track, group in noted.items():
        for number, turns in enumerate(group.voices, 1):
            movable = _movable(turns, uncertain)
            mine = [segments[str(turn)] for turn in turns if str(turn) in segments]
            mine.sort(key=lambda one: (one.turn not in movable, (one.start_ms or 0) - (one.end_ms or 0)))
            left = sum(turn in still and str(turn) not in now.by_person for turn in turns)
            going = tuple(one for one in mine if one.turn in movable)
            name = group.named.get(number)
            found.append(VoiceFound(track, number, tuple(mine), going, left, name, group.seq))
    return found


def _step(  # noqa: PLR0917
    session: Session,
    sealer: Sealer,
    interview: Interview,
    user: User,
    number: int,
    segment: str,
    speaker: str,
) -> None:
    row_id = new_id()
    payload: dict[str, Any] = {"segment": segment, "speaker": speaker, "why": ""}
    session.add(
        TranscriptEdit(
            id=row_id,
            interview_id=interview.id,
            number=number,
            key=f"voice:{row_id}",
            author_id=user.id,
            kind="speaker",
            sealed_payload=sealer.seal(payload, f"transcript:{row_id}"),
        )
    )
    done = {"what": "speaker", "step": number}
    events.append(session, sealer, interview, EventKind.TRANSCRIPT, done, actor_id=user.id)
    session.flush()
