"""From a recording to chunks of its tracks, the same way every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from web.recording.places import of_file
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
    return {f"{of_file(digest)}{number}": speaker for number, speaker in enumerate(known)}


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
