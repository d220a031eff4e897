"""Break, stop, safety, reluctance: from every step, and back to where it was."""

from __future__ import annotations

import pytest

from protocols.model import INTERRUPTS
from tests.protocols.player import Player, library

EVERYWHERE = [(flow, step) for flow, f in library().flows.items() for step in f.steps]


@pytest.mark.parametrize("kind", INTERRUPTS)
@pytest.mark.parametrize(("flow", "step"), EVERYWHERE)
def test_every_interrupt_works_everywhere_and_comes_back(flow: str, step: str, kind: str) -> None:
    player = Player(library().flows[flow])
    player.go(step)
    player.press("next_step")
    place = (player.step, player.state.pos)
    player.press(kind)
    assert player.shown.interrupt == kind
    assert player.card == player.flow.interrupts[kind][0]
    player.press("resume")
    assert player.shown.interrupt is None
    assert (player.step, player.state.pos) == place


@pytest.mark.parametrize(
    "step", ["likes", "rules", "transition", "free_account", "focused", "closing.thanks"]
)
def test_after_a_break_the_first_card_is_an_invitation_until_one_is_said(step: str) -> None:
    player = Player()
    player.go(step)
    player.press("break")
    player.press("resume")
    assert (player.card, player.shown.cards[0].reason) == ("open_again", "overlay_reopen")
    player.asks("wh")
    assert player.card == "open_again"
    player.asks("invitation")
    assert player.card != "open_again"


def test_talk_in_a_break_moves_nothing() -> None:
    player = Player()
    player.go("free_account")
    player.press("break")
    for kind in ("invitation", "wh", "yes_no"):
        player.exchange(kind)
    assert player.state.counters["open_prompts"] == 0
    assert (player.step, player.state.pos, player.shown.interrupt) == ("free_account", 0, "break")


def test_the_cards_of_a_break_are_worked_through() -> None:
    player = Player()
    player.press("break")
    player.asks("non_question")
    assert player.card == "break_care"
    player.take()
    assert player.card == "break_back"
    player.take()
    assert player.card == "break_back", "it waits for the child"
    player.press("next_step")
    assert player.shown.interrupt is None


def test_stop_closes_shortly_and_then_the_interview_may_end() -> None:
    player = Player()
    player.go("free_account")
    player.press("stop")
    assert (player.card, player.shown.can_end, player.shown.missing) == ("stop_accept", False, ("closing",))
    for card in ("stop_accept", "stop_thanks", "stop_next"):
        assert player.card == card
        player.follow()
    assert player.card == "stop_record"
    assert player.shown.can_end
    assert player.shown.missing == ()
    player.press("next_step")
    assert player.shown.interrupt == "stop", "only the child brings the talk back"


def test_a_child_that_changes_its_mind_is_met_with_an_invitation() -> None:
    player = Player()
    player.go("free_account")
    player.press("stop")
    player.press("resume")
    assert (player.step, player.says()) == ("free_account", "invitation")
    assert not player.shown.can_end


def test_stop_wins_over_everything_and_safety_over_a_break() -> None:
    player = Player()
    player.press("break")
    player.press("safety")
    assert player.shown.interrupt == "safety"
    player.press("resume")
    assert player.shown.interrupt == "break", "back to the break"
    player.press("safety")
    player.press("stop")
    assert [item.kind for item in player.state.interrupts] == ["stop"]
    player.press("safety")
    player.press("break")
    assert player.shown.interrupt == "safety", "safety first"
    player.press("stop")
    assert player.shown.interrupt == "stop"


def test_the_same_key_twice_is_one_interrupt() -> None:
    player = Player()
    player.press("break")
    player.asks("non_question")
    player.press("break")
    assert len(player.state.interrupts) == 1
    assert player.card == "break_care"


def test_reluctance_ends_when_the_child_answers_again() -> None:
    player = Player()
    player.go("pleasant")
    player.press("reluctance")
    assert player.card == "reluct_slow"
    player.child("none")
    player.child("short", reluctance=True)
    assert player.shown.interrupt == "reluctance"
    player.child("narrative")
    assert player.shown.interrupt is None
    assert (player.step, player.card) == ("pleasant", "practice_why")
    player.press("reluctance")
    player.press("resume")
    assert player.card == "practice_why"


def test_reluctance_gives_way_to_any_other_interrupt() -> None:
    player = Player()
    player.press("reluctance")
    player.press("break")
    assert [item.kind for item in player.state.interrupts] == ["break"]
    player.press("reluctance")
    assert [item.kind for item in player.state.interrupts] == ["break"]


def test_a_closed_question_before_reluctance_is_still_paired_after_it() -> None:
    player = Player()
    player.go("free_account")
    player.asks("yes_no")
    player.press("reluctance")
    player.child("narrative")
    assert player.card == "pair_more"


def test_going_elsewhere_ends_a_break_and_still_opens_with_an_invitation() -> None:
    player = Player()
    player.press("break")
    player.go("rules")
    assert player.shown.interrupt is None
    assert (player.step, player.card) == ("rules", "open_again")
    player.asks("invitation")
    player.press("reluctance")
    player.go("likes")
    assert player.card == "rapport_likes"


def test_what_the_child_tells_in_a_break_is_not_lost() -> None:
    player = Player()
    player.go("likes")
    player.press("break")
    player.child("narrative", substantive=True)
    player.press("resume")
    assert player.says() == "invitation"
    player.exchange("invitation", "narrative", substantive=True)
    assert player.step == "free_account"


def test_resume_without_an_interrupt_changes_nothing() -> None:
    player = Player()
    before = player.cards
    player.press("resume")
    assert player.cards == before
