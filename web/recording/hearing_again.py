"""The worker's side of again.py: listen to what was heard in the wrong language, a little at a time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview import events, turns
from web.interview.turns import TurnIn
from web.recording import voice_steps
from web.recording.again import DONE, SPOKEN, Again, Owed, look
from web.recording.service import RecordingService
from web.speech.model import Segment as Heard
from web.speech.models import BadModel
from web.speech.transcriber import UnsupportedLanguage
from web.speech.transcribers import Scribe
from web.store import Database, EventKind, Interview, Sealer, Segment
from web.store.vault import Unreadable
from web.transcript import record, uncertain
from web.transcript.meanwhile import write_over
from web.transcript.model import INAUDIBLE

log = logging.getLogger(__name__)
BUDGET_S = 2.0  # before others get their turn

Made = tuple[Owed, Heard | None]
"""What was heard; None where no model writes the language."""


@dataclass(frozen=True)
class Step:
    """`more`: there is more to be heard again; `seq`: of the last event, where anything was written."""

    more: bool = False
    seq: int | None = None


@dataclass
class HearingAgain:
    """One per worker. Killed at any point, it begins again with what is not written down yet: a turn and all
    that goes with it are written at once. `clock` in seconds."""

    database: Database
    recordings: RecordingService
    transcriber: Callable[[], Scribe]
    clock: Callable[[], float] = time.monotonic

    def step(self, interview_id: str) -> Step:
        """Hear some turns, where a person asked for it."""
        with self.database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None or interview.wrapped_key is None:
                return Step()
            now = look(session, self.recordings.sealer(interview), interview)
        if now.asked is None:
            return Step()
        try:
            made, more = self._hear(now.owed)
        except Unreadable:
            if self._erased(interview_id):
                return Step()
            raise
        return Step(more, write_over(self.database, interview_id, self._look, self._writer(now, made, more)))

    def _erased(self, interview_id: str) -> bool:
        with self.database.read() as session:
            return session.get_one(Interview, interview_id).wrapped_key is None

    def _hear(self, owed: Sequence[Owed]) -> tuple[list[Made], bool]:
        """And whether there is more."""
        began, made = self.clock(), list[Made]()
        dumb: set[str] = set()
        for one in owed:
            if made and self.clock() - began > BUDGET_S:
                return made, True
            heard = None if one.language in dumb else self._again(one)
            if heard is None:
                dumb.add(one.language)
            if heard is not None or not one.marked:
                made.append((one, heard))
        return made, False

    def _again(self, one: Owed) -> Heard | None:
        sound = b"".join(self.recordings.pcm(one.track.id, one.start_ms, one.end_ms))
        samples, begin = np.frombuffer(sound, dtype="<i2"), one.start_ms + one.track.offset_ms
        try:
            return self.transcriber().transcribe(samples, begin, one.language)
        except UnsupportedLanguage:
            return None
        except BadModel as error:
            log.error("speech model: %s", type(error).__name__)  # noqa: TRY400 - its text may name places
            return None

    def _look(self, session: Session, interview: Interview) -> Again:
        gone = interview.wrapped_key is None
        return Again() if gone else look(session, self.recordings.sealer(interview), interview)

    def _writer(
        self, began: Again, made: Sequence[Made], more: bool
    ) -> Callable[[Session, Interview, Again], int | None]:
        """Writes what is still owed: somebody may have corrected words or named voices anew meanwhile."""

        def write(session: Session, interview: Interview, now: Again) -> int | None:
            if interview.wrapped_key is None:
                return None
            sealer, before = self.recordings.sealer(interview), interview.next_seq
            owed = {one.heard_key: one for one in now.owed}
            fresh = [(owed[one.heard_key], heard) for one, heard in made if one.heard_key in owed]
            for one, heard in fresh:
                _write_one(session, sealer, interview, began.author_id, one, heard)
            if not more and events.by_key(session, interview.id, f"{DONE}:{began.asked}") is None:
                done, key = {"action": DONE}, f"{DONE}:{began.asked}"
                _regroup(session, sealer, interview, began.author_id)
                events.append(session, sealer, interview, EventKind.ACTION, done, key=key)
            return interview.next_seq - 1 if interview.next_seq > before else None

        return write


def _write_one(  # noqa: PLR0917
    session: Session, sealer: Sealer, interview: Interview, author_id: str, one: Owed, heard: Heard | None
) -> None:
    first = record.last_number(session, interview.id) + 1
    here = (session, sealer, interview, author_id)
    told = {"segment": str(one.turn), "text": INAUDIBLE}
    if heard is None:
        why = f"Not heard: no speech model here writes this language ({one.language})."
        voice_steps.take(*here, first, "text", told, one.marked_key, why)
        return
    if not heard.text:
        why = f"Heard again in the speaker's language ({one.language}): no word was understood."
        voice_steps.take(*here, first, "text", told, one.heard_key, why)
        return
    new = _turn(session, sealer, interview, one, heard)
    why = f"Heard again in the speaker's language ({one.language})."
    voice_steps.take(*here, first, "text", {**told, "text": ""}, one.heard_key, why)
    joined = {"segment": str(new), "other": str(one.turn)}
    voice_steps.take(*here, first + 1, "merge", joined, f"{one.heard_key}:in", why)


def _turn(session: Session, sealer: Sealer, interview: Interview, one: Owed, heard: Heard) -> int:
    """In the place of the first, where the sound is."""
    words = [
        {"text": w.text, "start_ms": w.start_ms, "end_ms": w.end_ms, "probability": w.probability}
        for w in heard.words
    ]
    said = TurnIn(
        key=f"speech:{one.track.name}:{one.start_ms}:{one.heard_key}",
        speaker=one.speaker,
        text=heard.text,
        started_ms=heard.start_ms,
        ended_ms=heard.end_ms,
        language=one.language,
        source=SPOKEN,
        words=words,
        unsure=one.with_voice,
    )
    made = turns.record(session, sealer, interview, None, said)
    session.flush()
    wanted = select(Segment).where(Segment.track_id == one.track.id, Segment.start_ms == one.start_ms)
    row = session.scalars(wanted).one()
    row.turn_id, row.confidence = made.turn_id, heard.confidence
    return made.number


def _regroup(session: Session, sealer: Sealer, interview: Interview, author_id: str) -> None:
    """Let the new turns be of the voices that the first ones were of, with the names these were given. Once
    for all: whoever asks for a speaker reads every grouping there is."""
    now = record.read(session, sealer, interview).now
    merged = (one for one in now.counting if one.kind == "merge" and one.segment.isdecimal())
    instead = {int(one.other): int(one.segment) for one in merged if one.other.isdecimal()}
    for name, track in uncertain.by_track(session, sealer, interview.id).items():
        last = track.groupings[-1]
        voices = [[_newest(turn, instead) for turn in voice] for voice in last.voices]
        if voices == last.voices:
            continue
        told: dict[str, Any] = {"action": uncertain.GROUPED, "track": name, "voices": voices}
        key = f"voices:{name}:{max(instead.values())}:again"
        events.append(session, sealer, interview, EventKind.ACTION, told, key=key)
        for number, speaker in last.named.items():
            told = {"action": uncertain.NAMED, "track": name, "voice": number, "speaker": speaker}
            events.append(session, sealer, interview, EventKind.ACTION, told, actor_id=author_id)
    session.flush()


def _newest(turn: int, instead: dict[int, int]) -> int:
    while turn in instead:
        turn = instead[turn]
    return turn
