"""From sound to turns, while the interview goes on: the worker's side.

Every step can be repeated: where a track stands is a row, an utterance is known by its start, and the
turn made of it by a key, so that a killed worker loses nothing and doubles nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from web.interview.errors import KeyReused
from web.interview.service import InterviewService
from web.interview.turns import TurnIn
from web.recording.service import RecordingService
from web.speech.model import Segment as Heard
from web.speech.model import Utterance
from web.speech.segment import Segmenter
from web.speech.speakers import Mark, split
from web.speech.transcriber import Transcriber, UnsupportedLanguage
from web.store import Database, Interview, Segment, SpeakerMark, Track

log = logging.getLogger(__name__)
SLICE_MS = 30_000  # of sound a track hands over before the others get their turn
STALLED_S = 6.0  # a live track that sends nothing for so long no longer holds the others back


@dataclass(frozen=True)
class Waiting:
    """An utterance, and the place from which hearing the track again gives the same one."""

    utterance: Utterance
    resume_ms: int

    def begins_ms(self, track: Track) -> int:
        """On the interview's clock."""
        return self.utterance.start_ms + track.offset_ms


@dataclass
class Ear:
    """One track being listened to: what was fed and which utterances wait for their turn in time."""

    track: Track
    segmenter: Segmenter
    fed_ms: int
    waiting: list[Waiting] = field(default_factory=list)
    flushed: bool = False
    last_sound: float = field(default_factory=time.monotonic)

    @property
    def certain_ms(self) -> float:
        """On the interview's clock: nothing earlier can still come from this track."""
        if self.flushed or time.monotonic() - self.last_sound > STALLED_S:
            return float("inf")
        return self.segmenter.certain_ms + self.track.offset_ms

    @property
    def safe_ms(self) -> int:
        """In the track: from here on it must be heard again after a restart."""
        return min([self.segmenter.position_ms, *(item.resume_ms for item in self.waiting)])

    def feed(self, pcm: bytes) -> None:
        resume_ms = self.segmenter.position_ms
        self.waiting += [Waiting(utterance, resume_ms) for utterance in self.segmenter.feed(pcm)]

    def flush(self) -> None:
        resume_ms = self.segmenter.position_ms
        self.waiting += [Waiting(utterance, resume_ms) for utterance in self.segmenter.flush()]
        self.flushed = True


class Listener:
    """Makes turns of sound. One per worker; `listen` is not for several threads at once."""

    def __init__(
        self,
        database: Database,
        recordings: RecordingService,
        interviews: InterviewService,
        transcriber: Callable[[], Transcriber],
    ) -> None:
        self._database = database
        self._recordings = recordings
        self._interviews = interviews
        self._transcriber = transcriber
        self._ears: dict[str, Ear] = {}

    def unfinished(self) -> list[str]:
        """Interviews whose sound has not all become turns: where to go on after a restart."""
        with self._database.read() as session:
            return list(session.scalars(select(Track.interview_id).where(~Track.heard_out).distinct()))

    def listen(self, interview_id: str) -> bool:
        """Work through a slice of what has arrived. True where more is waiting to be heard."""
        with self._database.read() as session:
            interview = session.get(Interview, interview_id)
            if interview is None or interview.wrapped_key is None:
                return False
            tracks = list(session.scalars(select(Track).where(Track.interview_id == interview_id)))
        open_tracks = [track for track in tracks if not track.heard_out]
        more = max([self._take_in(self._ear(track)) for track in open_tracks], default=False)
        ears = [self._ears[track.id] for track in open_tracks]
        for ear, item in _due(ears):
            self._write_down(interview, ear.track, item.utterance)
            ear.waiting.remove(item)
        for ear in ears:
            self._remember(ear)
        return more

    def _ear(self, track: Track) -> Ear:
        ear = self._ears.get(track.id)
        if ear is None:
            ear = Ear(track, Segmenter(at_ms=track.transcribed_ms), track.transcribed_ms)
            self._ears[track.id] = ear
        ear.track = track
        return ear

    def _take_in(self, ear: Ear) -> bool:
        state = self._recordings.state(ear.track.interview_id, ear.track.name)
        until = min(state.saved_ms, ear.fed_ms + SLICE_MS)
        if until > ear.fed_ms:
            for pcm in self._recordings.pcm(ear.track.id, ear.fed_ms, until):
                ear.feed(pcm)
            ear.fed_ms = until
            ear.last_sound = time.monotonic()
        if state.ended and ear.fed_ms >= state.saved_ms and not ear.flushed:
            ear.flush()
        return ear.fed_ms < state.saved_ms

    def _write_down(self, interview: Interview, track: Track, utterance: Utterance) -> None:
        with self._database.read() as session:
            found = select(Segment).where(
                Segment.track_id == track.id, Segment.start_ms == utterance.start_ms
            )
            if session.scalar(found) is not None:
                return
        turn_id, confidence = None, 0.0
        for index, (speaker, heard) in enumerate(self._hear(interview, track, utterance)):
            key = f"speech:{track.name}:{utterance.start_ms}:{index}"
            turn_id = self._add_turn(interview, key, speaker, heard) or turn_id
            confidence = heard.confidence
        with self._database.write() as session:
            session.add(
                Segment(
                    track_id=track.id,
                    turn_id=turn_id,
                    start_ms=utterance.start_ms,
                    end_ms=utterance.end_ms,
                    confidence=confidence,
                )
            )

    def _hear(self, interview: Interview, track: Track, utterance: Utterance) -> list[tuple[str, Heard]]:
        """What was said by whom. Nothing where the model does not know the language or understood no word."""
        spoken = interview.child_language if track.speaker == "child" else interview.interviewer_language
        try:
            heard = self._transcriber().transcribe(utterance.samples, utterance.start_ms, spoken)
        except UnsupportedLanguage:
            return []
        if not heard.text:
            return []
        if track.speaker is not None:
            return [(track.speaker, _shifted(heard, track.offset_ms))]
        with self._database.read() as session:
            rows = session.scalars(select(SpeakerMark).where(SpeakerMark.interview_id == interview.id))
            marks = [Mark(row.at_ms, row.speaker) for row in rows]
        parts = split(_shifted(heard, track.offset_ms), marks or [Mark(0, "interviewer")])
        return [(speaker, part) for speaker, part in parts if part.text]

    def _add_turn(self, interview: Interview, key: str, speaker: str, heard: Heard) -> str | None:
        language = interview.child_language if speaker == "child" else interview.interviewer_language
        words = [
            {"text": w.text, "start_ms": w.start_ms, "end_ms": w.end_ms, "probability": w.probability}
            for w in heard.words
        ]
        turn = TurnIn(
            key=key,
            speaker=speaker,
            text=heard.text,
            started_ms=heard.start_ms,
            ended_ms=heard.end_ms,
            language=language,
            source="speech",
            words=words,
        )
        try:
            return self._interviews.add_turn(interview.id, None, turn).turn_id
        except KeyReused:  # heard before a restart, with another model perhaps: what was saved then stays
            return None

    def _remember(self, ear: Ear) -> None:
        done = ear.flushed and not ear.waiting
        with self._database.write() as session:
            track = session.get_one(Track, ear.track.id)
            track.transcribed_ms = max(track.transcribed_ms, ear.safe_ms)
            track.heard_out = done
        if done:
            del self._ears[ear.track.id]


def _due(ears: list[Ear]) -> list[tuple[Ear, Waiting]]:
    """Utterances that nothing earlier can precede any more, in the order they were spoken."""
    horizon = min((ear.certain_ms for ear in ears), default=0.0)
    ready = [(ear, item) for ear in ears for item in ear.waiting if item.begins_ms(ear.track) <= horizon]
    return sorted(ready, key=lambda pair: pair[1].begins_ms(pair[0].track))


def _shifted(heard: Heard, offset_ms: int) -> Heard:
    """The same on the interview's clock."""
    if not offset_ms:
        return heard
    words = tuple(
        replace(word, start_ms=word.start_ms + offset_ms, end_ms=word.end_ms + offset_ms)
        for word in heard.words
    )
    return replace(heard, words=words, start_ms=heard.start_ms + offset_ms, end_ms=heard.end_ms + offset_ms)
