"""From sound to turns, while the interview goes on: the worker's side.

Every step can be repeated: where a track stands is a row, an utterance is known by its start, and the
turn made of it by a key, so that a killed worker loses nothing and doubles nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import select

from web.interview import events
from web.interview.errors import KeyReused
from web.interview.service import InterviewService
from web.interview.turns import TurnIn
from web.recording.by_voice import ByVoice
from web.recording.ear import Ear, due
from web.recording.early import Tell
from web.recording.hearing import after, hear
from web.recording.places import OF_FILE
from web.recording.service import RecordingService
from web.recording.voices import Voice, alone, one_language, pace
from web.speech import together
from web.speech.ahead import Ahead
from web.speech.model import Segment as Heard
from web.speech.model import Utterance
from web.speech.segment import Segmenter
from web.speech.transcriber import UnsupportedLanguage
from web.speech.transcribers import LiveScribe, Scribe
from web.store import Database, Interview, Segment, Track, Turn

Part = tuple[str | None, int, int, float]  # turn, from and to on the interview's clock, confidence
SLICE = 150
"""Chunks that a track hands over before the others get their turn: half a minute as it is spoken."""
IDLE_S = 3600.0  # a track that sent nothing for so long is heard anew should more come


class Listener:
    """Makes turns of sound. One per worker; `listen` is not for several threads at once.

    `clock` in seconds; `tell` is given what is being heard, see early.py; `busy()`: other work waits."""

    def __init__(  # noqa: PLR0917
        self,
        database: Database,
        recordings: RecordingService,
        interviews: InterviewService,
        transcriber: Callable[[], LiveScribe],
        clock: Callable[[], float] = time.monotonic,
        tell: Tell = lambda interview_id, lines: None,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._recordings = recordings
        self._interviews = interviews
        self._ahead = Ahead(transcriber)
        self._by_voice = ByVoice(database, recordings)
        self._clock = clock
        self._tell, self._busy = tell, busy
        self._ears: dict[str, Ear] = {}
        self._told: dict[str, list[dict[str, Any]]] = {}

    def unfinished(self) -> list[str]:
        """Interviews whose sound has not all become turns: where to go on after a restart."""
        with self._database.read() as session:
            return list(session.scalars(select(Track.interview_id).where(~Track.heard_out).distinct()))

    def held_back(self) -> list[str]:
        """Interviews in which something heard waits for another track, which may have fallen silent for good:
        listen to them again now and then. So are those of which something is still in memory that should not
        be: erased ones, and tracks that sent nothing for long. May be asked from any thread."""
        ears = list(self._ears.values())
        held = {ear.track.interview_id for ear in ears}
        with self._database.read() as session:
            there = select(Interview.id).where(Interview.id.in_(held), Interview.wrapped_key.is_not(None))
            gone = held - set(session.scalars(there)) if held else set()
        return list(gone | {ear.track.interview_id for ear in ears if ear.waiting or self._idle(ear)})

    def listen(self, interview_id: str) -> bool:
        """Work through a slice of what has arrived. True where more is waiting to be heard."""
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None or interview.wrapped_key is None:
                self._forget(interview_id)
                return False
            tracks = list(session.scalars(select(Track).where(Track.interview_id == interview_id)))
        open_tracks = [track for track in tracks if not track.heard_out]
        more = max([self._take_in(self._ear(interview, track)) for track in open_tracks], default=False)
        ears = [self._ears[track.id] for track in open_tracks]
        certain = {ear.track.id: ear.certain_ms for ear in ears}  # before the time that hearing takes
        for ear, item in due(ears):
            if not self._among_others(ear, certain[ear.track.id]):
                break
            self._write_down(interview, ear.track, item.utterance)
            ear.waiting.remove(item)
        for ear in ears:
            self._remember(ear)
        if not more:
            self._look_ahead(interview, ears)
        if ears and all(self._idle(ear) and not ear.waiting for ear in ears):
            self._forget(interview_id)
        return more

    @property
    def deaf(self) -> str | None:
        """Why no voice can be told from another; None where that works."""
        return self._by_voice.broken

    def regroup(self, interview_id: str) -> bool:
        """See ByVoice."""
        return self._by_voice.regroup(interview_id)

    def ungrouped(self) -> list[str]:
        """See ByVoice.unfinished."""
        return self._by_voice.unfinished()

    def _idle(self, ear: Ear) -> bool:
        return self._clock() - ear.last_sound > IDLE_S

    def _forget(self, interview_id: str) -> None:
        """Its sound, its words, and what its voices are known by."""
        mine = [track_id for track_id, ear in self._ears.items() if ear.track.interview_id == interview_id]
        for track_id in mine:
            del self._ears[track_id]
        if self._told.pop(interview_id, None):
            self._tell(interview_id, [])
        self._by_voice.forget(interview_id)
        self._ahead.forget()

    def _ear(self, interview: Interview, track: Track) -> Ear:
        ear = self._ears.get(track.id)
        if ear is None or (ear.flushed and not track.ended):  # it goes on after all
            segmenter = Segmenter(pace(interview), track.transcribed_ms)
            ear = Ear(track, segmenter, *self._recordings.place(track.id, track.transcribed_ms), self._clock)
            ear.language = one_language(interview, track) if track.name.startswith(OF_FILE) else None
            self._ears[track.id] = ear
        ear.track = track
        return ear

    def _take_in(self, ear: Ear) -> bool:
        chunks = self._recordings.sound_from(ear.track.id, ear.chunk, SLICE)
        for pcm in chunks:
            ear.feed(pcm)
        more = len(chunks) == SLICE
        if ear.track.ended and not more and not ear.flushed:
            ear.flush()
        return more

    def _among_others(self, ear: Ear, certain_ms: float) -> bool:
        """Hear the next utterance of a file together with its neighbours, unless it has been. False while one
        may still join them: what comes after it, on other tracks as well, then waits, too."""
        track, said = ear.track, [one.utterance for one in ear.waiting]
        if ear.language is None or said[0].start_ms < ear.together_ms or self._has(track, said[0]):
            return True
        count = together.belonging(said, certain_ms - track.offset_ms)
        if count > 1:
            begin, ear.together_ms = said[0].start_ms, said[count - 1].end_ms
            sound = b"".join(self._recordings.pcm(track.id, begin, ear.together_ms))
            placed = [replace(one, start_ms=one.start_ms + track.offset_ms) for one in said[:count]]
            placed = [replace(one, end_ms=one.end_ms + track.offset_ms) for one in placed]
            with suppress(UnsupportedLanguage):  # which is said of each
                self._ahead.together(placed, np.frombuffer(sound, dtype="<i2"), ear.language)
        return count > 0

    def _look_ahead(self, interview: Interview, ears: list[Ear]) -> None:
        """Write down what will be asked for when a pause lasts; while there is time for it, look at what is
        being said. Then say what is being heard."""
        ears = [ear for ear in ears if ear.language is None]
        for ear in ears:
            for utterance in ear.early.wanted(ear.segmenter.open(), [item.utterance for item in ear.waiting]):
                self._voices(self._ahead.keeping, interview, ear.track, utterance)
        for ear in ears:
            if self._busy() or any(one.early.pausing and not one.stalled for one in self._ears.values()):
                break  # no text that is owed may wait for words that nobody is promised
            began = self._clock()
            if (said := ear.early.worth_a_look(began)) is not None:
                parts = self._voices(self._ahead.sketching, interview, ear.track, said)
                ear.early.looked(parts, began, self._clock())
        lines = [line for ear in ears for line in ear.early.lines()]
        if lines != self._told.get(interview.id, []):
            self._told |= {interview.id: lines}
            self._tell(interview.id, lines)
        if not lines:
            self._told.pop(interview.id, None)

    def _write_down(self, interview: Interview, track: Track, utterance: Utterance) -> None:
        if self._has(track, utterance):
            return
        prefix = f"speech:{track.name}:{utterance.start_ms}"
        turns = self._known(interview.id, prefix)
        parts: list[Part] = [(turn.id, turn.started_ms or 0, turn.ended_ms or 0, 0.0) for turn in turns]
        count = len(turns)
        for voice, heard in self._hear(interview, track, utterance, parts[-1][2] if parts else None):
            turn_id = self._add_turn(interview, f"{prefix}:{count}", voice, heard) if heard.text else None
            count += turn_id is not None
            parts.append((turn_id, heard.start_ms, heard.end_ms, heard.confidence))
        self._save(track, utterance, parts)
        if len(parts) == 1:
            self._by_voice.written(track, utterance)

    def _has(self, track: Track, utterance: Utterance) -> bool:
        with self._database.read() as session:
            here = select(Segment.id).where(
                Segment.track_id == track.id, Segment.start_ms == utterance.start_ms
            )
            return session.scalar(here) is not None

    def _save(self, track: Track, utterance: Utterance, parts: list[Part]) -> None:
        begin = utterance.start_ms
        with self._database.write() as session:
            for number, (turn_id, start_ms, end_ms, confidence) in enumerate(parts):
                begin = max(begin + 1, start_ms - track.offset_ms) if number else begin
                end = utterance.end_ms if number == len(parts) - 1 else end_ms - track.offset_ms
                session.add(
                    Segment(
                        track_id=track.id,
                        turn_id=turn_id,
                        start_ms=begin,
                        end_ms=max(begin, end),
                        confidence=confidence,
                    )
                )

    def _known(self, interview_id: str, prefix: str) -> list[Turn]:
        """Turns made of the utterance before the worker was killed."""
        found: list[Turn] = []
        with self._database.read() as session:
            while (event := events.by_key(session, interview_id, f"{prefix}:{len(found)}")) is not None:
                turn = select(Turn).where(Turn.interview_id == interview_id, Turn.seq == event.seq)
                found.append(session.scalars(turn).one())
        return found

    def _hear(
        self, interview: Interview, track: Track, utterance: Utterance, since_ms: int | None
    ) -> list[tuple[Voice, Heard]]:
        parts = self._voices(self._ahead, interview, track, utterance)
        if since_ms is None:
            return parts
        rest = [(voice, after(heard, since_ms)) for voice, heard in parts]
        return [(voice, heard) for voice, heard in rest if heard.words]

    def _voices(
        self, scribe: Scribe, interview: Interview, track: Track, utterance: Utterance
    ) -> list[tuple[Voice, Heard]]:
        start_ms, end_ms = utterance.start_ms + track.offset_ms, utterance.end_ms + track.offset_ms
        with self._database.read() as session:
            only = alone(session, interview, track, start_ms, end_ms)
        keyed = [] if only else self._by_voice.marks(interview, track, utterance)
        return hear(scribe, track, utterance, only, keyed)

    def _add_turn(self, interview: Interview, key: str, voice: Voice, heard: Heard) -> str | None:
        words = [
            {"text": w.text, "start_ms": w.start_ms, "end_ms": w.end_ms, "probability": w.probability}
            for w in heard.words
        ]
        turn = TurnIn(
            key=key,
            speaker=voice.speaker,
            text=heard.text,
            started_ms=heard.start_ms,
            ended_ms=heard.end_ms,
            language=voice.language,
            source="speech",
            words=words,
            unsure=voice.unsure,
        )
        try:
            return self._interviews.add_turn(interview.id, None, turn).turn_id
        except KeyReused:  # somebody else took this key; the sound is still there to be listened to
            return None

    def _remember(self, ear: Ear) -> None:
        done = ear.flushed and not ear.waiting
        if not done and ear.safe_ms <= ear.track.transcribed_ms:
            return
        if done:
            self._by_voice.finish(ear.track)  # first: once it counts as heard, nobody would try again
        with self._database.write() as session:
            track = session.get_one(Track, ear.track.id)
            track.transcribed_ms = max(track.transcribed_ms, ear.safe_ms)
            track.heard_out = done = done and track.ended  # unless more came of it meanwhile
        if done:
            del self._ears[ear.track.id]
