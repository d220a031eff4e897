"""A whole interview by the cards, and how turns, cards and keys move it."""

from __future__ import annotations

import pytest

from protocols.labels import Label
from protocols.walker import State, advance, start
from tests.protocols.player import Player, minimal, nichd


def to_account(player: Player) -> Player:
    """Through everything before the account, with a child that tells why it is here when asked."""
    while player.card != "ladder_why":
        player.follow()
    player.follow(substantive=True)
    return player


def test_a_whole_interview_passes_every_phase_in_order() -> None:
    player = Player()
    seen = [player.shown.phase]
    for turn in range(200):
        player.follow("short" if turn % 3 else "narrative", substantive=player.card == "ladder_why")
        if player.shown.phase != seen[-1]:
            seen.append(player.shown.phase)
        if player.shown.can_end and player.card == "after_self":
            break
    assert list(dict.fromkeys(seen)) == [phase.id for phase in nichd().phases]
    assert set(player.shown.phases.values()) == {"done", "now"}
    assert player.shown.missing == ()


def test_start_shows_the_first_cards_and_what_is_owed() -> None:
    state, shown = start(nichd(), 8)
    assert [ref.id for ref in shown.cards] == ["open_prepare", "open_record", "open_greet"]
    assert (shown.missing, shown.can_end) == (("closing", "neutral"), False)
    assert shown.phases["opening"] == "now"
    assert state.as_dict()["step"] == "welcome"


@pytest.mark.parametrize("age", [3, 18, -1])
def test_an_age_the_flow_is_not_for_is_refused(age: int) -> None:
    with pytest.raises(ValueError, match=f"4 to 17 years, not {age}"):
        start(nichd(), age)


def test_a_state_of_another_flow_is_refused() -> None:
    state, _ = start(minimal(), 8)
    with pytest.raises(ValueError, match="belongs to 'minimal_facts'"):
        advance(nichd(), state, Label("next_step"))


def test_what_is_not_a_state_is_refused() -> None:
    with pytest.raises(ValueError, match="no field nonsense"):
        State.from_dict({"nonsense": 1})
    with pytest.raises(ValueError, match="not the state"):
        State.from_dict({"flow": "minimal_facts"})


def test_a_question_card_is_done_when_said_and_answered() -> None:
    player = Player()
    player.go("likes")
    player.asks("invitation")
    assert player.card == "rapport_likes", "asked, and waiting for the child"
    player.child()
    assert player.card == "rapport_cue"
    assert player.shown.explain["rule"] == "answered"


def test_free_typed_turns_are_noted_and_do_not_block() -> None:
    player = Player()
    player.go("likes")
    for kind in ("wh", "yes_no", "choice"):
        player.exchange(kind, "off_topic")
        assert player.card == "rapport_likes"
        assert player.shown.explain["rule"] == "noted"
    player.asks("invitation")
    player.child()
    assert player.card != "rapport_likes"


@pytest.mark.parametrize("subtype", ["facilitator"])
def test_mm_hm_says_no_card(subtype: str) -> None:
    player = Player()
    player.take("open_record")
    player.asks("non_question", subtype)
    assert player.card == "open_greet"
    player.asks("non_question", "other")
    assert player.card == "open_job"


def test_a_question_may_pass_over_instructions_but_not_over_information() -> None:
    player = Player()
    player.go("focused")
    player.state.counters["open_prompts"] = 5
    player.asks("wh")
    player.child("short")
    assert player.card == "focus_where_open", "the plan was an instruction, the question was said"
    player.go("information.tell")
    player.asks("yes_no")
    assert player.card == "info_listeners"


@pytest.mark.parametrize("response", ["asks", "dont_understand", "none"])
def test_a_card_that_was_not_answered_stays_once(response: str) -> None:
    player = Player()
    player.go("rules")
    while player.card != "rules_dont_know_try":
        player.follow()
    player.exchange("wh", response)
    stayed = [ref for ref in player.shown.cards if ref.id == "rules_dont_know_try"]
    assert [ref.reason for ref in stayed] == ["not_answered"]
    player.exchange("wh", response)
    assert "rules_dont_know_try" not in player.cards


def test_silence_and_not_knowing_get_a_hint_that_goes_again() -> None:
    player = Player()
    player.go("likes")
    player.exchange("invitation", "none")
    assert player.card == "silence_wait"
    player.take("silence_wait")
    assert player.card == "rapport_likes"
    player.exchange("invitation", "dont_know")
    assert "accept_dont_know" in player.cards[1:]


def test_reluctance_brings_support_first_beside_then_before_the_card() -> None:
    player = Player()
    player.go("pleasant")
    player.exchange("invitation", "short", reluctance=True)
    assert player.shown.cards[1].reason == "support"
    player.exchange("invitation", "short", reluctance=True)
    assert player.shown.cards[0].reason == "support_first"
    player.asks("non_question", "support")
    assert player.shown.cards[0].reason != "support_first"


def test_support_kinds_change_and_contested_ones_never_come() -> None:
    player, seen = Player(), set()
    player.go("free_account")
    for _ in range(12):
        player.exchange("invitation", "short", reluctance=True)
        seen.add(player.card)
    assert len(seen) >= 4
    assert not {"sup_eye_contact", "sup_not_your_fault", "sup_so_it_stops"} & seen


def test_a_taken_card_and_its_spoken_words_count_once() -> None:
    player = Player()
    player.go("free_account")
    player.take("free_everything")
    player.asks("invitation")
    assert player.state.counters["open_prompts"] == 1
    player.take("free_everything")
    player.child()
    player.asks("invitation")
    assert player.state.counters["open_prompts"] == 3


def test_words_of_another_type_than_the_taken_card_count_for_themselves() -> None:
    player = Player()
    player.go("free_account")
    player.take("free_everything")
    player.asks("yes_no")
    player.child("yes")
    assert player.card == "pair_more"


def test_taking_the_first_card_of_the_next_step_goes_there() -> None:
    player = Player()
    player.go("second_meeting_choice")
    assert player.cards[-1] == "rules_intro"
    player.take("rules_intro")
    assert (player.step, player.card) == ("rules", "rules_dont_know")


def test_an_unknown_card_or_step_or_condition_changes_nothing() -> None:
    player = Player()
    before = player.cards
    player.take("no_such_card")
    player.go("no_such_step")
    player.observe("no_such_thing")
    player.press("interpreter_turn")
    assert player.cards == before
    assert player.shown.explain["rule"] == "noted"


def test_a_phase_that_was_only_skipped_is_not_done() -> None:
    player = Player()
    player.go("closing.thanks")
    for _ in range(4):
        player.press("next_step")
    assert player.shown.missing == ("closing", "neutral")
    player.go("closing.thanks")
    while player.shown.phase != "afterwards":
        player.follow()
    assert player.shown.can_end


def test_a_phase_skipped_after_one_that_was_done_is_not_done_either() -> None:
    player = Player()
    while player.shown.phase == "opening":
        player.follow("yes")
    for _ in range(3):
        player.press("next_step")
    assert player.shown.phases["opening"] == "done"
    assert player.shown.phases["rapport"] == "ahead"


def test_a_suggestive_turn_about_what_happened_says_no_card() -> None:
    player = to_account(Player())
    player.asks("invitation", suggestive=True)
    player.asks("invitation")
    player.child()
    assert player.card == "free_then"
    player.asks("invitation", suggestive=True)
    player.child()
    player.asks("invitation")
    assert player.card == "free_then", "paired, and still to be said"


def test_before_the_account_a_flag_does_not_hold_up_the_card() -> None:
    player = Player()
    player.go("transition")
    for _ in range(2):
        player.press("next_step")
    assert player.card == "ladder_talked", "it says that the child talked to somebody, and is flagged for it"
    player.asks("invitation", suggestive=True)
    player.child("short")
    assert player.card == "ladder_seen"


def test_a_question_passes_over_one_statement_not_over_two() -> None:
    player = Player()
    player.go("rules")
    player.exchange("wh")
    assert player.card == "rules_intro"
    player.asks("non_question", "other")
    player.exchange("wh")
    assert player.card == "rules_dont_know_good"


def test_young_children_get_fewer_rules() -> None:
    def rules(age: int) -> set[str]:
        player, seen = Player(age=age), set()
        player.go("rules")
        while player.step == "rules":
            seen.add(player.card)
            player.follow()
        return seen

    assert rules(4) < rules(5) < rules(9)


def test_guidance_and_state_survive_json() -> None:
    player = to_account(Player())
    player.exchange("yes_no", "yes")
    again = State.from_dict(player.state.as_dict())
    assert advance(player.flow, again, Label("next_step")) == advance(
        player.flow, player.state, Label("next_step")
    )
    assert type(player.shown).from_dict(player.shown.as_dict()) == player.shown
