"""Makes the spoken samples again: `python tests/speech/audio/make.py` (needs Debian's `flite`)."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
RATE = 16_000
LEAD_MS, PAUSE_MS, TAIL_MS = 800, 1300, 1500


def speak(text: str, voice: str) -> NDArray[np.int16]:
    """One sentence by flite, as 16 kHz samples without the silence at both ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(path)], check=True)
        resampler = av.AudioResampler("s16", "mono", RATE)
        with av.open(str(path)) as container:
            frames = [f for frame in container.decode(audio=0) for f in resampler.resample(frame)]
            frames += resampler.resample(None)
    samples = np.concatenate([frame.to_ndarray()[0] for frame in frames])
    loud = np.flatnonzero(np.abs(samples) > 200)
    return samples[loud[0] : loud[-1]]


def encode(path: Path, tracks: NDArray[np.int16], kbit: int) -> None:
    """Write samples of shape (tracks, time) as Opus in an Ogg file."""
    layout = "stereo" if len(tracks) == 2 else "mono"
    with av.open(str(path), "w", format="ogg") as container:
        stream: Any = container.add_stream("libopus", rate=RATE, layout=layout)
        stream.bit_rate = kbit * 1000
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(tracks.T.reshape(1, -1)), "s16", layout)
        frame.rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def main() -> None:
    dialogue = json.loads((HERE / "dialogue.json").read_text())
    noise = np.random.default_rng(7)
    cursor = LEAD_MS
    said = []
    for turn in dialogue["turns"]:
        samples = speak(turn["text"], dialogue["voices"][turn["speaker"]])
        turn["start_ms"], turn["end_ms"] = cursor, cursor + len(samples) * 1000 // RATE
        cursor = turn["end_ms"] + PAUSE_MS
        said.append(samples)
    total = (cursor + TAIL_MS) * RATE // 1000
    tracks = noise.normal(0, 6, (2, total)).astype(np.int16)  # a quiet room, never digital silence
    for turn, samples in zip(dialogue["turns"], said, strict=True):
        start = turn["start_ms"] * RATE // 1000
        tracks[int(turn["speaker"] == "child"), start : start + len(samples)] += samples
    encode(HERE / "two-tracks.opus", tracks, 48)
    encode(
        HERE / "one-track.opus",
        np.clip(tracks.sum(axis=0, keepdims=True), -32768, 32767).astype(np.int16),
        24,
    )
    (HERE / "dialogue.json").write_text(json.dumps(dialogue, indent=2) + "\n")


if __name__ == "__main__":
    main()
