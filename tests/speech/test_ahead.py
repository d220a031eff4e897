"""What was written before it was asked for is what would have been written then."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from web.speech.ahead import MOST, MOST_TOGETHER, Ahead
from web.speech.model import Samples, Segment, Utterance
from web.speech.transcriber import UnsupportedLanguage


@dataclass
class Counting:
    """Writes how often it was asked."""

    calls: list[str | None] = field(default_factory=list)

    def transcribe(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        if language == "xx":
            raise UnsupportedLanguage("xx", "counting", ("en",))
        self.calls.append(language)
        return Segment(f"{len(samples)} at {offset_ms}", (), offset_ms, offset_ms, 1.0, language or "en")

    def sketch(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        self.calls.append("sketch")
        return Segment("", (), offset_ms, offset_ms, 1.0, language or "en")


SOUND = np.arange(1600, dtype=np.int16)


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def ahead(counting: Counting) -> Ahead:
    return Ahead(lambda: counting)


def test_what_was_prepared_is_there_once_and_then_forgotten(counting: Counting, ahead: Ahead) -> None:
    early = ahead.keeping.transcribe(SOUND, 500, "en")
    assert ahead.keeping.transcribe(SOUND, 500, "en") == early
    assert ahead.transcribe(SOUND, 500, "en") == early
    assert counting.calls == ["en"]
    ahead.transcribe(SOUND, 500, "en")
    assert counting.calls == ["en", "en"]


@pytest.mark.parametrize(
    ("samples", "offset_ms", "language"),
    [(SOUND[:-1], 500, "en"), (SOUND + 1, 500, "en"), (SOUND, 532, "en"), (SOUND, 500, "uk")],
)
def test_other_sound_another_place_or_language_is_written_anew(
    counting: Counting, ahead: Ahead, samples: Samples, offset_ms: int, language: str
) -> None:
    ahead.keeping.transcribe(SOUND, 500, "en")
    assert ahead.transcribe(samples, offset_ms, language) == counting.transcribe(samples, offset_ms, language)
    assert len(counting.calls) == 3


def test_only_so_much_is_kept(counting: Counting, ahead: Ahead) -> None:
    for number in range(MOST + 1):
        ahead.keeping.transcribe(SOUND, number, "en")
    ahead.transcribe(SOUND, 0, "en")
    ahead.transcribe(SOUND, MOST, "en")
    assert len(counting.calls) == MOST + 2


def test_a_language_nobody_writes_is_refused_early_and_late(ahead: Ahead) -> None:
    for scribe in (ahead.keeping, ahead):
        with pytest.raises(UnsupportedLanguage):
            scribe.transcribe(SOUND, 0, "xx")


def test_a_sketch_is_never_kept(counting: Counting, ahead: Ahead) -> None:
    ahead.sketching.transcribe(SOUND, 0, "en")
    ahead.transcribe(SOUND, 0, "en")
    assert counting.calls == ["sketch", "en"]


def utterance(first: int, start_ms: int) -> Utterance:
    return Utterance(start_ms, start_ms + 100, np.arange(first, first + 1600, dtype=np.int16))


def test_tracks_of_a_file_that_take_turns_lose_nothing_to_each_other(
    counting: Counting, ahead: Ahead
) -> None:
    here, there = [utterance(0, 0)], [utterance(9000, 50)]
    for said in (here, there):
        ahead.together(said, said[0].samples, "en")
    for one in (*here, *there):
        ahead.transcribe(one.samples, one.start_ms, "en")
    assert len(counting.calls) == 2, "each was heard once"


def test_of_what_was_heard_together_only_so_much_is_kept(counting: Counting, ahead: Ahead) -> None:
    for number in range(MOST_TOGETHER + 5):
        said = utterance(number, number)
        ahead.together([said], said.samples, "en")
    assert len(ahead._together) == MOST_TOGETHER
    ahead.forget()
    assert not ahead._together
