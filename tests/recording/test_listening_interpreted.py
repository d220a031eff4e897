"""Sound of a talk through an interpreter becomes turns: the real detector, the real English model."""

from __future__ import annotations

import numpy as np
import pytest

from tests.interview.parts import Room
from tests.recording.studio import SHORT_MS, SPOKEN, Studio, sound, words
from web.speech.model import RATE, Samples
from web.speech.transcriber import Transcriber
from web.store import EventKind


def only(samples: Samples, *numbers: int) -> Samples:
    """The sound of these turns of the stored dialogue, in their places; quiet elsewhere."""
    kept = np.random.default_rng(5).normal(0, 6, len(samples)).astype(np.int16)
    for number in numbers:
        turn = SPOKEN[number]
        place = slice((turn["start_ms"] - 100) * RATE // 1000, (turn["end_ms"] + 100) * RATE // 1000)
        kept[place] = samples[place]
    return kept


@pytest.fixture
def studio(room: Room, transcriber: Transcriber) -> Studio:
    return Studio(room, transcriber, child_language="uk")


def turns(studio: Studio) -> list[tuple[str, str, list[str]]]:
    shown = studio.room.service.history(studio.interview.id, kinds=(EventKind.TURN,))
    return [(e.payload["speaker"], e.payload["language"], words(e.payload["text"])) for e in shown]


def test_three_tracks_the_interpreter_speaks_to_each_side_in_its_language(studio: Studio) -> None:
    """What is said to the child cannot be written down by a model of English; it waits for an ear."""
    left, right = sound("two-tracks.opus", SHORT_MS)
    studio.open("me", "interviewer")
    studio.open("child", "child")
    studio.open("third", "interpreter")
    studio.play({"me": only(left, 0), "third": only(right, 1, 3), "child": only(left, 2)})
    studio.end()
    assert turns(studio) == [
        ("interviewer", "en", words(SPOKEN[0]["text"])),
        ("interpreter", "en", words(SPOKEN[3]["text"])),
    ]
    assert len(studio.unheard) == 2


def test_one_microphone_the_key_says_to_whom_the_interpreter_speaks(studio: Studio) -> None:
    whole = sound("one-track.opus", SHORT_MS)[0]
    voices = [("interviewer", None), ("interpreter", "uk"), ("child", None), ("interpreter", None)]
    for turn, (speaker, language) in zip(SPOKEN, voices, strict=False):
        at = turn["start_ms"] - 300
        studio.recordings.mark_speaker(studio.interview.id, f"m{at}", at, speaker, None, language)
    studio.open("room", None)
    studio.play({"room": whole})
    studio.end()
    heard = turns(studio)
    assert {(speaker, language) for speaker, language, _ in heard} <= {
        ("interviewer", "en"),
        ("interpreter", "en"),
    }
    assert heard[0] == ("interviewer", "en", words(SPOKEN[0]["text"]))
    assert studio.unheard
