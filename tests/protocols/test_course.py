"""How an interview went: phases, times, cards and other ways; and a report whatever the labels are."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.adherence import STATUSES, rails
from protocols.course import Told, replay
from protocols.course_cards import card_uses
from protocols.course_phases import departures, phase_lines
from protocols.guards import WORDS
from protocols.labels import INTENTS, Label
from protocols.model import Flow
from tests.protocols.player import library, nichd
from tests.protocols.teller import FLOWS, Teller


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
    assert not card_uses(course)
    assert not departures(course)


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
