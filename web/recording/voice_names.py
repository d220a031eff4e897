"""Whose the voices of a recording are: the machine says which turns are of one voice, a person who that is.

Kept are the numbers of turns by voice, and what was said of them; nothing that a voice could be known by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict, Invalid
from web.recording.service import SPEAKERS
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
    longest first; `unsure` how many of them nobody has said the speaker of; `named` what was said it is."""

    track: str
    number: int
    segments: tuple[Segment, ...]
    unsure: int
    named: str | None

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
        """Say whose voices are whose: a step for each turn that says otherwise, unless a person said so; how
        many steps comes back. `seen`: how many turns the voices had together.

        Raises Invalid, and Conflict where there are others by now.
        """
        if any(speaker not in SPEAKERS for speaker in named.values()):
            raise Invalid("speaker", f"A speaker is one of {', '.join(SPEAKERS)}.")
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self._vault.sealer(interview.id, interview.wrapped_key)
            voices = _voices(session, sealer, interview)
            if sum(len(voice.segments) for voice in voices) != seen:
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
                for one in voice.segments:
                    if one.speaker != speaker and one.id not in now.by_person:
                        number += 1
                        _step(session, sealer, interview, user, number, one.id, speaker)
            self._audit(session, user.id, "transcript:voices", interview.id)
            last = interview.next_seq - 1
        self._announce(interview_id, last)
        return number - now.number


def unsure(session: Session, sealer: Sealer, interview_id: str) -> frozenset[int]:
    """The numbers of turns whose speaker neither a key nor a voice made clear, and nobody named the voice."""
    rows = session.scalars(
        select(Event).where(Event.interview_id == interview_id, Event.kind == EventKind.TURN)
    )
    payloads = [events.opened(sealer, row) for row in rows]
    found = {payload["number"] for payload in payloads if payload.get("unsure")}
    if not found:
        return frozenset()
    groups, named = _noted(session, sealer, interview_id)
    told = {turn for (track, number) in named for turn in groups[track][number - 1]}
    return frozenset(found - told)


def _noted(
    session: Session, sealer: Sealer, interview_id: str
) -> tuple[dict[str, list[list[int]]], dict[tuple[str, int], str]]:
    """The newest grouping of each track, and the names given to its voices since."""
    rows = session.scalars(
        select(Event)
        .where(Event.interview_id == interview_id, Event.kind == EventKind.ACTION)
        .order_by(Event.seq)
    )
    groups: dict[str, list[list[int]]] = {}
    named: dict[tuple[str, int], str] = {}
    for payload in (events.opened(sealer, row) for row in rows):
        if payload.get("action") == "voices":
            groups[payload["track"]] = payload["voices"]
            named = {key: who for key, who in named.items() if key[0] != payload["track"]}
        elif payload.get("action") == NAMED:
            named[payload["track"], payload["voice"]] = payload["speaker"]
    return groups, named


def _voices(session: Session, sealer: Sealer, interview: Interview) -> list[VoiceFound]:
    groups, named = _noted(session, sealer, interview.id)
    if not groups:
        return []
    now = record.read(session, sealer, interview).now
    open_turns = unsure(session, sealer, interview.id)
    segments = {one.id: one for one in now.segments}
    found = []
    for track, voices in groups.items():
        for number, turns in enumerate(voices, 1):
            mine = [segments[str(turn)] for turn in turns if str(turn) in segments]
            mine.sort(key=lambda one: (one.start_ms or 0) - (one.end_ms or 0))
            left = sum(turn in open_turns and str(turn) not in now.by_person for turn in turns)
            found.append(VoiceFound(track, number, tuple(mine), left, named.get((track, number))))
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
