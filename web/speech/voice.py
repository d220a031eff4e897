"""Whose voice: a stretch of sound becomes vectors that lie close together for one person.

The encoder is the GE2E network of Resemblyzer (Wan et al. 2018, arXiv:1710.10467; Apache-2.0, see
voice_model/): three LSTM layers that look at 1.6 s at a time. What it gives is biometric data: it stays in
memory, and nothing here writes it anywhere.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from web.speech.model import RATE, Samples
from web.speech.voice_mel import HOP, Floats, mel

HERE = Path(__file__).parent / "voice_model"
WINDOW = 160  # frames the network looks at: 1.6 s
STEP = 77  # frames from one window to the next: 1.3 windows a second, as it was published
WIDTH, LAYERS, BANDS = 256, 3, 40
LOUD_DBFS = -30.0  # all sound is made so loud: the network minds how loud a voice is, people move
EDGE_DB = 30.0  # so much softer than the loudest is no part of the voice at either end

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """Voices of one stretch of sound. `windows[i]` is of the 1.6 s around `middles_ms[i]`, `whole` of all.
    Vectors have length 1; `voiced_ms` is how long the sound is without the quiet at its ends."""

    whole: Vector
    windows: NDArray[np.float32]
    middles_ms: tuple[int, ...]
    voiced_ms: int


def listen(samples: Samples) -> Heard | None:
    """None where there is nothing but silence. About 5 ms of one processor for a second of sound."""
    import torch

    begin, end = _voiced(samples)
    if begin == end:
        return None
    sound = _loud(samples[begin:end].astype(np.float32) / np.float32(32768))
    bands = mel(sound)
    if len(bands) < WINDOW:  # a short answer is heard again and again, or its voice would be mostly silence
        bands = np.resize(bands, (WINDOW, BANDS))
    starts = list(range(0, len(bands) - WINDOW + 1, STEP))
    if len(bands) - WINDOW - starts[-1] > STEP // 2:
        starts.append(len(bands) - WINDOW)
    lstm, linear = _network()
    with torch.inference_mode():
        batch = torch.from_numpy(np.stack([bands[start : start + WINDOW] for start in starts]))
        _, (hidden, _) = lstm(batch)
        raw = torch.relu(linear(hidden[-1])).numpy()
    windows = raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9)
    half = min(WINDOW * HOP, end - begin) // 2
    middles = tuple((begin + start * HOP + half) * 1000 // RATE for start in starts)
    return Heard(unit(windows.mean(axis=0)), windows, middles, (end - begin) * 1000 // RATE)


def unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)


def _voiced(samples: Samples) -> tuple[int, int]:
    """From where to where it is not quiet, in samples."""
    count = len(samples) // HOP
    power = np.square(samples[: count * HOP].reshape(count, HOP).astype(np.float64)).mean(axis=1)
    if count == 0 or not power.any():
        return 0, 0
    loud = np.flatnonzero(power >= power.max() * 10 ** (-EDGE_DB / 10))
    return int(loud[0]) * HOP, (int(loud[-1]) + 1) * HOP


def _loud(sound: Floats) -> Floats:
    rms = float(np.sqrt(np.mean(np.square(sound))))
    return np.asarray(sound * (10 ** (LOUD_DBFS / 20) / max(rms, 1e-9)), dtype=np.float32)


@cache
def _network() -> Any:
    """The network, loaded once (some 10 MB). Raises ValueError where its file is another one."""
    import torch
    from safetensors.torch import load

    content = (HERE / "encoder.safetensors").read_bytes()
    about = json.loads((HERE / "about.json").read_text(encoding="utf-8"))
    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise ValueError("web/speech/voice_model/encoder.safetensors is not the file that about.json names")
    state = {name: value.float() for name, value in load(content).items()}
    lstm = torch.nn.LSTM(BANDS, WIDTH, LAYERS, batch_first=True)
    linear = torch.nn.Linear(WIDTH, WIDTH)
    for part, name in ((lstm, "lstm."), (linear, "linear.")):
        mine = {key.removeprefix(name): value for key, value in state.items() if key.startswith(name)}
        part.load_state_dict(mine)
        part.eval()
    return lstm, linear
