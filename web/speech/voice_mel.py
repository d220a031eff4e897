"""Sound as the voice encoder was taught to see it: the power in 40 bands of the mel scale, every 10 ms.

The same numbers as librosa's `melspectrogram(n_fft=400, hop_length=160, n_mels=40)` gives for 16 kHz, whose
bands are those of Slaney's Auditory Toolbox (1998). No logarithm is taken.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from web.speech.model import RATE

N_FFT, HOP, BANDS = 400, 160, 40
LINEAR_HZ, STEP_HZ = 1000.0, 200.0 / 3  # below, a mel is so many Hz; above, it grows
GROWTH = np.log(6.4) / 27

Floats = NDArray[np.float32]


def mel(sound: Floats) -> Floats:
    """Shape (frames, 40): a frame around every 160th sample of sound in [-1, 1], silence beyond its ends."""
    padded = np.pad(sound, N_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    hann = np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    power = np.abs(np.fft.rfft(frames * hann, axis=1)) ** 2
    return (power @ _bands().T).astype(np.float32)


@cache
def _bands() -> NDArray[np.float64]:
    """Triangles between neighbouring edges, each of the same area."""
    edges = _hertz(np.linspace(0.0, _mels(RATE / 2), BANDS + 2))
    bins = np.fft.rfftfreq(N_FFT, 1 / RATE)
    rise = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    area = 2.0 / (edges[2:] - edges[:-2])
    return np.maximum(0.0, np.minimum(rise, fall)) * area[:, None]


def _mels(hertz: float) -> float:
    return float(LINEAR_HZ / STEP_HZ + np.log(hertz / LINEAR_HZ) / GROWTH)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    corner = LINEAR_HZ / STEP_HZ
    return np.where(mels < corner, mels * STEP_HZ, LINEAR_HZ * np.exp(GROWTH * (mels - corner)))
