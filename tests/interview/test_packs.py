"""Packs in an interview: chosen in the form, sealed, and in the words and advice of the room."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from protocols.labels import CardRef, Guidance
from protocols.model import Flow
from tests.conftest import csrf_token, sign_in
from tests.interview.parts import LIBRARY, Room
from tests.interview.test_guidance import SETTING, where
from web.interview.errors import Invalid
from web.interview.guidance import Moment, Setting, advised, card, compose
from web.interview.new import NewInterview
from web.interview.recognition import wordings
from web.store import Interview, Role, User

FLOW: Flow = LIBRARY.flows["nichd_revised_2014"]


def worn(age: int, *needs: str, **changes: object) -> Setting:
    return replace(SETTING, age=age, packs=LIBRARY.shelf.worn(age, needs), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LIBRARY.packs)
def test_each_pack_gives_its_words_and_its_advice_in_the_room(name: str) -> None:
    pack = LIBRARY.packs[name]
    setting = replace(SETTING, packs=(pack,))
    for card_id, own in pack.wording.items():
        if card_id in FLOW.cards:
            shown = card(setting, CardRef(card_id, "in_order"))
            plain = card(SETTING, CardRef(card_id, "in_order"))
            assert (shown["text"] == plain["text"]) == (own.text == LIBRARY.wording(card_id).text)
            assert [shown[key] for key in ("says", "spoken", "draft", "reason")] == [
                plain[key] for key in ("says", "spoken", "draft", "reason")
            ]
    for phase, moment in (("rules", "rules"), ("narrative", "substantive"), ("focused", "focused")):
        shown = compose(setting, where(phase, "open_more"), Moment())
        expected = [one.text for one in pack.advice if one.at == moment]
        assert [line["text"] for line in shown["advice"]] == expected
        assert json.loads(json.dumps(shown)) == shown


def test_without_packs_and_in_a_break_there_is_no_advice() -> None:
    assert compose(SETTING, where("narrative", "open_more"), Moment())["advice"] == []
    assert compose(worn(4, "autism"), where("break", "break_care"), Moment())["advice"] == []


FIRST_CONTACTS = [flow for flow in LIBRARY.flows.values() if flow.kind == "first_contact"]
ALL_NEEDS = [pack.id for pack in LIBRARY.shelf.of_kind("need", "interpreter")]
ASKS_FOR_DETAILS = (
    "how often", "one time", "one at a time", "one by one", "messages", "whole structure",
    "more can be asked", "half an hour", "five minutes", "in writing", "a card with", "work by text",
)  # fmt: skip


@pytest.mark.parametrize("age", [3, 5, 8, 12, 16])
@pytest.mark.parametrize("flow", FIRST_CONTACTS, ids=lambda flow: flow.id)
def test_a_first_contact_gets_no_advice_on_details_and_nothing_to_carry(flow: Flow, age: int) -> None:
    assert {"trafficking_first_contact", "minimal_facts"} <= {one.id for one in FIRST_CONTACTS}
    setting = worn(age, *ALL_NEEDS, flow=flow)
    shown = [line["text"].lower() for line in advised(setting, "preparation")]
    for phase in flow.phases:
        now = Guidance(phase.id, "step", (), {}, interrupt=None, missing=())
        lines = [line["text"] for line in compose(setting, now, Moment())["advice"]]
        assert (phase.stage == "substantive" or LIBRARY.shelf.moment(phase) == "focused") == (not lines)
        shown += [line.lower() for line in lines]
    assert shown
    assert [line for line in shown if any(what in line for what in ASKS_FOR_DETAILS)] == []


def test_while_the_ladder_is_up_nothing_is_advised() -> None:
    assert compose(worn(4, *ALL_NEEDS), where("transition", "ladder_why"), Moment())["advice"] == []


def test_the_words_of_the_later_pack_are_shown() -> None:
    def says(*needs: str) -> Any:
        return card(worn(4, *needs), CardRef("practice_pleasant", "in_order"))["text"]

    own = {
        name: LIBRARY.packs[name].wording["practice_pleasant"].text
        for name in ("age_3_4", "autism", "interpreter")
    }
    assert says() == own["age_3_4"]
    assert says("autism") == own["autism"]
    assert says("interpreter", "autism") == own["interpreter"]


def test_english_packs_leave_other_languages_alone_also_those_from_right_to_left() -> None:
    ref = CardRef("free_everything", "in_order")
    arabic = card(worn(4, "interpreter", child_language="ar"), ref)
    assert arabic["text"] == LIBRARY.packs["interpreter"].wording["free_everything"].text
    assert (arabic["dir"], arabic["child_dir"]) == ("ltr", "rtl")
    assert arabic["child_text"] == LIBRARY.wording("free_everything", "ar").text
    all_arabic = {"interviewer_language": "ar", "child_language": "ar"}
    plain = card(replace(SETTING, **all_arabic), ref)  # type: ignore[arg-type]
    assert card(worn(4, "autism", **all_arabic), ref) == plain
    english_child = card(worn(4, interviewer_language="ar", child_language="en-GB"), ref)
    assert english_child["child_text"] == LIBRARY.packs["age_3_4"].wording["free_everything"].text


def test_a_pack_leaves_cards_locks_and_phases_as_they_are() -> None:
    """Everything but words and advice is the same with and without."""

    def bones(setting: Setting) -> dict[str, Any]:
        shown = compose(setting, where("transition", "ladder_why", "ladder_locked", "ladder_job"), Moment())
        kept = [{key: one[key] for key in ("id", "says", "spoken")} for one in shown["cards"]]
        return {**{k: v for k, v in shown.items() if k not in {"advice", "cards"}}, "cards": kept}

    assert bones(worn(4, *(p.id for p in LIBRARY.shelf.of_kind("need", "interpreter")))) == bones(SETTING)


def test_the_guide_follows_the_words_that_were_shown() -> None:
    packs = LIBRARY.shelf.worn(4)
    assert wordings(LIBRARY, FLOW, packs)["rapport_likes"].text == packs[0].wording["rapport_likes"].text
    assert wordings(LIBRARY, FLOW)["rapport_likes"].text == LIBRARY.wording("rapport_likes").text


def test_packs_are_sealed_with_their_hash_and_reach_the_room(lite: Room) -> None:
    interview = lite.new(child_age=5, needs=["interpreter", "trauma"])
    assert lite.service.details(interview)["packs"] == {
        name: LIBRARY.packs[name].hash for name in ("age_5_6", "trauma", "interpreter")
    }
    assert lite.service.details(interview)["pack_order"] == LIBRARY.shelf.hash
    assert [pack.id for pack in lite.service.setting(interview).packs] == ["age_5_6", "trauma", "interpreter"]
    lite.press(interview, "start")
    shown = lite.service.guidance(interview.id)
    assert shown is not None
    assert {line["pack"] for line in shown["advice"]} == {
        LIBRARY.packs[name].title for name in ("age_5_6", "trauma", "interpreter")
    }
    again = lite.again().service.setting(interview)
    assert again.packs == lite.service.setting(interview).packs, "another process shows the same"


def test_the_walk_goes_the_same_way_with_and_without(lite: Room) -> None:
    """Advice waits for nothing: the same turns lead through the same steps."""
    ways = []
    for needs in ([], ["autism", "interpreter"]):
        interview = lite.new(needs=needs)
        lite.press(interview, "start")
        way = []
        for speaker, text in (
            ("interviewer", "Hello."),
            ("child", "Hi."),
            ("interviewer", "Tell me about you."),
        ):
            shown = lite.say(interview, speaker, text).guidance
            assert shown is not None
            way.append(
                (shown["phase"], shown["step"], [one["id"] for one in shown["cards"]], shown["labels"])
            )
        ways.append(way)
    assert ways[0] == ways[1]


@pytest.mark.parametrize(
    "needs",
    [
        ["nothing"],
        ["age_3_4"],
        "autism",
        None,
        [7],
        [None],
        ["../../etc/passwd"],
        ["autism", "<script>"],
        [["autism"]],
    ],
)
def test_needs_nobody_offers_are_refused_without_being_repeated(needs: Any) -> None:
    with pytest.raises(Invalid) as caught:
        NewInterview("K", FLOW.id, 8, needs=needs).checked(LIBRARY.flows, LIBRARY.packs)
    assert caught.value.extra["field"] == "needs"
    assert "script" not in caught.value.detail
    assert "passwd" not in caught.value.detail


def test_needs_come_in_one_order_and_once() -> None:
    new = NewInterview("K", FLOW.id, 8, needs=["interpreter", "adhd", "adhd"])
    assert new.checked(LIBRARY.flows, LIBRARY.packs).needs == ["adhd", "interpreter"]


def test_a_record_from_before_there_were_packs_goes_on_without(lite: Room) -> None:
    interview = lite.new()
    key = lite.vault.sealer(interview.id, interview.wrapped_key)
    with lite.database.write() as session:
        row = session.get_one(type(interview), interview.id)
        old = {k: v for k, v in lite.service.details(interview).items() if k != "packs"}
        row.sealed_details = key.seal(old, f"details:{row.id}")
    assert lite.service.setting(lite.service.get(interview.id)).packs == ()
    lite.press(interview, "start")
    shown = lite.service.guidance(interview.id)
    assert shown is not None
    assert shown["advice"] == []


# --- the form

FORM = "/interviews/new"
FILLED = {
    "case_code": "K-3",
    "protocol": FLOW.id,
    "child_age": "6",
    "interviewer_language": "en",
    "child_language": "ar",
    "assent": "yes",
}


def test_the_form_offers_every_need_with_when_to_choose_it_and_names_the_ages(
    client: FlaskClient, users: dict[Role, User]
) -> None:
    sign_in(client, users[Role.INTERVIEWER])
    page = html.unescape(client.get(FORM).text)
    for pack in LIBRARY.shelf.of_kind("need", "interpreter"):
        assert f'value="{pack.id}"' in page
        assert pack.offered in page
    for pack in LIBRARY.shelf.of_kind("age"):
        assert pack.title in page
        assert f'value="{pack.id}"' not in page, "age chooses by itself"


def test_ticked_needs_are_kept_and_shown_before_the_start(
    client: FlaskClient, app: Flask, users: dict[Role, User]
) -> None:
    sign_in(client, users[Role.INTERVIEWER])
    data = {**FILLED, "needs": ["interpreter", "hearing"], "csrf_token": csrf_token(client, FORM)}
    answer = client.post(FORM, data=data)
    assert answer.status_code == 302
    made = app.extensions["tellmore"].interviews
    interview: Interview = made.get(answer.location.rsplit("/", 1)[1])
    assert list(made.details(interview)["packs"]) == ["age_5_6", "hearing", "interpreter"]
    room = client.get(answer.location).text
    assert "5 to 6 years · Deaf or hard of hearing · With an interpreter" in room
    first = next(one for one in LIBRARY.packs["interpreter"].advice if one.at == "preparation")
    assert first.text[:40] in room


@pytest.mark.parametrize("needs", ["age_5_6", "nothing", "<b>"])
def test_a_need_nobody_offers_is_refused_and_what_was_ticked_stays(
    client: FlaskClient, users: dict[Role, User], needs: str
) -> None:
    sign_in(client, users[Role.INTERVIEWER])
    data = {**FILLED, "needs": [needs, "adhd"], "csrf_token": csrf_token(client, FORM)}
    answer = client.post(FORM, data=data)
    assert answer.status_code == 200
    assert 'id="needs-error"' in answer.text
    ticked = answer.text.split('value="adhd"')[0].rsplit("<input", 1)[1]
    assert "checked" in ticked + answer.text.split('value="adhd"')[1].split(">", 1)[0]
    assert "<b>" not in answer.text


def test_the_interface_takes_needs_and_names_a_wrong_one(
    client: FlaskClient, users: dict[Role, User]
) -> None:
    sign_in(client, users[Role.INTERVIEWER])
    body = {"case_code": "K-4", "protocol": FLOW.id, "child_age": 6}
    token = {"X-CSRFToken": csrf_token(client, FORM)}
    assert (
        client.post("/api/interviews", json={**body, "needs": ["visual"]}, headers=token).status_code == 201
    )
    for wrong in (["nothing"], "visual", [["visual"]], {"visual": True}):
        answer = client.post("/api/interviews", json={**body, "needs": wrong}, headers=token)
        assert answer.status_code == 422
        assert answer.get_json()["field"].startswith("needs")
