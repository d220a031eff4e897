"""One loaded model for all tests, and the spoken samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from web.speech.audio import Recording
from web.speech.model import Samples
from web.speech.transcriber import Transcriber

AUDIO = Path(__file__).parent / "audio"


@pytest.fixture(scope="session")
def transcriber() -> Transcriber:
    return Transcriber.load(threads=1)


@pytest.fixture(scope="session")
def dialogue() -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = json.loads((AUDIO / "dialogue.json").read_text())["turns"]
    return turns


@pytest.fixture(scope="session")
def one_track() -> Samples:
    with Recording(AUDIO / "one-track.opus") as recording:
        return np.concatenate(list(recording.chunks()), axis=1)[0]
