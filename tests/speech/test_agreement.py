"""Words of somebody still speaking: shown once two looks agree, and never taken back."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from web.speech.agreement import Agreement
from web.speech.model import RATE, Samples, Word
from web.speech.transcriber import Transcriber


def look(text: str, since_ms: int = 0, each_ms: int = 300) -> list[Word]:
    return [
        Word(word, since_ms + at * each_ms, since_ms + (at + 1) * each_ms, 0.9)
        for at, word in enumerate(text.split())
    ]


def shown(*looks: list[Word]) -> list[str]:
    agreement, texts = Agreement(), []
    for one in looks:
        agreement.hear(one)
        texts.append(agreement.text)
    return texts


def test_a_word_is_shown_when_two_looks_in_a_row_agree_on_it() -> None:
    assert shown(look("I went"), look("I want to the lake"), look("I went to the lake with")) == [
        "",
        "I",
        "I",
    ]
    assert shown(look("I went to"), look("I went to the late"), look("I went to the lake and")) == [
        "",
        "I went to",
        "I went to the",
    ]


def test_case_and_points_make_no_other_word() -> None:
    assert shown(look("We played."), look("we played football")) == ["", "we played"]


def test_what_was_shown_stays_when_a_later_look_hears_it_otherwise() -> None:
    texts = shown(
        look("we saw ducks"),
        look("we saw ducks on"),
        look("he sought ducks on the"),
        look("x y z on the lake"),
    )
    assert texts == ["", "we saw ducks", "we saw ducks on", "we saw ducks on the"]


def test_a_look_at_the_end_only_goes_on_where_the_shown_words_end() -> None:
    first, second = look("one two three four"), look("one two three four five")
    end = look("three four five six", since_ms=650)  # its times are a little off
    assert shown(first, second, end, end)[-1] == "one two three four five six"


@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d."]), max_size=8), max_size=8))
def test_nothing_shown_is_ever_taken_back(looks: list[list[str]]) -> None:
    texts = shown(*(look(" ".join(words)) for words in looks))
    assert all(later.startswith(earlier) for earlier, later in zip(texts, texts[1:], strict=False))


def test_of_real_speech_the_words_come_before_it_is_over(
    transcriber: Transcriber, one_track: Samples
) -> None:
    start, end = 800 * RATE // 1000, 3_500 * RATE // 1000
    agreement = Agreement()
    texts = []
    for until in range(start + RATE, end, RATE // 2):
        agreement.hear(transcriber.sketch(one_track[start:until], 800).words)
        texts.append(agreement.text)
    whole = transcriber.transcribe(one_track[start:end], 800).text
    assert texts[-1]
    assert len(set(texts)) > 1, "they come by and by"
    heard = np.array([word.strip(".,").lower() for word in texts[-1].split()])
    said = np.array([word.strip(".,").lower() for word in whole.split()])[: len(heard)]
    assert (heard == said).mean() > 0.7
