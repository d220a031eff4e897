"""Counting questions: pure, so every figure can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.interview.summary import CodedTurn, Part, part, summarise
from web.language.model import QuestionType

LETTERS = {
    "I": QuestionType.INVITATION,
    "W": QuestionType.WH,
    "Y": QuestionType.YES_NO,
    "C": QuestionType.CHOICE,
    ".": QuestionType.NON_QUESTION,
}


def asked(letters: str, stage: str = "substantive") -> list[CodedTurn]:
    """Interviewer turns by letter; `-`: a child turn of three words, `?`: a question nobody coded."""
    turns = []
    for number, letter in enumerate(letters, 1):
        if letter == "-":
            turns.append(CodedTurn(number, "child", stage, response="short", words=3))
        else:
            kind = LETTERS.get(letter)
            turns.append(CodedTurn(number, "interviewer", stage, kind.value if kind else None))
    return turns


def counts(found: Part) -> dict[str, int]:
    return {share.type.value: share.count for share in found.mix if share.count}


def test_every_type_is_counted_and_the_child_is_not() -> None:
    found = part(asked("I-W-Y-C-.-I-"))
    assert counts(found) == {"invitation": 2, "wh": 1, "yes_no": 1, "choice": 1, "non_question": 1}
    assert found.total == 6


def test_the_mix_names_every_type_in_one_order_and_its_shares_make_a_whole() -> None:
    found = part(asked("IIWY"))
    assert [share.type for share in found.mix] == list(QuestionType)
    assert [share.share for share in found.mix] == [0.5, 0.25, 0.25, 0, 0]


def unsure(letters: str, *places: int) -> list[CodedTurn]:
    return [replace(turn, unsure=turn.number in places) for turn in asked(letters)]


def test_neighbours_of_an_uncertain_turn_are_none_of_each_other() -> None:
    assert part(asked("I--")).words_per_answer == {QuestionType.INVITATION: 6.0}
    assert part(unsure("I-Y-", 3)).words_per_answer == {QuestionType.INVITATION: 3.0}, "the rest answers it"
    assert part(unsure("I-", 2)).words_per_answer == {}, "it may have been answered with it"
    assert part(unsure("I-I-", 4)).words_per_answer == {QuestionType.INVITATION: 3.0}
    assert part(asked("Y-I")).paired == 1
    assert part(unsure("Y-WI", 3)).paired == 0, "something may have been asked between"
    assert part(unsure("YYWYI", 3)).longest_without_invitation == 2


def test_nothing_asked_is_nothing_and_no_division_by_zero() -> None:
    found = part([])
    assert (found.total, found.pairing_rate, found.first_closed, found.longest_without_invitation) == (
        0,
        None,
        None,
        0,
    )
    assert all(share.share == 0 for share in found.mix)


@pytest.mark.parametrize(
    ("letters", "invitations", "turn"),
    [("IIY", 2, 3), ("YII", 0, 1), ("I-W-I-C-I", 2, 7), ("IIW", 2, None), ("W", 0, None)],
)
def test_invitations_before_the_first_closed_question(
    letters: str, invitations: int, turn: int | None
) -> None:
    found = part(asked(letters))
    assert (found.before_first_closed, found.first_closed) == (invitations, turn)


@pytest.mark.parametrize(
    ("letters", "run"),
    [("I", 0), ("WYC", 3), ("WIYC", 2), ("W.W", 2), ("...", 0), ("I-W-W-I-Y", 2)],
)
def test_the_longest_run_without_an_invitation_skips_what_asks_nothing(letters: str, run: int) -> None:
    assert part(asked(letters)).longest_without_invitation == run


@pytest.mark.parametrize(
    ("letters", "rate"),
    [("Y-I", 1.0), ("Y-.-I", 1.0), ("Y-W-I", 0.0), ("YI-C-Y", 1 / 3), ("Y", 0.0), ("W-I", None)],
)
def test_a_closed_question_is_paired_by_an_invitation_right_after_it(
    letters: str, rate: float | None
) -> None:
    assert part(asked(letters)).pairing_rate == rate


def test_words_per_answer_go_to_the_question_that_was_answered() -> None:
    found = part(asked("I--.-Y--"))
    assert found.words_per_answer == {QuestionType.INVITATION: 9.0, QuestionType.YES_NO: 6.0}


def test_an_unanswered_question_counts_as_no_words() -> None:
    assert part(asked("I-I")).words_per_answer == {QuestionType.INVITATION: 1.5}


def test_remarks_keep_turn_flag_and_reason() -> None:
    turn = CodedTurn(
        4, "interviewer", "substantive", "yes_no", (("new_info", "“knife”"), ("long", "31 words"))
    )
    found = part([turn]).flagged
    assert [(one.number, one.flag, one.why) for one in found] == [
        (4, "new_info", "“knife”"),
        (4, "long", "31 words"),
    ]


def test_the_substantive_part_is_counted_apart() -> None:
    turns = asked("IIW", "before") + asked("Y-I") + asked("W", "after")
    summary = summarise(turns)
    assert counts(summary.substantive) == {"yes_no": 1, "invitation": 1}
    assert counts(summary.other) == {"invitation": 2, "wh": 2}
    assert summary.child_turns == 1


def test_turns_that_nobody_coded_are_named_and_not_counted() -> None:
    summary = summarise(asked("I?-Y"))
    assert summary.uncoded == 1
    assert summary.substantive.total == 2


def test_answers_in_the_child_s_own_way_are_counted() -> None:
    told = CodedTurn(2, "child", "substantive", response="narrative", words=40)
    assert part([*asked("I"), told, *asked("-")]).narratives == 1


@given(st.text(alphabet="IWYC.-?", max_size=60))
def test_figures_always_fit_together(letters: str) -> None:
    found = part(asked(letters))
    closed = counts(found).get("yes_no", 0) + counts(found).get("choice", 0)
    assert sum(share.count for share in found.mix) == found.total
    assert found.option_posing == closed
    assert 0 <= found.paired <= found.option_posing
    assert found.longest_without_invitation <= found.total
    assert (found.first_closed is None) == (closed == 0)
