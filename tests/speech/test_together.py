"""Utterances heard as one: which, and whose each word is then."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.speech.conftest import AUDIO
from tests.speech.test_files import words
from web.speech import together
from web.speech.files import transcribe_file
from web.speech.model import RATE, Samples, Segment, Utterance, Word
from web.speech.transcriber import Transcriber


def said(*times: tuple[float, float]) -> list[Utterance]:
    """From and to in seconds."""
    return [Utterance(int(a * 1000), int(b * 1000), np.ones(int((b - a) * RATE), np.int16)) for a, b in times]


NEAR = said((0, 5), (6, 12), (13, 16), (18, 22), (23, 27), (27.5, 30))


def test_those_that_fit_are_cut_at_the_longest_pause_of_the_second_half() -> None:
    assert together.belonging(NEAR, 30_000) == 3
    assert together.belonging(said((0, 5), (8, 12), (13, 16), (17, 22), (23, 29)), 29_000) == 4


def test_the_answer_does_not_change_with_what_is_known_later() -> None:
    answers = [together.belonging(NEAR[:known], NEAR[known - 1].end_ms) for known in range(1, len(NEAR) + 1)]
    assert answers == [0, 0, 0, 0, 0, 3]


def test_a_long_pause_ends_them_and_one_may_be_alone() -> None:
    far = said((0, 5), (9, 10))
    assert together.belonging(far, 10_000) == 1
    assert together.belonging(far[1:], 13_000) == 0
    assert together.belonging(far[1:], 13_001) == 1


@dataclass
class Reading:
    """Answers with words prepared for each length of sound, in seconds."""

    words: dict[int, tuple[Word, ...]]
    asked: list[int] = field(default_factory=list)

    def transcribe(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        seconds = len(samples) // RATE
        self.asked.append(seconds)
        found = self.words.get(seconds, ())
        text = " ".join(word.text for word in found)
        sure = found[0].probability if found else 0.0
        return Segment(
            text, found, offset_ms, offset_ms + seconds * 1000, sure, "en", None if text else "noise"
        )


def hear(scribe: Reading, these: list[Utterance]) -> list[Segment]:
    return together.hear(scribe, these, np.ones(these[-1].end_ms * RATE // 1000, np.int16), "en")


def test_each_word_goes_to_the_utterance_in_which_most_of_it_lies() -> None:
    whole = (
        Word("Yes.", 100, 900, 0.9),
        Word("No", 1500, 3600, 0.9),  # begins in the pause, as Whisper likes to say
        Word("more.", 3600, 4500, 0.8),
    )
    scribe = Reading({5: whole})
    first, second = hear(scribe, said((0, 2), (3, 5)))
    assert (first.text, second.text) == ("Yes.", "No more.")
    assert (second.start_ms, second.end_ms, second.confidence) == (3000, 5000, 0.85)
    assert [(word.start_ms, word.end_ms) for word in second.words] == [(3000, 3600), (3600, 4500)]
    assert scribe.asked == [5], "and nothing is heard twice"


def test_what_was_passed_over_is_heard_alone() -> None:
    scribe = Reading({6: (Word("Yes.", 100, 900, 0.9),), 3: (Word("No.", 3100, 3500, 0.7),)})
    assert [one.text for one in hear(scribe, said((0, 2), (3, 6)))] == ["Yes.", "No."]


@pytest.mark.parametrize(("alone", "text"), [(0.7, "Sure."), (0.3, "Guess."), (None, "")])
def test_what_is_doubtful_is_heard_alone_as_well_and_the_surer_is_kept(
    alone: float | None, text: str
) -> None:
    again = () if alone is None else (Word("Sure.", 3100, 3500, alone),)
    scribe = Reading({6: (Word("Yes.", 0, 900, 0.9), Word("Guess.", 3100, 4000, 0.4)), 3: again})
    found = hear(scribe, said((0, 2), (3, 6)))[1]
    assert found.text == text
    assert found.doubt == {0.7: None, 0.3: "unsure", None: "noise"}[alone]


@pytest.mark.parametrize(
    ("before", "texts"),
    [
        (("Did", "he?"), ["Did he?", "Yes."]),
        (("Did", "he?", "yes"), ["Did he? Yes.", "Yes."]),
        (("Did", "she?", "Guess."), ["Did he? Yes.", "Yes."]),
        ((), ["Did he? Yes.", "Yes."]),
        ((), ["", "Yes."]),
    ],
    ids=[
        "it was the answer's",
        "said twice",
        "something was said",
        "its sound tells nothing",
        "nothing said",
    ],
)
def test_a_short_answer_whose_time_falls_into_the_question_stands_once(
    before: tuple[str, ...], texts: list[str]
) -> None:
    """Whisper's times run early by half a second and more; what the question's own sound says decides."""
    question = () if texts == ["", "Yes."] else (Word("Did", 100, 500, 0.9), Word("he?", 500, 900, 0.9))
    whole = (*question, Word("Yes.", 1500, 1900, 0.9))
    alone = tuple(Word(text, at * 300, at * 300 + 300, 0.9) for at, text in enumerate(before))
    scribe = Reading({6: whole, 3: (Word("Yes.", 3100, 3500, 0.7),), 2: alone})
    assert [one.text for one in hear(scribe, said((0, 2), (3, 6)))] == texts


def test_a_first_word_whose_time_falls_behind_into_the_answer_stands_once() -> None:
    whole = (Word("Red?", 3100, 3400, 0.9), Word("It", 3500, 3800, 0.9), Word("was.", 3800, 4400, 0.9))
    alone = (Word("It", 3500, 3800, 0.9), Word("was.", 3800, 4400, 0.9))
    scribe = Reading({6: whole, 3: alone, 2: (Word("Red?", 1000, 1500, 0.8),)})
    assert [one.text for one in hear(scribe, said((0, 2), (3, 6)))] == ["Red?", "It was."]


def test_a_file_is_heard_in_few_windows_and_each_turn_keeps_its_own_words(
    transcriber: Transcriber, dialogue: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[float] = []
    plain = transcriber.transcribe

    def noting(samples: Samples, offset_ms: int = 0, language: str | None = None) -> Segment:
        lengths.append(len(samples) / RATE)
        return plain(samples, offset_ms, language)

    monkeypatch.setattr(transcriber, "transcribe", noting)
    segments = [segment for _, segment in transcribe_file(AUDIO / "one-track.opus", transcriber).segments]
    assert len(lengths) < len(dialogue) / 2
    assert max(lengths) <= together.LONGEST_MS / 1000
    for segment, turn in zip(segments, dialogue, strict=True):
        assert set(words(segment.text)[-3:]) == set(words(turn["text"])[-3:])
        assert abs(len(words(segment.text)) - len(words(turn["text"]))) <= 1
