"""Speech with known words for `bench.speech`, beyond what the project carries: nothing of it is kept."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from web.speech.audio import decode
from web.speech.model import RATE, Samples

RECORDED = Path("/usr/share/pocketsphinx/test/data")
SENTENCES = Path(__file__).with_name("heard_sentences.yml")
VOICES = {
    "espeak-ng f3": ["espeak-ng", "-v", "en+f3", "-s", "145", "{text}", "-w", "{file}"],
    "espeak-ng us": ["espeak-ng", "-v", "en-us", "-s", "150", "{text}", "-w", "{file}"],
    "flite slt, noisy": ["flite", "-voice", "slt", "-t", "{text}", "-o", "{file}"],
    "flite awb, noisy": ["flite", "-voice", "awb", "-t", "{text}", "-o", "{file}"],
}
DIGITS = {"ten": "10", "four": "4", "seven": "7", "five": "5", "eight": "8"}  # as Whisper writes them
LOUD = 3000.0  # root mean square of all voices
QUIET, NOISY = 60.0, 400.0  # that of the noise: 34 and 17 dB below
PAUSE_S = (0.7, 2.2)


@dataclass(frozen=True)
class Known:
    """`kind`: "read" by people, or "made" by a machine voice."""

    name: str
    kind: str
    sound: Samples
    text: str


def recorded(folder: Path = RECORDED) -> Iterator[Known]:
    """A command and names of cards as people say them, where Debian's pocketsphinx-testdata is there. Its
    readings of a novel are among the samples of the project."""
    listed = folder / "cards" / "cards.transcription"
    if listed.is_file():
        said = re.findall(r"<s>(.*?)</s> \((\w+)\)", listed.read_text(encoding="utf-8"))
        sounds = [np.concatenate(list(decode(folder / "cards" / f"{name}.wav"))) for _, name in said]
        sounds.append(np.fromfile(folder / "goforward.raw", dtype="<i2"))
        text = " ".join([*(words.strip() for words, _ in said), "go forward ten meters"])
        text = " ".join(DIGITS.get(word, word) for word in text.split())
        yield Known("pocketsphinx-testdata", "read", _joined(sounds, QUIET / 10), text)


def made() -> Iterator[Known]:
    """Needs Debian's `espeak-ng` and `flite`."""
    sentences = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    for name, command in VOICES.items():
        sounds = [_spoken(command, sentence) for sentence in sentences]
        noise = NOISY if "noisy" in name else QUIET
        yield Known(name, "made", _joined(sounds, noise), " ".join(sentences))


def _spoken(command: list[str], text: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        subprocess.run(  # noqa: S603
            [part.format(text=text, file=file) for part in command], check=True, capture_output=True
        )
        sound = np.concatenate(list(decode(file))).astype(float)
    even: Samples = np.clip(sound * LOUD / np.sqrt(np.mean(sound**2)), -32768, 32767).astype(np.int16)
    return even


def _joined(sounds: list[Samples], noise: float) -> Samples:
    room = np.random.default_rng(3)
    parts = [np.zeros(RATE // 2, np.int16)]
    for sound in sounds:
        parts += [sound, np.zeros(int(RATE * room.uniform(*PAUSE_S)), np.int16)]
    whole = np.concatenate(parts)
    joint: Samples = np.clip(whole + room.normal(0, noise, len(whole)), -32768, 32767).astype(np.int16)
    return joint
