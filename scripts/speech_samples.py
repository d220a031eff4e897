"""Makes the samples of web/speech/samples again: `python scripts/speech_samples.py [FOLDER]`.

Needs Debian's `espeak-ng`. FOLDER is where pocketsphinx-testdata has its librivox files (by default where
that package puts them); the recordings of people are made from them as they are, only packed smaller.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.speech.audio.make import RATE, encode  # noqa: E402
from web.speech.audio import decode  # noqa: E402
from web.speech.model import Samples  # noqa: E402

HERE = ROOT / "web" / "speech" / "samples"
LIBRIVOX = Path("/usr/share/pocketsphinx/test/data/librivox")
PAUSE_S, EDGE_S = 1.2, 0.6


def main() -> None:
    recorded = Path(sys.argv[1]) if len(sys.argv) > 1 else LIBRIVOX
    for sample in yaml.safe_load((HERE / "samples.yml").read_text(encoding="utf-8")):
        if sample["kind"] == "read":
            said = [np.concatenate(list(decode(file))) for file in sorted(recorded.glob("*.wav"))]
        else:
            said = [spoken(text, sample["voice"]) for text in re.split(r"(?<=[.])\s+", sample["text"])]
        encode(HERE / sample["file"], joined(said)[np.newaxis], 32 if sample["kind"] == "read" else 16)


def spoken(text: str, voice: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        command = ["espeak-ng", "-v", voice, "-s", "140", "-w", str(file), text]
        subprocess.run(command, check=True)  # noqa: S603
        return np.concatenate(list(decode(file)))


def joined(said: list[Samples]) -> Samples:
    """With pauses between, in a quiet room, never digital silence."""
    room: Any = np.random.default_rng(7)
    parts = [np.zeros(int(EDGE_S * RATE), np.int16)]
    for samples in said:
        parts += [samples, np.zeros(int(PAUSE_S * RATE), np.int16)]
    sound = np.concatenate(parts).astype(np.int32)
    joint: Samples = np.clip(sound + room.normal(0, 6, len(sound)), -32768, 32767).astype(np.int16)
    return joint


if __name__ == "__main__":
    main()
