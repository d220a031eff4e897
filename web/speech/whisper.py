"""faster-whisper with a window that can be shortened (see window.py). Slow to import: load it late."""

from __future__ import annotations

from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from web.speech.window import WHOLE


class ShortWhisper(WhisperModel):  # type: ignore[misc]  # faster-whisper carries no types
    """Set `window` before a call; the caller sees to it that calls do not overlap."""

    window = WHOLE

    def encode(self, features: NDArray[np.float32]) -> Any:
        return super().encode(np.ascontiguousarray(features[..., : self.window]))
