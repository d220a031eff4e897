"""The walk follows an interviewer who says a card further on in own words, within the guard-rails."""

from __future__ import annotations

import pytest

from protocols.labels import Guidance, Label
from protocols.walker import State, advance, start
from tests.protocols.player import nichd


def say(
    state: State, card: str, kind: str = "invitation", suggestive: bool = False
) -> tuple[State, Guidance]:
    label = Label("interviewer_turn", {"type": kind, "suggestive": suggestive, "card": card})
    return advance(nichd(), state, label)


def child(state: State, **entities: object) -> tuple[State, Guidance]:
    return advance(nichd(), state, Label("child_turn", {"response": "narrative", **entities}))


def at(step: str) -> State:
    state, _ = start(nichd(), 8)
    return advance(nichd(), state, Label("go_to", {"step": step}))[0]


def test_a_card_of_the_next_phase_moves_the_rail() -> None:
    state, _ = start(nichd(), 8)
    state, shown = say(state, "rapport_likes")
    assert (shown.phase, shown.step) == ("rapport", "likes")
    assert shown.explain["rule"] == "followed"
    _, shown = child(state)
    assert shown.cards[0].id != "rapport_likes"


def test_a_statement_said_early_leads_to_the_card_after_it() -> None:
    state, _ = start(nichd(), 8)
    _, shown = say(state, "info_rights", "non_question")
    assert shown.cards[0].id == "info_helper"


def test_a_card_already_passed_changes_nothing() -> None:
    before = at("rules")
    _, shown = say(before, "rapport_likes")
    assert shown.step == "rules"


def test_ground_rules_passed_by_stay_owed() -> None:
    state, shown = say(at("unpleasant"), "ladder_why")
    assert shown.phase == "transition"
    assert state.rules_owed


@pytest.mark.parametrize("card", ["ladder_worried", "ladder_not_right", "ladder_injury"])
def test_no_rung_is_skipped(card: str) -> None:
    _, shown = say(at("rules"), card, "yes_no")
    assert shown.phase == "rules"


def test_a_leading_turn_is_never_taken_for_a_card() -> None:
    state, _ = start(nichd(), 8)
    _, shown = say(state, "rapport_likes", suggestive=True)
    assert shown.phase == "opening"


def test_nothing_is_followed_once_the_account_has_begun() -> None:
    state, shown = child(at("likes"), substantive=True)
    assert shown.phase == "narrative"
    _, shown = say(state, "rules_intro", "non_question")
    assert shown.phase == "narrative"


def test_an_interrupt_is_not_left_by_words() -> None:
    state, _ = advance(nichd(), at("likes"), Label("break"))
    _, shown = say(state, "rules_intro", "non_question")
    assert shown.interrupt == "break"


def test_an_unknown_card_counts_as_an_ordinary_turn() -> None:
    state, _ = start(nichd(), 8)
    _, shown = say(state, "no_such_card", "non_question")
    assert shown.phase == "opening"
