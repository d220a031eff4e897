"""One track being listened to, and whose turn it is among several."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from web.recording.early import Early
from web.speech.model import Utterance
from web.speech.segment import Segmenter
from web.store import Track

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
    """What was fed of a track and which utterances wait for their turn in time. `clock` in seconds.

    `chunk` is the next to be fed, without the first `skip` samples of it. `language`: nobody waits for its
    words, and all are in this one, so that utterances are heard together with their neighbours; until
    `together_ms` of the track they have been.
    """

    track: Track
    segmenter: Segmenter
    chunk: int
    skip: int
    clock: Callable[[], float] = time.monotonic
    waiting: list[Waiting] = field(default_factory=list)
    flushed: bool = False
    language: str | None = None
    together_ms: int = 0
    early: Early = field(init=False)
    last_sound: float = field(init=False)

    def __post_init__(self) -> None:
        self.early = Early(self.track.offset_ms)
        self.last_sound = self.clock()

    @property
    def stalled(self) -> bool:
        """Whether nothing has come for so long that nobody waits for this track any more."""
        return self.clock() - self.last_sound > STALLED_S

    @property
    def certain_ms(self) -> float:
        """On the interview's clock: nothing earlier can still come from this track."""
        if self.flushed or self.stalled:
            return float("inf")
        return self.segmenter.certain_ms + self.track.offset_ms

    @property
    def safe_ms(self) -> int:
        """In the track: from here on it must be heard again after a restart."""
        return min([self.segmenter.position_ms, *(item.resume_ms for item in self.waiting)])

    def feed(self, pcm: bytes) -> None:
        """The next chunk."""
        pcm, self.chunk, self.skip = pcm[self.skip * 2 :], self.chunk + 1, 0
        resume_ms = self.segmenter.position_ms
        self.waiting += [Waiting(utterance, resume_ms) for utterance in self.segmenter.feed(pcm)]
        self.last_sound = self.clock()

    def flush(self) -> None:
        resume_ms = self.segmenter.position_ms
        self.waiting += [Waiting(utterance, resume_ms) for utterance in self.segmenter.flush()]
        self.flushed = True


def due(ears: list[Ear]) -> list[tuple[Ear, Waiting]]:
    """Utterances that nothing earlier can precede any more, in the order they were spoken."""
    horizon = min((ear.certain_ms for ear in ears), default=0.0)
    ready = [(ear, item) for ear in ears for item in ear.waiting if item.begins_ms(ear.track) <= horizon]
    return sorted(ready, key=lambda pair: pair[1].begins_ms(pair[0].track))
