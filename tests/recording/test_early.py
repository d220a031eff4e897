"""Words on the live page stand under whoever says them."""

from __future__ import annotations

import numpy as np

from web.recording.early import Early
from web.recording.voices import Voice
from web.speech.model import RATE, Utterance, Word
from web.speech.model import Segment as Heard
from web.speech.segment import Open

ASKED, CHILD = Voice("interviewer", "en"), Voice("child", "en")


def early() -> Early:
    made = Early(0)
    made.wanted(Open(Utterance(0, 4000, np.zeros(4 * RATE, np.int16)), False, False), [])
    return made


def part(first: int, last: int) -> Heard:
    words = tuple(Word(f"w{n}", n * 500, n * 500 + 400, 0.9) for n in range(first, last))
    text = " ".join(word.text for word in words)
    return Heard(text, words, first * 500, last * 500, 0.9, "en")


def told(found: Early) -> list[tuple[str, int, str]]:
    return [(line["speaker"], line["start_ms"], line["text"]) for line in found.lines()]


def test_a_question_and_its_answer_in_one_breath_stand_under_two_people() -> None:
    found = early()
    for at in (0.0, 1.0):
        found.looked([(ASKED, part(0, 4)), (CHILD, part(4, 8))], at, at + 0.1)
    assert told(found) == [("interviewer", 0, "w0 w1 w2 w3"), ("child", 2000, "w4 w5 w6 w7")]


def test_whose_words_they_are_follows_the_newest_look() -> None:
    found = early()
    found.looked([(ASKED, part(0, 8))], 0.0, 0.1)
    found.looked([(CHILD, part(0, 8))], 1.0, 1.1)
    assert told(found) == [("child", 0, "w0 w1 w2 w3 w4 w5 w6 w7")]


def test_what_came_before_a_look_at_the_end_stays_whose_it_was() -> None:
    found = early()
    for at in (0.0, 1.0):
        found.looked([(ASKED, part(0, 4))], at, at + 0.1)
    for at in (2.0, 3.0):
        found.looked([(CHILD, part(4, 8))], at, at + 0.1)
    assert told(found) == [("interviewer", 0, "w0 w1 w2 w3"), ("child", 2000, "w4 w5 w6 w7")]
