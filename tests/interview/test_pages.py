"""The pages without a browser: forms, access, what is and is not in the HTML."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import csrf_token, sign_in
from web.interview.new import NewInterview
from web.interview.turns import TurnIn
from web.services import Services
from web.store import Interview, InterviewState, Role, User

FILLED = {
    "case_code": "K-2026-17",
    "protocol": "nichd_revised_2014",
    "child_age": "9",
    "interviewer_language": "en",
    "child_language": "ar",
    "persons_present": "an interpreter",
    "own_words": "سامي (the child)",
    "told_recording": "y",
    "told_use": "y",
    "told_words": "in plain words",
    "assent": "yes",
    "assent_how": "nodded",
    "preparation": "a purple elephant",
}
Users = dict[Role, User]


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions["tellmore"]
    return found


@pytest.fixture
def interview(services: Services, anna: User) -> Interview:
    new = NewInterview("K-1", "nichd_revised_2014", 9, preparation="a purple elephant")
    return services.interviews.create(anna, new)


def post(client: FlaskClient, path: str, **data: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client, path), **data})


def only(services: Services) -> Interview | None:
    from sqlalchemy import select

    with services.database.read() as session:
        return session.scalar(select(Interview))


def room_data(page: str) -> dict[str, Any]:
    found = re.search(r'<template id="room-data">(.*?)</template>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(html.unescape(found[1]))
    return data


# --- new interview


def test_a_filled_form_makes_a_planned_interview_and_leads_into_its_room(
    client: FlaskClient, anna: User, services: Services
) -> None:
    answer = post(client, "/interviews/new", **FILLED)
    made = only(services)
    assert made is not None
    assert answer.status_code == 302
    assert answer.location == f"/interviews/{made.id}"
    assert (made.case_code, made.child_age, made.child_language) == ("K-2026-17", 9, "ar")
    assert made.state is InterviewState.PLANNED
    assert services.interviews.details(made) == {
        "persons_present": "an interpreter",
        "own_words": "سامي (the child)",
        "information_given": {
            "recording": True,
            "use": True,
            "who_listens": False,
            "words": "in plain words",
        },
        "assent": {"given": "yes", "how": "nodded"},
        "preparation": "a purple elephant",
        "packs": {"age_7_10": services.libraries.shipped.packs["age_7_10"].hash},
        "pack_order": services.libraries.shipped.shelf.hash,
        "facts": [],
    }


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("case_code", "", "Give the case a code."),
        ("case_code", "x" * 41, "At most 40 characters."),
        ("case_code", "Amina Hassan", "looks like a person"),
        ("case_code", "2015-03-04", "date of birth"),
        ("protocol", "", "Choose a protocol."),
        ("protocol", "guesswork", "Not a valid choice."),
        ("child_age", "", "whole years"),
        ("child_age", "nine", "whole years"),
        ("child_age", "2", "from 3 to 17"),
        ("child_age", "99", "from 3 to 17"),
        ("interviewer_language", "xx", "Not a valid choice."),
        ("preparation", "x" * 4001, "longer than 4000"),
        ("own_words", "x" * 4001, "longer than 4000"),
        ("assent", "maybe", "Not a valid choice."),
    ],
)
def test_each_mistake_is_named_beside_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, anna: User, services: Services, field: str, value: str, says: str
) -> None:
    answer = post(client, "/interviews/new", **{**FILLED, field: value})
    assert answer.status_code == 200
    error = re.search(rf'id="{field}-error">(.*?)</p>', answer.text)
    assert error, f"no error beside {field}"
    assert says in html.unescape(error[1])
    kept = "in plain words" if field != "told_words" else "a purple elephant"
    assert kept in answer.text
    assert "nodded" in answer.text
    assert only(services) is None


def test_a_code_that_looks_like_a_name_is_taken_after_a_second_look(
    client: FlaskClient, anna: User, services: Services
) -> None:
    odd = {**FILLED, "case_code": "Blue Lamp"}
    assert 'name="code_checked"' in post(client, "/interviews/new", **odd).text
    assert post(client, "/interviews/new", **odd, code_checked="y").status_code == 302
    made = only(services)
    assert made is not None
    assert made.case_code == "Blue Lamp"


def test_the_form_explains_each_protocol_in_plain_words(
    client: FlaskClient, anna: User, services: Services
) -> None:
    page = html.unescape(client.get("/interviews/new").text)
    for flow in services.libraries.shipped.flows.values():
        assert flow.title in page
        assert flow.purpose in page


def test_without_the_token_nothing_is_made(client: FlaskClient, anna: User, services: Services) -> None:
    assert client.post("/interviews/new", data=FILLED).status_code == 400
    assert only(services) is None


# --- who may see what


@pytest.mark.parametrize("page", ["", "/close", "/summary"])
def test_somebody_else_s_interview_looks_like_none(
    app: Flask, interview: Interview, users: Users, services: Services, page: str
) -> None:
    services.interviews.close(interview.id, users[Role.INTERVIEWER].id, "k", "over")
    other = app.test_client()
    stranger = User(
        name="olga",
        role=Role.INTERVIEWER,
        password_hash=users[Role.INTERVIEWER].password_hash,
        full_name="Olga",
    )
    with services.database.write() as session:
        session.add(stranger)
    sign_in(other, stranger)
    theirs, nobody = (other.get(f"/interviews/{key}{page}") for key in (interview.id, "0" * 24))
    assert theirs.status_code == nobody.status_code == 404
    assert without_token(theirs.text) == without_token(nobody.text)


def without_token(page: str) -> str:
    """A page less its tokens, which are new each time."""
    return re.sub(r'(content|value)="[^"]{40,}"', "", page)


@pytest.mark.parametrize(
    ("role", "room", "summary"),
    [
        (Role.SUPERVISOR, 404, 200),
        (Role.TRAINEE, 403, 403),
        (Role.ADMINISTRATOR, 403, 403),
    ],
)
def test_other_roles_see_what_their_work_needs(
    app: Flask, interview: Interview, users: Users, role: Role, room: int, summary: int
) -> None:
    other = app.test_client()
    sign_in(other, users[role])
    assert other.get(f"/interviews/{interview.id}").status_code == room
    assert other.get(f"/interviews/{interview.id}/summary").status_code == summary


# --- the live room


def test_the_room_has_no_word_of_the_preparation_and_nothing_said_in_its_html(
    client: FlaskClient, interview: Interview, services: Services, anna: User
) -> None:
    services.interviews.add_turn(interview.id, anna.id, TurnIn("k1", "child", "seven striped hats"))
    page = client.get(f"/interviews/{interview.id}").text
    assert "elephant" not in page
    assert "striped" not in page


def test_the_room_brings_its_words_and_the_cards_that_may_not_wait(
    client: FlaskClient, interview: Interview
) -> None:
    data = room_data(client.get(f"/interviews/{interview.id}").text)
    assert data["base"] == f"/api/interviews/{interview.id}"
    assert set(data["interrupts"]) == {"stop", "safety"}
    for cards in data["interrupts"].values():
        assert all(card["text"] and card["reason"] for card in cards)
    assert data["texts"]["parts_waiting"] == {"one": "{n} part waiting", "other": "{n} parts waiting"}


def test_every_step_want_and_condition_can_be_chosen(
    client: FlaskClient, interview: Interview, services: Services
) -> None:
    page = html.unescape(client.get(f"/interviews/{interview.id}").text)
    flow = services.libraries.shipped.flows[interview.protocol]
    assert re.findall(
        r'<option value="([\w.]+)">', page.split('id="step-choice"')[1].split("</select>")[0]
    ) == [step.id for phase in flow.phases for step in flow.steps.values() if step.phase == phase.id]
    assert {"break", "stop", "toilet"} <= set(re.findall(r'data-what="(\w+)"', page))
    assert set(re.findall(r'data-condition="(\w+)"', page)) == flow.conditions


@pytest.mark.parametrize("path", ["/interviews/new", "", "/close", "/summary"])
def test_no_page_carries_script_or_style_of_its_own(
    client: FlaskClient, interview: Interview, path: str
) -> None:
    answer = client.get(path if path.startswith("/interviews") else f"/interviews/{interview.id}{path}")
    assert answer.status_code == 200
    assert not re.search(r"\sstyle=|\son\w+=|<style", answer.text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", answer.text))


def test_every_text_the_scripts_ask_for_is_there(
    client: FlaskClient, interview: Interview, app: Flask
) -> None:
    from pathlib import Path

    texts = room_data(client.get(f"/interviews/{interview.id}").text)["texts"]
    asked: set[str] = set()
    for path in (Path(str(app.static_folder)) / "js" / "live").rglob("*.js"):
        asked |= set(re.findall(r'\bt\("(\w+)"', path.read_text()))
    assert len(asked) > 20
    assert asked <= set(texts)


# --- the end


def test_a_closed_interview_leads_to_its_summary(
    client: FlaskClient, interview: Interview, services: Services, anna: User
) -> None:
    services.interviews.close(interview.id, anna.id, "k", "over")
    for page in ("", "/close"):
        answer = client.get(f"/interviews/{interview.id}{page}")
        assert answer.location == f"/interviews/{interview.id}/summary"


def begin(services: Services, interview: Interview, user: User) -> None:
    services.interviews.add_turn(interview.id, user.id, TurnIn("k1", "interviewer", "Hello."))


def test_what_is_owed_is_listed_and_the_end_without_it_needs_a_reason(
    client: FlaskClient, interview: Interview, services: Services, anna: User
) -> None:
    begin(services, interview, anna)
    path = f"/interviews/{interview.id}/close"
    flow = services.libraries.shipped.flows[interview.protocol]
    page = client.get(path).text
    for phase in flow.phases:
        assert (f"<li>{phase.title}</li>" in page) == phase.owed
    answer = post(client, path, key="one", reason="")
    assert answer.status_code == 200
    assert 'id="reason-error"' in answer.text
    assert services.interviews.get(interview.id).state is InterviewState.LIVE
    answer = post(client, path, key="one", reason="The child left.")
    assert answer.location == f"/interviews/{interview.id}/summary"
    assert (
        services.interviews.details(services.interviews.get(interview.id))["end_reason"] == "The child left."
    )


def test_a_second_click_on_the_end_is_one_end(
    client: FlaskClient, interview: Interview, services: Services, anna: User
) -> None:
    begin(services, interview, anna)
    path = f"/interviews/{interview.id}/close"
    token = csrf_token(client, path)
    answers = [
        client.post(path, data={"csrf_token": token, "key": "one", "reason": "The child left."})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    closings = [
        event for event in services.interviews.history(interview.id) if event.payload.get("state") == "closed"
    ]
    assert len(closings) == 1


# --- the summary


def test_the_summary_counts_and_judges_nobody(
    client: FlaskClient, interview: Interview, services: Services, anna: User
) -> None:
    code(services, interview, anna)
    page = html.unescape(client.get(f"/interviews/{interview.id}/summary").text)
    rows = re.findall(r"</span> ([^<]+)</th><td class=\"number\">(\d+)</td>", page)
    assert ("Invitation", "1") in rows
    assert ("Closed question", "1") in rows
    assert "“knife” is not a word of the child" in page
    for word in ("score", "pass ", "fail", "grade", "credib", "no concern", "%d"):
        assert word not in page.lower()


def test_a_person_s_correction_counts_instead_of_the_machine_s_word(
    client: FlaskClient, interview: Interview, services: Services, anna: User
) -> None:
    code(services, interview, anna, corrected="wh")
    page = client.get(f"/interviews/{interview.id}/summary").text
    rows = dict(re.findall(r"</span> ([^<]+)</th><td class=\"number\">(\d+)</td>", page))
    assert (rows["Wh question"], rows["Closed question"]) == ("1", "0")


def test_an_interview_without_questions_has_a_summary_too(client: FlaskClient, interview: Interview) -> None:
    page = client.get(f"/interviews/{interview.id}/summary").text
    assert page.count("No questions in this part.") == 2


def code(services: Services, interview: Interview, user: User, corrected: str | None = None) -> None:
    """Two questions and an answer, coded as the machine and a reviewer would."""
    from sqlalchemy import select

    from web.store import Coding, Turn
    from web.store.base import new_id

    said = [
        ("interviewer", "Tell me.", "invitation"),
        ("child", "We ran away", None),
        ("interviewer", "A knife?", "yes_no"),
    ]
    for number, (speaker, text, _) in enumerate(said):
        services.interviews.add_turn(interview.id, user.id, TurnIn(f"c{number}", speaker, text))
    flags = [{"flag": "new_info", "why": "“knife” is not a word of the child"}]
    sealer = services.vault.sealer(interview.id, interview.wrapped_key)
    with services.database.write() as session:
        turns = session.scalars(
            select(Turn).where(Turn.interview_id == interview.id).order_by(Turn.number)
        ).all()
        for turn, (_, _, kind) in zip(turns, said, strict=True):
            layers = [kind, corrected] if kind == "yes_no" and corrected else [kind]
            for layer, value in enumerate(layers):
                key = new_id()
                detail = {"question": {"type": value, "flags": flags if value == "yes_no" else []}}
                sealed = sealer.seal(detail, f"coding:{key}")
                session.add(
                    Coding(
                        id=key,
                        interview_id=interview.id,
                        turn_id=turn.id,
                        layer=layer,
                        type=value,
                        sealed_detail=sealed,
                    )
                )


@pytest.mark.parametrize(("language", "told"), [("uk", True), ("en", False)])
def test_the_room_says_when_nothing_translates_the_child_and_how_to_get_it(
    client: FlaskClient, anna: User, services: Services, language: str, told: bool
) -> None:
    new = NewInterview("K-99", "minimal_facts", 9, interviewer_language="en", child_language=language)
    made = services.interviews.create(anna, new)
    page = client.get(f"/interviews/{made.id}").text
    assert ("tellmore packages install" in page) is told
    assert ("None is installed for Ukrainian" in page) is told
    assert ("What is said in Ukrainian is saved, and not looked at" in page) is told
    assert ('id="unfold"' in page) is told, "a machine may say the interviewer's words again"


def test_the_summary_says_what_is_known_from_a_translation_only(
    client: FlaskClient, anna: User, services: Services
) -> None:
    from sqlalchemy import update

    from web.store import Coding

    new = NewInterview("K-98", "minimal_facts", 9, interviewer_language="sv", child_language="sv")
    made = services.interviews.create(anna, new)
    code(services, made, anna)
    note = "looked at in a machine translation"
    assert note not in client.get(f"/interviews/{made.id}/summary").text
    with services.database.write() as session:
        session.execute(
            update(Coding)
            .where(Coding.interview_id == made.id, Coding.type == "yes_no")
            .values(translation_id="0" * 24)
        )
    assert f"1 turn was {note}" in client.get(f"/interviews/{made.id}/summary").text
