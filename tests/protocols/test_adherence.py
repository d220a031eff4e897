"""Each guard-rail kept and not kept, told by hand-made labels."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.adherence import Rail, rails
from protocols.course import replay
from protocols.course_cards import card_uses
from protocols.course_phases import departures
from tests.protocols.player import library, nichd
from tests.protocols.teller import Teller


def codes(rail: Rail) -> list[tuple[str, int]]:
    return [(gap.code, gap.turn) for gap in rail.gaps]


# --- ground rules and practice before what may have happened


@pytest.mark.parametrize("rail", ["rules", "practice"])
def test_a_phase_that_came_before_the_account_is_done(rail: str) -> None:
    told = Teller().until("narrative")
    assert told.rail(rail).status == "done"
    assert told.rail(rail).gaps == ()
    assert told.flow.cards[told.rail(rail).why].phase == rail


@pytest.mark.parametrize("rail", ["rules", "practice"])
def test_a_phase_left_out_names_the_turn_that_led_past_it(rail: str) -> None:
    told = Teller()
    told.exchange()
    told.go("free_account")
    told.exchange()
    assert told.rail(rail).status == "not_done"
    assert codes(told.rail(rail)) == [("left_out", 2)]


def test_rules_begun_and_left_were_begun() -> None:
    told = Teller().until("rules")
    told.follow()
    turn = told.turns
    told.go("free_account")
    told.exchange()
    assert codes(told.rail("rules")) == [("begun", turn)]


def test_a_child_that_tells_first_is_no_fault_and_rules_may_come_later() -> None:
    told = Teller().account()
    assert (told.rail("rules").status, codes(told.rail("rules"))) == ("not_done", [("told_first", 2)])
    told.go("rules_later")
    while told.shown.step == "rules_later":
        told.follow()
    assert (told.rail("rules").status, codes(told.rail("rules"))) == ("later", [("told_first", 2)])


def test_rules_passed_over_one_by_one_are_named() -> None:
    told = Teller().until("rules")
    told.follow()
    told.press("next_step")
    told.until("narrative")
    told.exchange()
    rail = told.rail("rules")
    assert rail.status == "part"
    assert {"rules_dont_know", "rules_truth"} <= {gap.card for gap in rail.gaps}
    assert "rules_intro" not in {gap.card for gap in rail.gaps}


def test_a_card_passed_over_elsewhere_is_no_matter_of_the_rules() -> None:
    told = Teller()
    told.press("next_step")
    told.until("narrative")
    told.exchange()
    assert "open_greet" in {use.card for use in card_uses(told.course()) if use.use == "passed"}
    assert told.rail("rules").status == "done"


def test_a_step_chosen_by_mistake_and_left_again_is_no_account() -> None:
    told = Teller()
    told.exchange()
    told.go("free_account")
    told.go("rules")
    told.until("narrative")
    told.exchange()
    assert told.rail("rules").status == "done"


def test_without_an_account_nothing_was_owed_before_it() -> None:
    told = Teller()
    told.exchange()
    assert told.rail("rules").status == "not_arisen"
    assert told.rail("rules", over=False).status == "not_yet"


@pytest.mark.parametrize("rail", ["rules", "practice"])
def test_an_account_of_cards_taken_by_key_alone_is_one(rail: str) -> None:
    told = Teller()
    told.exchange()
    told.go("free_account")
    told.take()
    account = told.course().account
    assert account is not None
    assert told.phase(account.phase.id).status == "begun"
    assert (told.rail(rail).status, codes(told.rail(rail))) == ("not_done", [("left_out", 2)])


def test_a_card_taken_in_a_break_is_no_account() -> None:
    told = Teller()
    told.exchange()
    told.go("free_account")
    told.press("break")
    told.take()
    assert told.rail("rules").status == "not_arisen"


# --- open prompts before the first focused question


@pytest.mark.parametrize(("opened", "status"), [(0, "not_done"), (2, "not_done"), (3, "done"), (5, "done")])
@pytest.mark.parametrize("kind", ["wh", "yes_no", "choice"])
def test_open_prompts_before_the_first_focused_question(kind: str, opened: int, status: str) -> None:
    told = Teller().account()
    for _ in range(opened):
        told.exchange()
    told.exchange(kind)
    rail = told.rail("open_first")
    assert rail.status == status
    if status == "not_done":
        assert [(gap.turn, gap.number) for gap in rail.gaps] == [(3 + 2 * opened, opened)]


def test_a_leading_open_prompt_does_not_count_as_open() -> None:
    told = Teller().account()
    for _ in range(3):
        told.asks(suggestive=True)
        told.child()
    told.exchange("wh")
    assert told.rail("open_first").gaps[-1].number == 0


def test_another_incident_begins_with_open_prompts_again() -> None:
    told = Teller().account()
    for _ in range(4):
        told.exchange()
    told.go("first_time")
    told.exchange("wh")
    assert [gap.turn for gap in told.rail("open_first").gaps] == [told.turns - 1]


def test_focused_questions_outside_the_account_or_none_at_all_are_no_matter() -> None:
    told = Teller()
    told.exchange("wh")
    told.account()
    told.exchange()
    assert told.rail("open_first").status == "not_arisen"


def test_a_person_s_correction_counts() -> None:
    told = Teller().account()
    told.exchange("wh")
    corrected = [replace(one, kind="invitation") if one.turn == 3 else one for one in told.told]
    course = replay(told.flow, 8, corrected, True)
    assert next(rail for rail in rails(course) if rail.id == "open_first").status == "not_arisen"


@pytest.mark.parametrize("machine", [True, False])
def test_a_person_s_word_on_what_was_leading_counts(machine: bool) -> None:
    told = Teller().account()
    told.exchange("yes_no")
    told.asks(suggestive=machine)
    told.child()
    assert told.rail("paired").status == ("not_done" if machine else "done")
    corrected = [replace(one, suggestive=not machine) if one.turn == 5 else one for one in told.told]
    found = {rail.id: rail for rail in rails(replay(told.flow, 8, corrected, True))}
    gaps = [] if machine else [("not_paired", 3), ("closed_last", 5)]
    assert codes(found["paired"]) == gaps


def test_a_card_taken_and_then_heard_is_one_question() -> None:
    told = Teller().account()
    for _ in range(3):
        told.take()
        told.asks()
        told.child()
    assert len([one for one in told.course().spoken if one.about_it]) == 3
    told.exchange("wh")
    assert told.rail("open_first").status == "done"


# --- a closed or leading question is followed by an open one


def open_account() -> Teller:
    told = Teller().account()
    for _ in range(3):
        told.exchange()
    return told


@pytest.mark.parametrize("kind", ["yes_no", "choice"])
def test_a_closed_question_with_an_open_one_after_it(kind: str) -> None:
    told = open_account()
    told.exchange(kind)
    told.asks("non_question")
    told.exchange()
    assert (told.rail("paired").status, told.rail("paired").number) == ("done", 1)


def test_a_closed_question_with_another_after_it() -> None:
    told = open_account()
    told.exchange("yes_no")
    told.exchange("choice")
    told.exchange()
    rail = told.rail("paired")
    assert rail.status == "part"
    assert [(gap.code, gap.turn, gap.number) for gap in rail.gaps] == [("not_paired", 9, 11)]
    assert rail.why == "pair_more"


def test_a_leading_question_is_to_be_paired_whatever_its_form() -> None:
    told = open_account()
    told.asks("wh", suggestive=True)
    told.child()
    told.exchange("wh")
    assert codes(told.rail("paired")) == [("not_paired", 9)]


def test_the_last_closed_question_before_the_closing_stays_unpaired() -> None:
    told = open_account()
    told.exchange("yes_no")
    told.go("closing.thanks")
    told.exchange()
    assert (told.rail("paired").status, codes(told.rail("paired"))) == ("not_done", [("closed_last", 9)])


def test_an_answer_still_awaited_or_cut_short_by_a_stop_owes_nothing() -> None:
    told = open_account()
    told.exchange("yes_no")
    assert told.rail("paired", over=False).status == "not_yet"
    assert told.rail("paired").status == "not_done"
    told.press("stop")
    assert told.rail("paired").status == "not_arisen"


# --- the transition, rung by rung


def test_rungs_said_in_order() -> None:
    told = Teller().until("transition")
    told.follow()
    told.follow()
    assert told.rail("ladder").status == "done"


def test_a_rung_passed_by_key_is_named_once_with_the_turn_before() -> None:
    told = Teller().until("transition")
    turn = told.turns
    told.press("next_step")
    told.follow("short")
    rail = told.rail("ladder")
    assert rail.status == "not_done"
    assert [(gap.card, gap.turn) for gap in rail.gaps] == [("ladder_why", turn)]


def test_going_on_after_a_rung_was_asked_skips_none() -> None:
    told = Teller().until("transition")
    told.asks()
    told.press("next_step")
    told.follow("short")
    assert told.rail("ladder").status == "done"


def test_a_rung_asked_for_too_early_was_held_back() -> None:
    told = Teller().until("transition")
    told.take("ladder_seen")
    assert told.rail("ladder").status == "not_arisen"
    assert [(d.kind, d.card, d.reason) for d in departures(told.course())] == [
        ("held", "ladder_seen", "rung_by_rung")
    ]


def test_a_flow_without_a_ladder_has_no_such_line() -> None:
    told = Teller(library().flows["minimal_facts"])
    assert {rail.id for rail in rails(told.course())}.isdisjoint({"ladder", "rules", "practice"})


# --- after a break


@pytest.mark.parametrize("pause", ["break", "safety", "stop"])
@pytest.mark.parametrize(
    ("kind", "status"), [("invitation", "done"), ("wh", "not_done"), ("yes_no", "not_done")]
)
def test_the_first_question_after_a_break(pause: str, kind: str, status: str) -> None:
    told = open_account()
    told.press(pause)
    told.press("resume")
    told.asks("non_question")
    told.exchange(kind)
    rail = told.rail("reopened")
    assert rail.status == status
    assert codes(rail) == ([] if status == "done" else [("not_reopened", 10)])


def test_a_break_with_nothing_after_it_and_reluctance_ask_for_nothing() -> None:
    told = open_account()
    told.press("reluctance")
    told.press("resume")
    told.exchange("wh")
    told.press("break")
    assert told.rail("reopened").status == "not_arisen"


def test_a_break_before_the_closing_needs_no_opening_of_the_account() -> None:
    told = open_account()
    told.press("break")
    told.go("closing.thanks")
    told.exchange("yes_no")
    assert told.rail("reopened").status == "not_arisen"


def test_a_break_the_flow_plans_counts_like_one_by_key() -> None:
    told = open_account()
    told.go("planned_break")
    told.follow()
    told.go("focused")
    told.exchange("wh")
    assert codes(told.rail("reopened")) == [("not_reopened", told.turns - 1)]


def test_two_breaks_with_no_question_between_them_have_one_first_question() -> None:
    told = open_account()
    told.go("planned_break")
    told.follow()
    told.press("break")
    told.press("resume")
    told.go("focused")
    told.exchange("wh")
    rail = told.rail("reopened")
    assert (rail.number, codes(rail)) == (1, [("not_reopened", told.turns - 1)])


# --- closing


def test_closing_and_neutral_topic_done() -> None:
    told = Teller()
    told.go("closing.thanks")
    told.until("afterwards")
    assert told.rail("closed").status == "done"
    assert told.phase("closing").status == "covered"


def test_closing_left_out_is_named_for_each_phase_that_is_owed() -> None:
    told = Teller()
    told.exchange()
    rail = told.rail("closed")
    assert rail.status == "not_done"
    assert [(gap.phase, gap.turn, gap.number) for gap in rail.gaps] == [("closing", 2, 0), ("neutral", 2, 0)]
    assert told.rail("closed", over=False).status == "not_yet"


def test_a_closing_that_was_begun_is_not_finished() -> None:
    told = Teller()
    told.go("closing.thanks")
    told.follow()
    assert [(gap.phase, gap.number) for gap in told.rail("closed").gaps] == [("closing", 1), ("neutral", 0)]
    assert told.phase("closing").status == "begun"


def test_a_stop_with_its_own_cards_needs_no_closing() -> None:
    told = Teller()
    told.exchange()
    told.press("stop")
    for _ in told.flow.interrupts["stop"]:
        told.press("next_step")
    assert (told.rail("closed").status, told.rail("closed").note) == ("done", "by_stop")


# --- contested cards


def test_a_contested_card_cannot_be_taken_and_the_try_is_told() -> None:
    told = Teller()
    told.take("sup_eye_contact")
    assert told.rail("contested").status == "done"
    assert [(d.kind, d.card, d.reason) for d in departures(told.course())] == [
        ("held", "sup_eye_contact", "off")
    ]


def test_a_contested_card_that_an_agency_switched_on_is_named_when_used() -> None:
    flow = nichd()
    card = replace(flow.cards["sup_eye_contact"], enabled=True)
    told = Teller(replace(flow, cards={**flow.cards, card.id: card}))
    told.exchange()
    told.take(card.id)
    rail = told.rail("contested")
    assert (rail.status, [(gap.card, gap.turn) for gap in rail.gaps]) == ("not_done", [(card.id, 2)])
