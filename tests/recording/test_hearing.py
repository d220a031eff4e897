"""Words are never lost to a guess about who speaks which language."""

from __future__ import annotations

import numpy as np
import pytest

from web.recording.hearing import hear
from web.recording.voices import Voice
from web.speech.ahead import As
from web.speech.model import RATE, Samples, Utterance, Word
from web.speech.model import Segment as Heard
from web.speech.speakers import Mark
from web.store import Track

SAID = Utterance(0, 4000, np.zeros(4 * RATE, np.int16))
TRACK = Track(offset_ms=0)


def eight_words(samples: Samples, offset_ms: int, language: str | None) -> Heard:
    starts = range(offset_ms, offset_ms + 4000, 500)
    words = tuple(Word(f"w{number}", at, at + 400, 0.9) for number, at in enumerate(starts))
    return Heard(
        " ".join(word.text for word in words), words, offset_ms, offset_ms + 4000, 0.9, str(language)
    )


def heard(*marks: Mark) -> list[tuple[Voice, str]]:
    return [(who, part.text) for who, part in hear(As(eight_words), TRACK, SAID, None, marks)]


@pytest.mark.parametrize(
    "marks",
    [
        (Mark(0, "interviewer en", 0), Mark(3000, "child uk", 2500)),
        (Mark(0, "interviewer en ?"), Mark(2900, "child uk")),
        (Mark(0, "interviewer en", 0), Mark(2900, "child uk")),
    ],
    ids=["a change by voice", "unsure before a key", "a voice before a key"],
)
def test_a_guess_about_a_voice_deletes_no_words(marks: tuple[Mark, ...]) -> None:
    first, second = heard(*marks)
    assert first[1].split() + second[1].split() == [f"w{number}" for number in range(8)]
    assert second[0] == Voice("child", "en", unsure=True), "in the language that was listened for"


def test_what_a_key_says_is_in_another_language_is_not_made_up() -> None:
    first, second = heard(Mark(0, "interviewer en"), Mark(2900, "child uk"))
    assert first == (Voice("interviewer", "en"), "w0 w1 w2 w3 w4 w5")
    assert second == (Voice("child", "uk"), "")
