"""Which turn says again what somebody said, in talks as they go and as they go wrong."""

from __future__ import annotations

from tests.interpreting.parts import asked, said, to_child, to_interviewer, told
from web.interpreting.model import Pair, Said
from web.interpreting.pairing import Pairs, pair


def paired(*turns: Said) -> Pairs:
    return pair(turns, "en", "uk")


def texts(pairs: list[Pair]) -> list[tuple[list[str], list[str]]]:
    return [([one.text for one in each.source], [one.text for one in each.rendering]) for each in pairs]


def test_one_after_the_other() -> None:
    found = paired(
        asked("Q1"), to_child("P1"), told("C1"), to_interviewer("A1"),
        asked("Q2"), to_child("P2"), told("C2"), to_interviewer("A2"),
    )  # fmt: skip
    assert texts(found.questions) == [(["Q1"], ["P1"]), (["Q2"], ["P2"])]
    assert texts(found.answers) == [(["C1"], ["A1"]), (["C2"], ["A2"])]
    assert found.own == []


def test_a_stretch_is_all_that_was_said_until_it_was_interpreted() -> None:
    found = paired(asked("Q1"), asked("Q1b"), to_child("P1"), to_child("P1b"), asked("Q2"), to_child("P2"))
    assert texts(found.questions) == [(["Q1", "Q1b"], ["P1", "P1b"]), (["Q2"], ["P2"])]


def test_a_question_nobody_interpreted_has_no_rendering() -> None:
    found = paired(asked("Q1"), told("C1"), to_interviewer("A1"), asked("Q2"), to_child("P2"))
    assert texts(found.questions) == [(["Q1"], []), (["Q2"], ["P2"])]
    assert texts(found.answers) == [(["C1"], ["A1"])]


def test_a_rendering_that_comes_after_an_interruption_is_still_found() -> None:
    found = paired(asked("Q1"), told("C1"), to_interviewer("A1"), to_child("P1"))
    assert texts(found.questions) == [(["Q1"], ["P1"])]
    assert found.own == []


def test_words_to_the_child_that_nobody_waited_for_stand_apart() -> None:
    found = paired(to_child("Hello"), asked("Q1"), to_child("P1"), told("C1"), to_child("own"), told("C2"))
    assert [one.text for one in found.own] == ["own"]
    assert texts(found.questions) == [(["Q1"], ["P1"])]


def test_the_childs_words_are_never_taken_from_the_interpreter() -> None:
    found = paired(asked("Q1"), to_child("P1"), to_interviewer("my name is Olha"))
    assert found.answers == []


def test_regions_of_a_language_are_one_language() -> None:
    turns = [asked("Q1"), said("interpreter", "P1", "pt-BR"), said("child", "C1", "pt"), to_interviewer("A1")]
    found = pair(turns, "en-GB", "pt")
    assert texts(found.questions) == [(["Q1"], ["P1"])]
    assert texts(found.answers) == [(["C1"], ["A1"])]
