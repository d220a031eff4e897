"""The monitor room's page, feed and routes: who gets in, what they see, what the room never gets."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import csrf_token, sign_in
from tests.interview.parts import Room, make_room
from tests.review.conftest import CHILD, add_marks
from web.interview.turns import TurnIn
from web.services import Services
from web.store import AuditEntry, Interview, Role, User

OPEN = "Tell me more about the door."
Users = dict[Role, User]


@pytest.fixture
def room(app: Flask, users: Users) -> Room:
    """The app's own record, with the plain coder in the app as well."""
    here: Services = app.extensions["tellmore"]
    made = make_room(here.config, here.database, users[Role.INTERVIEWER])
    add_marks(made)
    here.engines.coder = made.coder
    return made


@pytest.fixture
def interview(room: Room) -> Interview:
    made = room.new()
    room.press(made, "start")
    room.say(made, "interviewer", "Tell me what happened.")
    room.say(made, "child", CHILD)
    return made


class Browser:
    def __init__(self, app: Flask, user: User) -> None:
        self.client: FlaskClient = app.test_client()
        sign_in(self.client, user)
        self.token = csrf_token(self.client, "/account")

    def send(self, method: str, path: str, body: Any) -> Any:
        headers = {"X-CSRFToken": self.token}
        return self.client.open(path, method=method, json=body, headers=headers)

    def events(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(f"{path}?poll=1&after=0").json["events"]
        return found


@pytest.fixture
def sam(app: Flask, users: Users) -> Browser:
    return Browser(app, users[Role.SUPERVISOR])


@pytest.fixture
def anna(app: Flask, users: Users) -> Browser:
    return Browser(app, users[Role.INTERVIEWER])


def test_a_whole_round(sam: Browser, anna: Browser, interview: Interview, room: Room) -> None:
    path = f"/api/interviews/{interview.id}"
    made = sam.send("POST", f"{path}/suggestion", {"key": "s1", "text": OPEN})
    assert made.status_code == 200, made.text
    number = made.json["seq"]
    again = sam.send("POST", f"{path}/suggestion", {"key": "s1", "text": OPEN})
    assert (again.status_code, again.json["seq"]) == (200, number)
    assert OPEN not in json.dumps(anna.events(f"{path}/events"))
    room.press(interview, "break")
    shown = [event for event in anna.events(f"{path}/events") if event.get("action") == "suggestion_shown"]
    assert [(event["of"], event["text"]) for event in shown] == [(number, OPEN)]
    room.press(interview, "resume")
    taken = anna.send("POST", f"{path}/suggestion/taken", {"key": "t1", "of": number})
    assert taken.status_code == 200
    page = html.unescape(sam.client.get(f"/review/{interview.id}").text)
    assert OPEN in page
    assert "Supervisor ·" in page
    assert "taken up by the interviewer" in page


def test_taking_back(sam: Browser, interview: Interview) -> None:
    path = f"/api/interviews/{interview.id}/suggestion"
    number = sam.send("POST", path, {"key": "s1", "text": OPEN}).json["seq"]
    assert sam.send("DELETE", path, {"key": "s2", "of": number}).status_code == 200
    answer = sam.send("DELETE", path, {"key": "s3", "of": number})
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert "taken back" in sam.client.get(f"/review/{interview.id}").text


def test_a_refusal_says_why(sam: Browser, interview: Interview) -> None:
    path = f"/api/interviews/{interview.id}/suggestion"
    answer = sam.send("POST", path, {"key": "s1", "text": "Did he lock the door?"})
    assert (answer.status_code, answer.json["field"]) == (422, "text")
    assert "Closed question" in answer.json["detail"]
    for body in (
        {},
        {"key": "s1"},
        {"key": "s1", "text": 4},
        {"key": "s1", "text": "x", "replaces": "one"},
        [],
    ):
        assert sam.send("POST", path, body).status_code == 422
    for body in ({}, {"key": "s1"}, {"key": "s1", "of": "one"}, {"key": "s1", "of": 1, "more": 1}):
        assert sam.send("DELETE", path, body).status_code == 422


def test_the_observer_sees_what_the_room_does_not(sam: Browser, anna: Browser, interview: Interview) -> None:
    path = f"/api/interviews/{interview.id}"
    marked = [event for event in sam.events(f"{path}/observe/events") if event["kind"] == "tags"]
    assert [(tag["tag"], tag["urgency"]) for event in marked for tag in event["tags"]] == [("ABU-PHY", 2)]
    assert "tags" not in {event["kind"] for event in anna.events(f"{path}/events")}


def test_the_observer_learns_which_questions_lead(sam: Browser, interview: Interview, room: Room) -> None:
    room.say(interview, "interviewer", "Tell me how he locked it, didn't he?")
    room.say(interview, "interviewer", "Did he lock it?")
    coded = [
        event
        for event in sam.events(f"/api/interviews/{interview.id}/observe/events")
        if event["kind"] == "coding"
    ]
    assert [event["suggestive"] for event in coded] == [False, False, True, False]


def test_who_holds_the_interview_gets_no_observer_s_view(anna: Browser, interview: Interview) -> None:
    path = f"/api/interviews/{interview.id}"
    assert anna.client.get(f"/interviews/{interview.id}/observe").status_code == 403
    assert anna.client.get(f"{path}/observe/events?poll=1").status_code == 403
    assert anna.send("POST", f"{path}/suggestion", {"key": "s1", "text": OPEN}).status_code == 403
    assert anna.send("DELETE", f"{path}/suggestion", {"key": "s1", "of": 1}).status_code == 403


def test_nobody_else_gets_in(app: Flask, users: Users, interview: Interview) -> None:
    other = User(
        name="ida", full_name="Ida", role=Role.INTERVIEWER, password_hash=users[Role.TRAINEE].password_hash
    )
    with app.extensions["tellmore"].database.write() as session:
        session.add(other)
    for user, status in ((other, 404), (users[Role.TRAINEE], 403), (users[Role.ADMINISTRATOR], 403)):
        browser = Browser(app, user)
        assert browser.client.get(f"/interviews/{interview.id}/observe").status_code == status
        path = f"/api/interviews/{interview.id}"
        assert browser.client.get(f"{path}/observe/events?poll=1").status_code == status
        assert browser.send("POST", f"{path}/suggestion", {"key": "s1", "text": OPEN}).status_code == status


def test_only_the_interviewer_takes_it_up(sam: Browser, interview: Interview) -> None:
    path = f"/api/interviews/{interview.id}/suggestion/taken"
    assert sam.send("POST", path, {"key": "t1", "of": 1}).status_code == 404


def test_the_look_is_in_the_audit_log(app: Flask, sam: Browser, interview: Interview) -> None:
    assert sam.client.get(f"/interviews/{interview.id}/observe").status_code == 200
    sam.events(f"/api/interviews/{interview.id}/observe/events")
    with app.extensions["tellmore"].database.read() as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == interview.id)
        ).all()
    assert {"interview:observe", "interview:open"} <= set(actions)


def test_the_page_brings_what_it_needs_and_no_testimony(sam: Browser, interview: Interview) -> None:
    page = sam.client.get(f"/interviews/{interview.id}/observe").text
    found = re.search(r'<template id="watch-data">(.*?)</template>', page, re.DOTALL)
    assert found
    data = json.loads(html.unescape(found[1]))
    assert data["base"] == f"/api/interviews/{interview.id}"
    assert any(phase["probing"] for phase in data["phases"])
    assert data["tags"]["ABU-PHY"]
    assert "This is not a finding." in page
    assert "no concern" not in page.lower()
    assert "belt" not in page
    assert "Interviewer" in page  # who holds it


def test_a_closed_interview_leads_to_its_summary(sam: Browser, interview: Interview, room: Room) -> None:
    room.service.close(interview.id, room.user.id, "end", "over")
    answer = sam.client.get(f"/interviews/{interview.id}/observe")
    assert answer.location == f"/interviews/{interview.id}/summary"


def test_the_queue_leads_into_the_monitor_room_while_it_is_live(
    sam: Browser, interview: Interview, room: Room
) -> None:
    link = f"/interviews/{interview.id}/observe"
    assert link in sam.client.get("/review/").text
    room.service.close(interview.id, room.user.id, "end", "over")
    assert link not in sam.client.get("/review/").text


def test_hostile_text_stays_text(
    app: Flask, sam: Browser, anna: Browser, interview: Interview, room: Room
) -> None:
    hostile = "Tell me about <script>alert(1)</script> \u202egnol"
    path = f"/api/interviews/{interview.id}/suggestion"
    made = sam.send("POST", path, {"key": "s1", "text": hostile})
    assert made.status_code == 200, made.text
    room.press(interview, "break")
    app.extensions["tellmore"].interviews.add_turn(interview.id, None, TurnIn("h", "child", hostile))
    for browser, where in (
        (sam, f"/review/{interview.id}"),
        (sam, f"/interviews/{interview.id}/observe"),
        (anna, f"/interviews/{interview.id}"),
    ):
        answer = browser.client.get(where)
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.text


def test_the_live_room_has_a_place_for_it(anna: Browser, interview: Interview) -> None:
    page = anna.client.get(f"/interviews/{interview.id}").text
    assert (
        page.index('id="break-time"') < page.index('id="break-suggestion"') < page.index('id="break-resume"')
    )
    assert 'data-command="suggestion"' in page
