"""A whole recorded file: decoded, cut into utterances per track, transcribed, put in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from web.speech import together
from web.speech.audio import BadAudio, Recording
from web.speech.model import RATE, Samples, Segment, Utterance
from web.speech.segment import Pace, Segmenter
from web.speech.transcriber import Transcriber

Window = tuple[list[Utterance], Samples]


@dataclass(frozen=True, slots=True)
class Transcript:
    """`segments` are (track name, segment) in order of time; `warnings` plain sentences about the file."""

    duration_ms: int
    tracks: tuple[str, ...]
    segments: tuple[tuple[str, Segment], ...]
    warnings: tuple[str, ...] = field(default=())


def transcribe_file(
    path: Path,
    transcriber: Transcriber,
    *,
    tracks: Sequence[str] = (),
    language: str | None = None,
    pace: Pace | None = None,
) -> Transcript:
    """Transcribe a recording. Two names in `tracks` keep the channels of a stereo file apart; without names
    a stereo file whose channels differ becomes "left" and "right". Utterances in a language that is known
    beforehand are heard together with their neighbours (see together.py).

    Raises BadAudio (also where names and tracks do not match) and UnsupportedLanguage.
    """
    known = transcriber.check_language(language)
    with Recording(path, mono=len(tracks) == 1) as recording:
        names = _names(recording, tracks)
        found = [
            (names[track], segment)
            for track, said, sound in _windows(recording, pace, alone=known is None)
            for segment in together.hear(transcriber, said, sound, known)
        ]
        warnings = tuple(recording.warnings())
        heard = tuple(name for name in names if name)
        ordered = sorted(found, key=lambda item: (item[1].start_ms, heard.index(item[0])))
        return Transcript(recording.read_ms, heard, tuple(ordered), warnings)


def _names(recording: Recording, tracks: Sequence[str]) -> list[str]:
    if not tracks:
        return ["left", "right"] if recording.tracks == 2 else ["all"]
    if len(tracks) != recording.tracks:
        raise BadAudio(
            f"{len(tracks)} names were given, but the file has {recording.tracks} track", recording.where
        )
    return list(tracks)


class _Track:
    """What was heard of one track and is not written down yet, with its sound."""

    def __init__(self, pace: Pace | None, alone: bool) -> None:
        self._segmenter = Segmenter(pace)
        self._alone = alone
        self._said: list[Utterance] = []
        self._sound: deque[Samples] = deque()
        self._from = 0  # number of the first sample that is held

    def feed(self, sound: Samples) -> Iterator[Window]:
        self._sound.append(sound)
        self._said += self._segmenter.feed(sound)
        yield from self._ready(self._segmenter.certain_ms)
        needed = (self._said[0].start_ms if self._said else self._segmenter.certain_ms) * RATE // 1000
        while self._sound and self._from + len(self._sound[0]) <= needed:
            self._from += len(self._sound.popleft())

    def flush(self) -> Iterator[Window]:
        self._said += self._segmenter.flush()
        yield from self._ready(float("inf"))

    def _ready(self, certain_ms: float) -> Iterator[Window]:
        while self._said:
            count = 1 if self._alone else together.belonging(self._said, certain_ms)
            if not count:
                return
            said, self._said = self._said[:count], self._said[count:]
            yield said, said[0].samples if count == 1 else self._between(said[0].start_ms, said[-1].end_ms)

    def _between(self, from_ms: int, to_ms: int) -> Samples:
        begin, end = (at * RATE // 1000 - self._from for at in (from_ms, to_ms))
        return np.concatenate(self._sound)[begin:end]


def _windows(
    recording: Recording, pace: Pace | None, *, alone: bool
) -> Iterator[tuple[int, list[Utterance], Samples]]:
    """On which track, what is heard as one, and its sound."""
    tracks = [_Track(pace, alone) for _ in range(recording.tracks)]
    for chunk in recording.chunks():
        for number, track in enumerate(tracks):
            yield from ((number, *window) for window in track.feed(chunk[number]))
    for number, track in enumerate(tracks):
        yield from ((number, *window) for window in track.flush())
