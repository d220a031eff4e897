"""Times of words: from the recogniser, and through edits."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.transcript import words
from web.transcript.words import Word

SAID = [
    {"text": "he", "start_ms": 1000, "end_ms": 1200, "probability": 0.9},
    {"text": "hit", "start_ms": 1200, "end_ms": 1500, "probability": 0.3},
    {"text": "me", "start_ms": 2000, "end_ms": 2300, "probability": 0.8},
]
TEXT = "he hit me"
HEARD = words.heard(TEXT, (900, 2500), SAID, 4)


def after(text: str) -> list[tuple[str, int | None, int | None, float | None]]:
    made = words.rewritten(TEXT, HEARD, text, (900, 2500), 4)
    return [(text[word.at : word.to], word.start_ms, word.end_ms, word.probability) for word in made]


def test_each_word_has_the_time_the_recogniser_gave_it():
    assert [(word.start_ms, word.end_ms, word.probability, word.turn) for word in HEARD] == [
        (1000, 1200, 0.9, 4),
        (1200, 1500, 0.3, 4),
        (2000, 2300, 0.8, 4),
    ]


def test_a_word_that_stays_keeps_its_time_when_others_change():
    assert after("he bit me") == [("he", 1000, 1200, 0.9), ("bit", 1200, 1500, None), ("me", 2000, 2300, 0.8)]


def test_new_words_share_the_gap_they_stand_in():
    assert after("he hit, hit and me")[2:4] == [("hit", 1500, 1750, None), ("and", 1750, 2000, None)]
    assert after("then he hit me")[0] == ("then", 900, 1000, None)
    assert after("he hit me there")[-1] == ("there", 2300, 2500, None)


def test_what_is_deleted_leaves_a_gap():
    assert after("he me") == [("he", 1000, 1200, 0.9), ("me", 2000, 2300, 0.8)]
    assert after("") == []


def test_a_word_a_person_wrote_otherwise_is_no_longer_the_machines_guess():
    assert after("he Hit, me")[1] == ("Hit,", 1200, 1500, None)


def test_typed_words_have_no_times_and_get_none():
    typed = words.heard("no times", (None, None), SAID, 1)
    assert [word.start_ms for word in typed] == [None, None]
    made = words.rewritten("no times", typed, "no times at all", (None, None), 1)
    assert [(word.start_ms, word.turn) for word in made] == [(None, 1)] * 4


def test_a_turn_with_a_span_but_no_words_shares_it_by_length():
    made = words.heard("ab cdef", (0, 600), [], 1)
    assert [(word.start_ms, word.end_ms) for word in made] == [(0, 200), (200, 600)]


def test_writing_without_spaces_is_cut_by_its_signs():
    said = [{"text": "我们", "start_ms": 0, "end_ms": 400, "probability": 0.5}]
    assert [(word.start_ms, word.end_ms) for word in words.heard("我们走", (0, 600), said, 1)] == [
        (0, 200),
        (200, 400),
        (400, 600),
    ]


def test_marks_around_words_and_pieces_of_words_find_their_place():
    said = [
        {"text": "well-", "start_ms": 0, "end_ms": 100, "probability": 0.9},
        {"text": "known", "start_ms": 100, "end_ms": 200, "probability": 0.2},
    ]
    (word,) = words.heard("well-known", (0, 300), said, 1)
    assert (word.start_ms, word.end_ms, word.probability) == (0, 200, 0.2)


SOME = st.lists(st.sampled_from(["a", "b", "B,", "я"]), max_size=30).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SOME, SOME)
def test_any_rewriting_places_every_new_word_in_time(before, text):
    old = words.heard(before, (100, 5000), [], 1)
    made = words.rewritten(before, old, text, (100, 5000), 1)
    assert [(word.at, word.to) for word in made] == words.tokens(text)
    clock = 100
    for word in made:
        assert clock <= word.start_ms <= word.end_ms <= 5000
        clock = word.end_ms


@pytest.mark.parametrize("count", [30_000])
def test_a_hostile_rewriting_is_compared_only_so_far(count, monkeypatch):
    def never(*_: object, **__: object) -> None:
        raise AssertionError("compared word by word")

    monkeypatch.setattr(words, "SequenceMatcher", never)
    before, text = "a " * count, "x " + "a b " * (count // 2) + "y"
    made = words.rewritten(before, words.heard(before, (0, 9000), [], 1), text, (0, 9000), 1)
    assert len(made) == len(words.tokens(text))
    assert made[-1] == Word(made[-1].at, made[-1].to, made[-1].start_ms, 9000, None, 1)
