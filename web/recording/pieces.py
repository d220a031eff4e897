"""From a recording to chunks of its tracks, the same way every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from web.recording.service import RecordingService
from web.speech.audio import Recording
from web.speech.model import RATE, Samples

PIECE_MS = 10_000
CHUNK_SAMPLES = PIECE_MS * RATE // 1000
Channels = dict[str, str | None]
Pieces = Iterator[Samples]


def channels(digest: bytes, count: int, speakers: Sequence[str | None]) -> Channels:
    """A name for each channel, by the hash of the file, and who is on it. Names more than there are channels
    are for the caller to refuse."""
    known = [*speakers, *[None] * (count - len(speakers))][:count]
    return {f"file-{digest.hex()[:10]}-{number}": speaker for number, speaker in enumerate(known)}


def pieces(recording: Recording) -> Pieces:
    """The sound in pieces of ten seconds, shape (channels, samples)."""
    pending: Samples = np.zeros((recording.tracks, 0), dtype=np.int16)
    for part in recording.chunks():
        pending = np.concatenate([pending, part], axis=1)
        while pending.shape[1] >= CHUNK_SAMPLES:
            yield pending[:, :CHUNK_SAMPLES]
            pending = pending[:, CHUNK_SAMPLES:]
    if pending.shape[1]:
        yield pending


def store_piece(  # noqa: PLR0917
    recordings: RecordingService,
    interview_id: str,
    tracks: Mapping[str, str | None],
    number: int,
    piece: Samples,
    actor_id: str | None,
) -> None:
    """One piece into the record; tracks begin with the first, so that a refused file leaves none."""
    for (name, speaker), samples in zip(tracks.items(), piece, strict=True):
        if number == 0:
            recordings.open_track(interview_id, name, speaker, 0, actor_id)
        body = np.ascontiguousarray(samples).astype("<i2").tobytes()
        recordings.add_chunk(interview_id, name, number, body, hashlib.sha256(body).hexdigest())
