from __future__ import annotations

import pytest

from web.speech.model import Segment, Word
from web.speech.speakers import Mark, assign, split

MARKS = [Mark(0, "interviewer"), Mark(5_000, "child"), Mark(9_000, "interviewer")]


def segment(*times: int) -> Segment:
    words = tuple(
        Word(f"w{number}", start, start + 400, 0.5 + number / 10) for number, start in enumerate(times)
    )
    text = " ".join(word.text for word in words)
    return Segment(text, words, times[0] - 100, times[-1] + 600, 0.9, "en")


@pytest.mark.parametrize(
    ("start", "end", "speaker"),
    [
        (1_000, 2_000, "interviewer"),
        (5_000, 6_000, "child"),
        (4_000, 7_000, "child"),
        (3_000, 6_000, "interviewer"),
        (4_500, 5_500, "interviewer"),
        (8_000, 20_000, "interviewer"),
        (6_000, 6_000, "child"),
    ],
)
def test_the_one_who_held_most_of_it_spoke(start: int, end: int, speaker: str) -> None:
    assert assign(start, end, MARKS) == speaker


def test_the_order_of_marks_does_not_matter_and_the_first_reaches_back() -> None:
    assert assign(4_000, 7_000, list(reversed(MARKS))) == "child"
    assert assign(0, 900, [Mark(1_000, "child")]) == "child"


def test_without_any_mark_nobody_is_guessed() -> None:
    with pytest.raises(ValueError, match="no speaker was ever marked"):
        assign(0, 1, [])
    with pytest.raises(ValueError, match="no speaker was ever marked"):
        split(segment(100), [])


def test_an_utterance_is_cut_where_the_speaker_changes() -> None:
    whole = segment(4_000, 4_500, 4_900, 5_500, 6_000)

    parts = split(whole, MARKS)

    assert [(speaker, part.text) for speaker, part in parts] == [
        ("interviewer", "w0 w1"),
        ("child", "w2 w3 w4"),
    ]
    assert [word for _, part in parts for word in part.words] == list(whole.words)
    assert parts[0][1].start_ms == whole.start_ms
    assert parts[0][1].end_ms == 4_900
    assert parts[1][1].start_ms == 4_900
    assert parts[1][1].end_ms == whole.end_ms
    assert parts[0][1].confidence == pytest.approx(0.55)


def test_an_utterance_of_one_speaker_stays_as_it_is() -> None:
    whole = segment(5_200, 5_900, 6_400)

    assert split(whole, MARKS) == [("child", whole)]


def test_an_utterance_without_words_stays_whole() -> None:
    noise = Segment("", (), 4_000, 8_000, 0.0, "en", "noise")

    assert split(noise, MARKS) == [("child", noise)]
