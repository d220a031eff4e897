"""Finds utterances in sound that arrives piece by piece, by the Silero voice detector of faster-whisper."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from web.speech.model import RATE, Samples, Utterance

FRAME = 512  # samples the detector looks at together: 32 ms
FRAME_MS = FRAME * 1000 // RATE
CONTEXT = 64  # samples of the frame before that it also sees


@dataclass(frozen=True, slots=True)
class Pace:
    """When an utterance begins and ends. Times in milliseconds; thresholds are speech probabilities.

    `silence_ms` of quiet end an utterance; interpreters and small children need more. `pad_ms` of sound
    are kept on both sides. One of `max_ms` is cut at its quietest place; `idle_ms` bounds how far back
    a restart has to listen again.
    """

    silence_ms: int = 600
    pad_ms: int = 256
    max_ms: int = 28_000
    min_speech_ms: int = 64
    idle_ms: int = 30_000
    begin: float = 0.5
    end: float = 0.35

    def frames(self, ms: int) -> int:
        return max(1, ms // FRAME_MS)

    @property
    def pad(self) -> int:
        """Frames kept before and after; halved where silence is so short that neighbours would overlap."""
        return min(self.frames(self.pad_ms), self.frames(self.silence_ms) // 2)


@dataclass(frozen=True, slots=True)
class Open:
    """An utterance that has not ended yet, as far as it goes. `settled`: should the pause last, it is handed
    out exactly so. `pausing`: the pause that may end it has begun."""

    utterance: Utterance
    pausing: bool
    settled: bool


class _Detector:
    """Speech probability frame by frame; keeps the network's memory between calls."""

    def __init__(self) -> None:
        from faster_whisper.vad import get_vad_model

        self._session: Any = get_vad_model().session
        self.forget()

    def forget(self) -> None:
        self._h: NDArray[np.float32] = np.zeros((1, 1, 128), dtype=np.float32)
        self._c: NDArray[np.float32] = np.zeros((1, 1, 128), dtype=np.float32)
        self._context: NDArray[np.float32] = np.zeros(CONTEXT, dtype=np.float32)

    def hear(self, frame: Samples) -> float:
        sound = frame.astype(np.float32) / np.float32(32768)
        given = np.concatenate([self._context, sound])[None]
        # One frame a call: the sums then never depend on how the sound was cut into chunks.
        output, self._h, self._c = self._session.run(None, {"input": given, "h": self._h, "c": self._c})
        self._context = sound[-CONTEXT:]
        return float(np.asarray(output).ravel()[0])


class Segmenter:
    """Feed it one track's sound in order; it hands out utterances as they end.

    The same sound gives the same utterances however it is cut into chunks, and also after a restart
    from `position_ms`, because the detector forgets at every utterance's end. Memory is bounded by the
    longest utterance. Not for several threads at once.
    """

    def __init__(self, pace: Pace | None = None, at_ms: int = 0) -> None:
        self.pace = pace or Pace()
        self._detector = _Detector()
        self._waiting: deque[Samples] = deque()
        self._frames: deque[Samples] = deque()  # held sound, from frame number _base on
        self._heard: deque[float] = deque()
        self._base = self._epoch = 0
        self._first: int | None = None  # first frame of the open utterance
        self._quiet: int | None = None  # first frame of the silence that may end it
        self._voiced = 0
        self.resume(at_ms)

    def resume(self, at_ms: int) -> None:
        """Start afresh with sound from `at_ms` on, a `position_ms` read earlier; else ValueError."""
        if at_ms < 0 or at_ms % FRAME_MS:
            raise ValueError(f"a position is a multiple of {FRAME_MS} ms, not {at_ms}")
        self._rest: Samples = np.zeros(0, dtype=np.int16)
        self._waiting.clear()
        self._restart(at_ms // FRAME_MS)

    @property
    def position_ms(self) -> int:
        """All speech before this time has been handed out; sound from here on is needed after a restart."""
        return self._epoch * FRAME_MS

    @property
    def certain_ms(self) -> int:
        """No utterance still to be handed out begins before this time."""
        begun = self._here if self._first is None else self._first
        return max(self._epoch, begun - self.pace.pad) * FRAME_MS

    def open(self) -> Open | None:
        """The utterance that somebody is in the middle of; None while nobody speaks."""
        if self._first is None:
            return None
        end = self._here if self._quiet is None else self._quiet
        said = self._take(end, self._here)
        settled = self._quiet is not None and self._here >= end + self.pace.pad
        return Open(said[0], self._quiet is not None, settled) if said else None

    def feed(self, pcm: Samples | bytes) -> list[Utterance]:
        """Take the next sound (16 kHz, 16 bit, one track) and return the utterances that ended in it."""
        fresh = np.frombuffer(pcm, dtype="<i2") if isinstance(pcm, bytes) else pcm
        sound = np.concatenate([self._rest, fresh])
        whole = len(sound) // FRAME * FRAME
        self._rest = sound[whole:].copy()
        self._waiting.extend(sound[start : start + FRAME] for start in range(0, whole, FRAME))
        return self._work()

    def flush(self) -> list[Utterance]:
        """The sound is over: return what was still open. Then `resume` before feeding again."""
        short = len(self._rest)
        if short:
            self._waiting.append(np.pad(self._rest, (0, FRAME - short)))
            self._rest = self._rest[:0]
        done = self._work()
        if self._first is not None:
            done += self._take(self._quiet if self._quiet is not None else self._here, self._here)
        self._restart(self._here)
        return done

    def _work(self) -> list[Utterance]:
        done: list[Utterance] = []
        while self._waiting:
            frame = self._waiting.popleft()
            self._frames.append(frame)
            self._heard.append(self._detector.hear(frame))
            done += self._idle() if self._first is None else self._speaking()
        return done

    @property
    def _here(self) -> int:
        """Number of the next frame."""
        return self._base + len(self._frames)

    def _idle(self) -> list[Utterance]:
        if self._heard[-1] >= self.pace.begin:
            self._first, self._voiced, self._quiet = self._here - 1, 1, None
            return []
        if self._here - self._epoch >= self.pace.frames(self.pace.idle_ms):
            self._rewind(self._here - self.pace.pad)
        elif len(self._frames) > self.pace.pad:
            self._frames.popleft()
            self._heard.popleft()
            self._base += 1
        return []

    def _speaking(self) -> list[Utterance]:
        heard = self._heard[-1]
        if heard >= self.pace.begin:
            self._voiced += 1
            self._quiet = None
        elif heard < self.pace.end and self._quiet is None:
            self._quiet = self._here - 1
        if self._quiet is not None and self._here - self._quiet >= self.pace.frames(self.pace.silence_ms):
            done = self._take(self._quiet, self._here)
            self._rewind(self._here - self.pace.pad)
            return done
        if len(self._frames) >= self.pace.frames(self.pace.max_ms):
            cut = self._quietest()
            done = self._take(cut, cut)
            self._rewind(cut)
            return done
        return []

    def _quietest(self) -> int:
        """The frame in the last quarter of an overlong utterance where a cut hardly hits a word."""
        heard = list(self._heard)
        first = len(heard) * 3 // 4
        return self._base + first + int(np.argmin(heard[first:]))

    def _take(self, end: int, limit: int) -> list[Utterance]:
        """The utterance that is open, up to frame `end` and the padding after it, but not beyond `limit`."""
        assert self._first is not None
        if self._voiced < self.pace.frames(self.pace.min_speech_ms):
            return []
        start = max(self._base, self._first - self.pace.pad)
        stop = min(limit, end + self.pace.pad)
        samples = np.concatenate(list(self._frames)[start - self._base : stop - self._base])
        return [Utterance(start * FRAME_MS, stop * FRAME_MS, samples)]

    def _rewind(self, frame: int) -> None:
        """Forget everything and listen again from `frame` on, which is still held."""
        again = list(self._frames)[frame - self._base :]
        self._waiting.extendleft(reversed(again))
        self._restart(frame)

    def _restart(self, frame: int) -> None:
        self._detector.forget()
        self._base = self._epoch = frame
        self._frames.clear()
        self._heard.clear()
        self._first = self._quiet = None
        self._voiced = 0
