"""The words this package speaks in. Times are milliseconds from the start of the recording."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16_000

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of sound with speech in it; `samples[0]` sounds at `start_ms`."""

    start_ms: int
    end_ms: int
    samples: Samples


@dataclass(frozen=True, slots=True)
class Word:
    """`probability` is the model's own, in [0, 1]; it is no measure of whether the word was said."""

    text: str
    start_ms: int
    end_ms: int
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """What the machine heard in one utterance.

    `confidence` is the mean probability of its words, 0 without words. `doubt` says why the text was
    withheld ("noise", "repetition") or is shaky ("unsure"); None otherwise. A withheld text is empty: a
    person has to listen.
    """

    text: str
    words: tuple[Word, ...]
    start_ms: int
    end_ms: int
    confidence: float
    language: str
    doubt: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of `tellmore transcribe`."""
        return {**asdict(self), "words": [asdict(word) for word in self.words]}
