"""A whole recorded file: decoded, cut into utterances per track, transcribed, put in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from web.speech.audio import BadAudio, Recording
from web.speech.model import Segment, Utterance
from web.speech.segment import Pace, Segmenter
from web.speech.transcriber import Transcriber


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
    a stereo file whose channels differ becomes "left" and "right".

    Raises BadAudio (also where names and tracks do not match) and UnsupportedLanguage.
    """
    transcriber.check_language(language)
    with Recording(path, mono=len(tracks) == 1) as recording:
        names = _names(recording, tracks)
        found = [
            (names[track], transcriber.transcribe(said.samples, said.start_ms, language))
            for track, said in _utterances(recording, pace)
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


def _utterances(recording: Recording, pace: Pace | None) -> Iterator[tuple[int, Utterance]]:
    segmenters = [Segmenter(pace) for _ in range(recording.tracks)]
    for chunk in recording.chunks():
        for track, segmenter in enumerate(segmenters):
            yield from ((track, said) for said in segmenter.feed(chunk[track]))
    for track, segmenter in enumerate(segmenters):
        yield from ((track, said) for said in segmenter.flush())
