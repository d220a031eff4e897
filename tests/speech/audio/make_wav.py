"""Turns a stored sample into 16 kHz WAV, as Chromium's fake microphone wants it:
`python tests/speech/audio/make_wav.py one-track.opus OUT.wav [--track 0|1]`."""

from __future__ import annotations

import argparse
import wave
from pathlib import Path

import numpy as np

from web.speech.audio import Recording
from web.speech.model import RATE

HERE = Path(__file__).parent


def make_wav(name: str, target: Path, track: int | None = None) -> Path:
    """Write the sample `name` to `target`: all its tracks, or only `track` as a mono file."""
    with Recording(HERE / name) as recording:
        sound = np.concatenate(list(recording.chunks()), axis=1)
    if track is not None:
        sound = sound[track : track + 1]
    with wave.open(str(target), "wb") as file:
        file.setnchannels(len(sound))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.ascontiguousarray(sound.T).tobytes())
    return target


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("target", type=Path)
    parser.add_argument("--track", type=int)
    given = parser.parse_args()
    make_wav(given.name, given.target, given.track)
