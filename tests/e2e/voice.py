"""Spoken interviews for the browser's fake microphone, and how much of them was understood."""

from __future__ import annotations

import json
import re
import time
import wave
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from selenium.webdriver.common.keys import Keys

from tests.e2e.pages.live import SPEAKER_KEYS, LiveRoom
from web.speech.audio import Recording
from web.speech.model import RATE

AUDIO = Path(__file__).parents[1] / "speech" / "audio"
SPOKEN: list[dict[str, Any]] = json.loads((AUDIO / "dialogue.json").read_text())["turns"]
LEAD_MS, PAUSE_MS = 4000, 2600  # room for a busy machine: the microphone starts late, keys come late


def spoken_wav(target: Path, turns: int, tracks: int) -> list[dict[str, Any]]:
    """Write the first turns of the stored dialogue with long pauses between; returns them with their new
    times (milliseconds). One track, or two: left the interviewer, right the child."""
    name = "one-track.opus" if tracks == 1 else "two-tracks.opus"
    with Recording(AUDIO / name) as recording:
        sound = np.concatenate(list(recording.chunks()), axis=1)
    pause = np.random.default_rng(3).normal(0, 6, (tracks, PAUSE_MS * RATE // 1000)).astype(np.int16)
    lead = np.random.default_rng(4).normal(0, 6, (tracks, LEAD_MS * RATE // 1000)).astype(np.int16)
    pieces, at, placed = [lead], LEAD_MS, []
    for turn in SPOKEN[:turns]:
        piece = sound[:, (turn["start_ms"] - 100) * RATE // 1000 : (turn["end_ms"] + 100) * RATE // 1000]
        length = piece.shape[1] * 1000 // RATE
        placed.append({**turn, "start_ms": at, "end_ms": at + length})
        pieces += [piece, pause]
        at += length + PAUSE_MS
    _write(target, np.concatenate(pieces, axis=1))
    return placed


def _write(target: Path, sound: np.ndarray[Any, np.dtype[np.int16]]) -> None:
    with wave.open(str(target), "wb") as file:
        file.setnchannels(len(sound))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.ascontiguousarray(sound.T).tobytes())


def record(room: LiveRoom, layout: str = "one") -> float:
    """Switch the microphone on, by keyboard; returns the moment at which it heard the first sound."""
    room.find('.acts [data-command="sound"]').send_keys(Keys.ENTER)
    room.driver.execute_script(
        """const layout = document.getElementById("sound-layout");
        layout.value = arguments[0];
        layout.dispatchEvent(new Event("change"));""",
        layout,
    )
    room.find("#sound-start").send_keys(Keys.ENTER)
    began = time.monotonic()
    room.wait(lambda: not room.dialog() and room.saved.startswith("recording"), "the recording")
    return began


def stop_recording(room: LiveRoom) -> None:
    room.find('.acts [data-command="sound"]').send_keys(Keys.ENTER)
    room.find("#sound-stop").send_keys(Keys.ENTER)
    room.wait(lambda: room.saved.startswith("not recording"), "the end of the recording")
    room.press(Keys.ESCAPE)
    room.wait(lambda: not room.dialog(), "the window closed")


def press_speaker_keys(room: LiveRoom, began: float, placed: list[dict[str, Any]]) -> None:
    """As an interviewer with a foot on the pedal: the key in the pause before each turn."""
    for turn in placed:
        due = began + (turn["start_ms"] - PAUSE_MS / 2) / 1000
        time.sleep(max(0.0, due - time.monotonic()))
        room.press(SPEAKER_KEYS[turn["speaker"]])


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def understood(said: list[str], spoken: list[str]) -> float:
    """The share of the spoken words that was written down."""
    wanted, found = Counter(words(" ".join(spoken))), Counter(words(" ".join(said)))
    return (wanted & found).total() / wanted.total()
