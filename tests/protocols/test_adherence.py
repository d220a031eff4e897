"""Each guard-rail kept and not kept, told by hand-made labels; and a report whatever the labels are."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.adherence import STATUSES, Rail, rails
from protocols.course import Course, Told, replay
from protocols.course_cards import card_uses
from protocols.course_phases import PhaseLine, departures, phase_lines
from protocols.guards import WORDS
from protocols.labels import INTENTS, Label
from protocols.model import Flow
from tests.protocols.player import Player, library, nichd

FLOWS = sorted(library().flows)


class Teller(Player):
    """A player that keeps what it was told, a minute between two labels."""

    def __init__(self, flow: Flow | None = None, age: int = 8) -> None:
        super().__init__(flow, age)
        self.told: list[Told] = []
        self.turns = 0

    def label(self, intent: str, **entities: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
        turn = None
        if intent.endswith("_turn"):
            self.turns += 1
            turn = self.turns
        self.told.append(Told(Label(intent, dict(entities)), turn, 60.0 * len(self.told)))
        return super().label(intent, **entities)

    def course(self, over: bool = True) -> Course:
        return replay(self.flow, self.state.age, self.told, over)

    def rail(self, name: str, over: bool = True) -> Rail:
        return next(rail for rail in rails(self.course(over)) if rail.id == name)

    def phase(self, name: str, over: bool = True) -> PhaseLine:
        return next(line for line in phase_lines(self.course(over)) if line.phase.id == name)

    def until(self, phase: str) -> Teller:
        """Do all that is shown until this phase."""
        for _ in range(150):
            if self.shown.phase == phase:
                return self
            self.follow(substantive=self.shown.phase == "transition")
        raise AssertionError(f"{phase} does not come")

    def account(self) -> Teller:
        """Into the account by the child's own first words."""
        self.exchange(substantive=True)
        return self


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


# --- phases, times, cards, other ways


def test_time_belongs_to_the_phase_and_a_break_to_none() -> None:
    flow, turn = nichd(), Label("interviewer_turn", {"type": "non_question"})
    told = [
        Told(turn, 1, 60),
        Told(Label("break"), None, 100),
        Told(Label("resume"), None, 700),
        Told(turn, 2, 760),
        Told(Label("go_to", {"step": "closing.thanks"}), None, 800),
        Told(turn, 3, 830),
    ]
    course = replay(flow, 8, told, True)
    lines = {line.phase.id: line for line in phase_lines(course)}
    assert (lines["opening"].seconds, lines["closing"].seconds) == (200, 30)
    assert course.paused_seconds == 600
    assert (lines["opening"].turns, lines["closing"].turns) == ((1, 2), (3,))


def test_a_clock_that_goes_back_takes_no_time_away() -> None:
    turn = Label("interviewer_turn", {"type": "non_question"})
    course = replay(nichd(), 8, [Told(turn, 1, 60), Told(turn, 2, 10), Told(turn, 3, 70)], True)
    assert phase_lines(course)[0].seconds == 70


def test_phases_are_covered_left_out_or_not_reached() -> None:
    told = Teller()
    told.exchange()
    told.go("likes")
    told.go("rules")
    told.follow()
    found = {line.phase.id: (line.status, line.how, line.turn) for line in phase_lines(told.course())}
    assert found["opening"][0] == found["rules"][0] == "begun"
    assert found["rapport"][0] == "passed"
    assert found["practice"] == ("left_out", "went", 2)
    assert found["closing"][0] == "ahead"


def test_a_step_that_was_chosen_keeps_its_reason() -> None:
    told = Told(Label("go_to", {"step": "rules"}), None, 5.0, reason="The child asked.")
    (found,) = departures(replay(nichd(), 8, [told], False))
    assert (found.source, found.to, found.reason, found.turn) == ("welcome", "rules", "The child asked.", 0)


def test_cards_are_taken_said_or_passed_over() -> None:
    told = Teller()
    told.take("open_record")
    told.asks("non_question")  # open_greet
    told.press("next_step")
    uses = {use.card: (use.use, use.turns) for use in card_uses(told.course())}
    assert uses["open_record"] == ("taken", (0,))
    assert uses["open_greet"] == ("said", (1,))
    assert uses["open_job"] == uses["open_comfort"] == ("passed", (1,))
    assert "rapport_likes" not in uses


def test_a_card_passed_over_and_said_another_time_was_said() -> None:
    told = Teller()
    told.press("next_step")
    told.go("welcome")
    told.take("open_job")
    assert {u.card: u.use for u in card_uses(told.course())}["open_job"] == "taken"


def test_an_account_that_the_child_began_passes_over_no_card() -> None:
    told = Teller().until("rapport")
    passed = {use.card for use in card_uses(told.course()) if use.use == "passed"}
    told.account()
    assert {use.card for use in card_uses(told.course()) if use.use == "passed"} == passed


def test_an_own_way_further_on_passes_over_what_lies_between() -> None:
    told = Teller()
    told.label("interviewer_turn", type="invitation", suggestive=False, card="rapport_likes")
    passed = {use.card for use in card_uses(told.course()) if use.use == "passed"}
    assert {"open_greet", "info_rights", "info_assent"} <= passed


@pytest.mark.parametrize("flow", FLOWS)
def test_an_interview_that_does_all_it_is_shown_keeps_every_guard_rail(flow: str) -> None:
    """Every flow, walked as it says: were a guard-rail told as broken here, the report would be wrong."""
    told = Teller(library().flows[flow], 9)
    closing = {step.id for step in told.flow.steps.values() if step.end}
    for _ in range(400):
        if told.shown.step in closing:
            break
        stage = told.flow.phase(told.shown.phase).stage
        ladder = told.flow.steps[told.shown.step].mode == "ladder"
        told.follow("narrative" if stage == "before" else "short", substantive=ladder)
    assert told.shown.step in closing
    found = {rail.id: (rail.status, rail.gaps) for rail in rails(told.course())}
    assert {name: gaps for name, (_, gaps) in found.items() if gaps} == {}
    assert {status for status, _ in found.values()} <= {"done", "not_arisen"}
    assert found["closed"][0] == "done"


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize("flow", FLOWS)
def test_an_interview_with_no_turns_has_a_report(flow: str, over: bool) -> None:
    course = replay(library().flows[flow], 9, [], over)
    assert {rail.status for rail in rails(course)} <= {"not_arisen", "not_yet", "done"}
    assert {line.status for line in phase_lines(course)} == {"ahead"}
    assert card_uses(course) == departures(course) == []


# --- whatever happens


def anything(rng: random.Random, flow: Flow) -> Label:
    intent = rng.choice(["interviewer_turn", "child_turn", *INTENTS])
    entities: dict[str, object] = {}
    if intent == "interviewer_turn":
        kinds = ["invitation", "wh", "yes_no", "choice", "non_question", "unheard_of"]
        entities = {"type": rng.choice(kinds), "suggestive": rng.random() < 0.2}
        entities |= {"card": rng.choice([*flow.cards, "gone"])} if rng.random() < 0.3 else {}
    elif intent == "child_turn":
        entities = {"response": rng.choice(WORDS["answer"]), "substantive": rng.random() < 0.1}
    elif intent == "take_card":
        entities = {"card": rng.choice([*flow.cards, "gone"])}
    elif intent == "go_to":
        entities = {"step": rng.choice([*flow.steps, "gone"])}
    elif intent == "observe":
        entities = {"condition": rng.choice([*sorted(flow.conditions), "gone"])}
    return Label(intent, entities)


@given(st.sampled_from(FLOWS), st.integers(0, 2**32), st.integers(0, 120), st.booleans(), st.integers(2, 18))
@settings(max_examples=60, deadline=None)
def test_any_labels_give_a_report(name: str, seed: int, length: int, over: bool, age: int) -> None:
    rng, flow = random.Random(seed), library().flows[name]
    told, turn = [], 0
    for _ in range(length):
        label = anything(rng, flow)
        spoken = label.intent.endswith("_turn")
        turn += spoken
        told.append(Told(label, turn if spoken else None, rng.uniform(0, 4000)))
    course = replay(flow, age, told, over)
    found = rails(course)
    assert all(rail.status in STATUSES for rail in found)
    assert all(0 <= gap.turn <= turn for rail in found for gap in rail.gaps)
    assert all((rail.status in ("not_done", "part", "later")) == bool(rail.gaps) for rail in found)
    lines = phase_lines(course)
    assert [line.phase for line in lines] == list(flow.phases)
    numbers = [number for line in lines for number in line.turns]
    assert len(numbers) == len(set(numbers))
    assert sum(line.seconds for line in lines) + course.paused_seconds == pytest.approx(
        max((one.at for one in told), default=0.0)
    )
    uses = card_uses(course)
    assert len({use.card for use in uses}) == len(uses)
    assert {use.use for use in uses} <= {"taken", "said", "passed"}
