"""What the interviewer sees: real cards, the child's own words, the right languages."""

from __future__ import annotations

import json
from dataclasses import replace

from protocols.labels import CardRef, Guidance
from tests.interview.parts import LIBRARY, question
from web.interview.guidance import Moment, Setting, compose, filled
from web.interview.guidance import card as show
from web.interview.nudges import Heard
from web.language.model import Coding, Cue

FLOW = LIBRARY.flows["nichd_revised_2014"]
SETTING = Setting(FLOW, LIBRARY, "en", "en", 9)
CUE = Cue(3, 4, 12, "the lake", "You said the lake. Tell me more about that.", 1.0)


def where(phase: str, *cards: str, interrupt: str | None = None) -> Guidance:
    refs = tuple(CardRef(card, "comes_next") for card in cards)
    phases = {item.id: "now" if item.id == phase else "ahead" for item in FLOW.phases}
    return Guidance(phase, "step", refs, phases, interrupt=interrupt, missing=("closing",))


def test_cards_come_in_final_words() -> None:
    shown = compose(SETTING, where("follow_up", "open_more"), Moment(labels=3))
    (card,) = shown["cards"]
    assert card["text"] == LIBRARY.wording("open_more").text
    assert (card["says"], card["spoken"], card["child_text"]) == ("invitation", True, None)
    assert card["reason"] == LIBRARY.reasons["comes_next"]
    assert shown["phases"][0] == {"id": "opening", "title": "Opening", "state": "ahead"}
    assert shown["missing"] == [{"id": "closing", "title": "Closing"}]
    assert json.loads(json.dumps(shown)) == shown


def test_cues_fill_the_childs_slots_and_nothing_else_does() -> None:
    with_cue = compose(SETTING, where("follow_up", "open_cue"), Moment(cues=(CUE,)))
    assert with_cue["cards"][0]["text"] == "You said “the lake”. Tell me more about “the lake”."
    assert with_cue["cues"][0]["turn"] == 4, "people count turns from one"
    without = compose(SETTING, where("follow_up", "open_cue"), Moment())
    assert "[words the child said, exactly]" in without["cards"][0]["text"]


def test_no_slot_is_ever_left_open() -> None:
    for card in FLOW.cards:
        text = filled(LIBRARY.wording(card).text, SETTING, ())
        assert "{" not in text


def test_words_in_braces_said_by_a_child_stay_words() -> None:
    cue = replace(CUE, words="{interviewer}")
    assert filled("You said {cue}.", SETTING, (cue,)) == "You said “{interviewer}”."


def test_a_missing_wording_is_not_passed_off_as_the_childs_language() -> None:
    arabic = replace(SETTING, child_language="ar")
    card = compose(arabic, where("follow_up", "open_more"), Moment())["cards"][0]
    has = LIBRARY.has_wording("open_more", "ar")
    assert (card["child_text"] is not None) == has
    assert card["text"] == LIBRARY.wording("open_more").text


def test_draft_words_are_marked_as_such_and_come_with_how_to_say_them() -> None:
    wanted = where("follow_up", "open_more")
    assert compose(SETTING, wanted, Moment())["cards"][0]["draft"] is False
    for languages in ({"child_language": "ar"}, {"interviewer_language": "sv", "child_language": "sv"}):
        assert compose(replace(SETTING, **languages), wanted, Moment())["cards"][0]["draft"] is True
    noted = next(
        card for card in SETTING.flow.cards.values() if card.spoken and LIBRARY.wording(card.id, "ar").note
    )
    ref = CardRef(noted.id, "")
    shown = show(replace(SETTING, child_language="ar"), ref)
    assert shown["child_note"] == LIBRARY.wording(noted.id, "ar").note
    assert show(SETTING, ref)["child_note"] == ""


def test_a_dialect_uses_its_base_language() -> None:
    british = replace(SETTING, interviewer_language="en-GB", child_language="en-US")
    card = compose(british, where("follow_up", "open_more"), Moment())["cards"][0]
    assert (card["text"], card["child_text"]) == (LIBRARY.wording("open_more").text, None)


def test_after_a_break_an_invitation_comes_first() -> None:
    planned = where("focused", "silence_wait", "open_then")
    assert ids(compose(SETTING, planned, Moment(reopening=True))) == ["open_then", "silence_wait"]
    closed = where("focused", "silence_wait")
    assert ids(compose(SETTING, closed, Moment(reopening=True))) == ["open_again", "silence_wait"]
    assert ids(compose(SETTING, closed, Moment())) == ["silence_wait"]
    paused = where("focused", "silence_wait", interrupt="safety")
    assert ids(compose(SETTING, paused, Moment(reopening=True))) == ["silence_wait"]


def ids(shown: dict[str, list[dict[str, str]]]) -> list[str]:
    return [card["id"] for card in shown["cards"]]


def test_a_question_is_judged_where_it_was_asked() -> None:
    closed = Heard(7, "interviewer", Coding(question=question("Did you go?")))
    practising = Moment(turn=closed, phase="rules")
    assert compose(SETTING, where("narrative"), practising)["nudge"] is None
    telling = Moment(turn=closed, phase="narrative")
    remark = compose(SETTING, where("closing"), telling)["nudge"]
    assert remark["prompt"] == LIBRARY.wording("pair_more").text


def test_an_unknown_card_is_left_out_rather_than_shown_empty() -> None:
    assert compose(SETTING, where("narrative", "card_of_tomorrow"), Moment())["cards"] == []


def test_the_interviewers_name_stands_in_the_greeting_and_an_unknown_one_says_what_belongs_there() -> None:
    named = replace(SETTING, names={"interviewer": "Anna"})
    assert "Anna" in show(named, CardRef("open_greet", "in_order"))["text"]
    assert "[the name the interviewer goes by]" in show(SETTING, CardRef("open_greet", "in_order"))["text"]
