"""The guard-rails in the room: open before focused, pairing, the ladder, disclosure, incidents, the end."""

from __future__ import annotations

import pytest

from tests.protocols.player import Player, minimal
from tests.protocols.test_walker import to_account


def test_no_focused_card_before_three_open_prompts() -> None:
    player = Player()
    player.go("focused")
    player.take()
    for asked in range(3):
        assert player.shown.cards[0].reason == "open_first", asked
        assert player.says() == "invitation"
        player.exchange("invitation")
    assert player.card == "focus_where"


def test_facilitators_and_suggestive_prompts_are_no_open_prompts() -> None:
    player = Player()
    player.go("focused")
    player.take()
    for _ in range(4):
        player.asks("invitation", suggestive=True)
        player.asks("non_question", "facilitator")
        player.child()
    assert player.state.counters["open_prompts"] == 0
    assert "focus_where" not in player.cards


def test_a_focused_card_cannot_be_taken_early() -> None:
    player = Player()
    player.go("free_account")
    player.take("focus_where")
    assert (player.shown.explain["rule"], player.shown.explain["guard"]) == ("locked", "open_first")
    assert player.state.counters["prompts"] == 0


def test_a_contested_support_statement_cannot_be_taken_while_it_is_off() -> None:
    player = Player()
    player.take("sup_not_your_fault")
    assert (player.shown.explain["rule"], player.shown.explain["guard"]) == ("locked", "off")


def test_the_explanation_names_what_ended_a_step() -> None:
    player = Player()
    player.go("likes")
    for _ in range(2):
        player.exchange("invitation", "narrative")
    assert player.shown.explain == {
        "state": "practice/pleasant#0",
        "guard": "narratives >= 2",
        "rule": "next",
        "way": "likes next 2",
    }
    player.go("follow_up")
    for _ in range(30):
        player.exchange("invitation", "narrative")
    assert player.shown.explain["guard"] == "limit 30"


@pytest.mark.parametrize(
    ("kind", "suggestive"), [("yes_no", False), ("choice", False), ("wh", True), ("invitation", True)]
)
def test_closed_and_suggestive_turns_are_paired(kind: str, suggestive: bool) -> None:
    player = to_account(Player())
    player.asks(kind, suggestive=suggestive)
    assert player.card != "pair_more", "first the child answers"
    player.child("short")
    assert player.shown.cards[0].id == "pair_more"
    assert player.shown.cards[0].reason == "overlay_pairing"
    player.press("next_step")
    assert player.card == "pair_more", "still owed"
    player.asks("invitation")
    assert player.card != "pair_more"


def test_an_invitation_before_the_answer_is_pairing_enough() -> None:
    player = to_account(Player())
    player.asks("yes_no")
    player.asks("invitation")
    player.child()
    assert player.card != "pair_more"


@pytest.mark.parametrize("kind", ["wh", "invitation", "non_question"])
def test_other_turns_need_no_pairing(kind: str) -> None:
    player = to_account(Player())
    player.exchange(kind, "short")
    assert player.card != "pair_more"


def test_nothing_is_paired_before_the_account_or_in_a_break() -> None:
    player = Player()
    player.go("likes")
    player.exchange("yes_no", "yes")
    assert player.card != "pair_more"
    to_account(player)
    player.press("break")
    player.exchange("yes_no", "yes")
    player.press("resume")
    player.asks("invitation")
    assert player.card != "pair_more"


def test_pairing_does_not_stand_in_for_the_card_of_the_step() -> None:
    player = to_account(Player())
    player.observe("more_than_once")
    player.go("last_time")
    player.exchange("yes_no", "yes")
    player.exchange("invitation")
    assert player.card == "times_last"


def test_one_time_or_more_is_paired_by_the_next_prompt_itself() -> None:
    player = to_account(Player())
    for _ in range(3):
        player.exchange("invitation")
    player.go("one_or_more")
    player.exchange("choice", "short")
    assert player.says() == "invitation"
    assert player.card != "pair_more"


def ladder(player: Player) -> Player:
    player.go("transition")
    return player


def test_the_ladder_goes_rung_by_rung_and_stops_before_the_last() -> None:
    player = ladder(Player())
    seen = []
    for _ in range(6):
        seen.append(player.card)
        player.follow("short")
    assert [player.flow.cards[card].rung for card in seen] == [1, 2, 3, 4, 5, 6]
    assert player.card == "ladder_locked"
    assert "ladder_summary" not in player.cards
    player.press("next_step")
    assert player.step == "no_disclosure"


def test_the_last_rung_opens_only_when_the_team_has_decided() -> None:
    player = ladder(Player())
    for _ in range(6):
        player.press("next_step")
    player.take("ladder_summary")
    assert player.shown.explain["rule"] == "locked"
    player.observe("approved")
    assert player.card == "ladder_summary"
    player.follow("short", substantive=True)
    assert player.step == "free_account"
    assert "approved" not in player.state.observed, "it was for this one time"


def test_no_rung_is_skipped_by_taking_a_card() -> None:
    player = ladder(Player())
    player.take("ladder_not_right")
    assert (player.card, player.shown.explain["rule"]) == ("ladder_why", "rung_by_rung")
    assert len(player.shown.cards) == 1, "later rungs are not even shown"


def test_approval_does_not_skip_rungs() -> None:
    player = ladder(Player())
    player.observe("approved")
    assert player.card == "ladder_why"
    player.take("ladder_summary")
    assert player.card == "ladder_why"


def test_no_disclosure_noted_is_one_rung_not_all() -> None:
    player = ladder(Player())
    player.observe("no_disclosure")
    assert player.card == "ladder_job"


def test_a_yes_on_the_ladder_is_opened_up() -> None:
    player = ladder(Player())
    for _ in range(4):
        player.press("next_step")
    assert player.card == "ladder_worried"
    player.exchange("yes_no", "yes")
    assert player.card == "transition_open"
    player.follow("narrative", substantive=True)
    assert player.step == "free_account"


def test_a_yes_to_something_else_does_not_climb() -> None:
    player = ladder(Player())
    player.child("yes")
    assert player.step == "transition"


def test_spontaneous_disclosure_is_not_cut_off_and_the_rules_come_later() -> None:
    player = Player()
    player.go("likes")
    player.exchange("invitation", "narrative", substantive=True)
    assert (player.step, player.says()) == ("free_account", "invitation")
    assert player.shown.explain["rule"] == "disclosure"
    assert player.state.rules_owed
    assert player.shown.phases["rapport"] == "ahead", "it was left unfinished"
    player.go("follow_up")
    player.press("next_step")
    assert player.step == "rules_later"
    while player.step == "rules_later":
        player.follow("short")
    assert player.step == "planned_break"
    assert not player.state.rules_owed


def test_rules_done_in_time_are_not_repeated() -> None:
    player = to_account(Player())
    assert not player.state.rules_owed
    player.go("follow_up")
    player.press("next_step")
    assert player.step == "planned_break"


def test_something_new_at_the_end_is_heard_with_an_open_prompt() -> None:
    player = to_account(Player())
    player.go("closing.thanks")
    player.child("narrative", substantive=True)
    assert player.card == "open_again"
    assert player.step == "closing.thanks"
    other = Player()
    other.go("closing.thanks")
    other.child("narrative", substantive=True)
    assert other.step == "free_account", "the first account is never left to the closing"


def test_more_than_one_time_goes_last_first_best_other() -> None:
    player = to_account(Player())
    player.observe("more_than_once")
    steps = []
    for _ in range(80):
        player.follow("short")
        if player.step not in steps[-1:]:
            steps.append(player.step)
        if player.step == "planned_break":
            break
    wanted = ["last_time", "first_time", "best_time", "other_time", "follow_up"]
    assert [step for step in steps if step in wanted] == wanted


def test_no_other_time_ends_the_round() -> None:
    player = to_account(Player())
    player.observe("more_than_once")
    player.go("last_time")
    player.observe("no_more")
    player.press("next_step")
    player.press("next_step")
    assert player.step == "follow_up"


def test_every_new_time_begins_with_open_prompts_again() -> None:
    player = to_account(Player())
    for _ in range(4):
        player.exchange("invitation")
    player.go("last_time")
    assert player.state.counters["open_prompts"] == 0
    assert player.state.counters["incidents"] == 1


def test_one_time_and_more_than_once_exclude_each_other() -> None:
    player = to_account(Player())
    player.observe("one_time")
    player.observe("more_than_once")
    assert player.state.observed == ["more_than_once"]


def test_a_contradiction_waits_until_the_child_has_told_freely() -> None:
    player = to_account(Player())
    player.observe("contradiction")
    assert player.card != "contradiction_help"
    for _ in range(3):
        player.asks("invitation")
    player.child()
    assert player.card == "contradiction_help"


@pytest.mark.parametrize(("condition", "card"), [("denial", "denial_open"), ("distress", "distress_offer")])
def test_denial_and_distress_come_before_the_protocol(condition: str, card: str) -> None:
    player = to_account(Player())
    player.observe(condition)
    assert player.card == card
    player.asks(player.says())
    assert player.card != card, "once"


def test_reluctance_in_practice_offers_a_second_meeting_and_a_person_decides() -> None:
    player = Player()
    player.go("likes")
    player.exchange("invitation", "narrative")
    player.exchange("invitation", "narrative")
    assert player.step == "pleasant", "what it told before does not count here"
    while player.step == "pleasant":
        player.exchange(player.says(), "short", reluctance=True)
        if player.card.startswith("sup_"):
            player.asks("non_question", "support")
    assert player.card == "second_consider" or "second_consider" in player.cards
    stay = Player()
    stay.go("second_meeting_choice")
    stay.press("next_step")
    assert stay.step == "rules"
    player.observe("second_meeting")
    assert player.step == "second_meeting"
    while player.shown.phase not in ("closing",):
        player.follow()
    assert player.shown.missing == ("closing", "neutral"), "a second meeting closes kindly, too"


def test_a_child_that_tells_in_practice_is_not_sent_home() -> None:
    player = Player()
    player.go("pleasant")
    while player.step == "pleasant":
        player.follow("narrative")
    assert player.step == "unpleasant"


def test_no_assent_is_a_no() -> None:
    player = Player()
    player.go("information.assent")
    player.exchange("yes_no", "no")
    assert player.step == "information.withheld"
    agreed = Player()
    agreed.go("information.assent")
    agreed.exchange("yes_no", "yes")
    assert agreed.step == "information.assent"


def test_minimal_facts_stops_after_nine_questions() -> None:
    player = Player(minimal())
    player.go("account")
    for _ in range(9):
        assert player.step != "refer"
        player.exchange("invitation")
    assert player.step in ("refer", "goodbye")
    assert player.shown.phases["closing"] in ("now", "done")


def test_minimal_facts_by_its_cards_needs_at_most_ten_questions() -> None:
    player = Player(minimal())
    for _ in range(40):
        player.follow(substantive=player.card == "contact_tell")
    assert player.shown.can_end
    assert player.state.counters["prompts"] <= 10


def test_minimal_facts_stops_when_enough_is_known() -> None:
    player = Player(minimal())
    player.go("account")
    player.observe("enough")
    assert (player.step, player.card) == ("refer", "contact_stop")


def test_minimal_facts_begins_with_needs_and_hears_what_comes_at_once() -> None:
    player = Player(minimal())
    assert [step.phase for step in player.flow.steps.values()][:2] == ["opening", "needs"]
    player.child("narrative", substantive=True)
    assert (player.step, player.card) == ("account", "contact_tell")
