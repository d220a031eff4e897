"""Facts from the file in the form, the room, the interface, the summary and the review."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import csrf_token, sign_in
from tests.interview.parts import PlainCoder, WalkingDialogue
from tests.interview.reveal_parts import FACTS, FOCUSED, SECRET, WHY
from web.interview.actions import ActionIn
from web.interview.new import NewInterview
from web.interview.reveal_record import RevealIn
from web.interview.schemas import checked
from web.interview.turns import TurnIn
from web.services import Services
from web.store import Interview, Role, User

Users = dict[Role, User]
HOSTILE = '<img src=x onerror="alert(1)">{{7*7}} </template><script>'
FORM = {
    "case_code": "K-2026-17", "protocol": "nichd_revised_2014", "child_age": "9",
    "interviewer_language": "en", "child_language": "en", "assent": "yes",
}  # fmt: skip


@pytest.fixture
def here(app: Flask) -> Services:
    found: Services = app.extensions["tellmore"]
    found.engines.dialogue, found.engines._load_coder = WalkingDialogue(), PlainCoder
    found.engines.load()
    return found


@pytest.fixture
def interview(here: Services, anna: User) -> Interview:
    """Everything is met for the first fact, whose words are hostile."""
    facts = [{"text": HOSTILE, "source": "<b>a report</b>"}, FACTS[1]]
    made = here.interviews.create(anna, NewInterview("K-1", "nichd_revised_2014", 9, facts=facts))

    def act(key: str, action: str, **values: str) -> None:
        here.interviews.act(made.id, anna.id, ActionIn(key, action, values))

    act("a1", "start")
    act("a2", "go_to", step="free_account", reason="began")
    for number in range(3):
        here.interviews.add_turn(made.id, anna.id, TurnIn(f"i{number}", "interviewer", "Tell me more."))
        here.interviews.add_turn(made.id, anna.id, TurnIn(f"c{number}", "child", "He came in."))
    act("a3", "go_to", step=FOCUSED, reason="after the break")
    act("a4", "observe", condition="approved")
    return made


def post(client: FlaskClient, interview: Interview, body: Any) -> Any:
    headers = {"X-CSRFToken": csrf_token(client, "/account/")}
    return client.post(f"/api/interviews/{interview.id}/reveal", json=body, headers=headers)


def test_the_form_keeps_facts_in_order_and_names_what_is_missing(
    client: FlaskClient, anna: User, here: Services
) -> None:
    lines = {"facts-0-text": FACTS[0]["text"], "facts-0-source": "", "facts-2-text": f"a {SECRET}\x07"}
    token = csrf_token(client, "/interviews/new")
    answer = client.post("/interviews/new", data={**FORM, **lines, "csrf_token": token})
    assert answer.status_code == 200
    assert 'id="facts-0-source-error"' in answer.text
    assert 'id="facts-2-text-error"' in answer.text
    assert '<details class="file-facts" open>' in answer.text
    assert FACTS[0]["text"] in answer.text
    lines |= {f"facts-{n}-{part}": "" for n in range(6) for part in ("text", "source")}
    lines |= {
        "facts-0-text": FACTS[0]["text"],
        "facts-0-source": "a report",
        "facts-2-text": HOSTILE,
        "facts-2-source": "a photo",
    }
    answer = client.post("/interviews/new", data={**FORM, **lines, "csrf_token": token})
    made = here.interviews.get(answer.location.rsplit("/", 1)[1])
    assert here.interviews.details(made)["facts"] == [
        {"text": FACTS[0]["text"], "source": "a report"}, {"text": HOSTILE, "source": "a photo"},
    ]  # fmt: skip


def test_before_it_is_shown_no_page_and_no_answer_has_a_word_of_it(
    client: FlaskClient, interview: Interview
) -> None:
    room = client.get(f"/interviews/{interview.id}")
    assert 'data-command="file"' in room.text
    pages = [
        room.text,
        client.get(f"/interviews/{interview.id}/summary").text,
        client.get(f"/api/interviews/{interview.id}").text,
        client.get(f"/api/interviews/{interview.id}/reveal").text,
        client.get(f"/api/interviews/{interview.id}/events?poll=1").text,
        post(client, interview, {"key": "one", "reason": WHY}).text,
    ]
    assert not any(SECRET in page or "a photo" in page for page in pages)
    assert not any("onerror" in html.unescape(page) for page in pages[:-1])


def test_the_room_without_facts_has_no_button_for_them(
    client: FlaskClient, anna: User, here: Services
) -> None:
    made = here.interviews.create(anna, NewInterview("K-2", "nichd_revised_2014", 9))
    assert 'data-command="file"' not in client.get(f"/interviews/{made.id}").text


def test_the_interface_shows_the_next_fact_once(client: FlaskClient, interview: Interview) -> None:
    stand = client.get(f"/api/interviews/{interview.id}/reveal").json
    assert stand == {"listed": 2, "next": 1, "locks": [], "put": [], "not_needed": None}
    first = post(client, interview, {"key": "one", "reason": WHY})
    assert first.json["fact"]["text"] == HOSTILE
    assert "<b>a report</b>" in first.json["fact"]["advice"][0]
    assert post(client, interview, {"key": "one", "reason": WHY}).json == first.json
    locked = post(client, interview, {"key": "two", "reason": WHY})
    assert (locked.status_code, locked.json["locks"]) == (409, ["not_answered"])
    assert "not been put" in locked.json["detail"]
    assert post(client, interview, {"key": "three"}).json["field"] == "reason"
    assert post(client, interview, {"key": "4", "reason": WHY, "number": 2}).json["field"] == "number"


def test_summary_and_review_tell_what_was_put_and_whose_words_they_are(
    app: Flask, client: FlaskClient, interview: Interview, here: Services, anna: User, users: Users
) -> None:
    here.interviews.reveal(interview.id, anna.id, RevealIn("one", WHY))
    for key, speaker, text in (
        ("x1", "interviewer", "I heard of a script. Tell me about that."),
        ("x2", "child", "There was a script."),
    ):
        here.interviews.add_turn(interview.id, anna.id, TurnIn(key, speaker, text))
    raw = client.get(f"/interviews/{interview.id}/summary").text
    assert "<img" not in raw.split("file-log-title")[1].split("</section>")[0]
    page = html.unescape(raw)
    assert (
        f"Fact 1 from the file was shown to the interviewer after turn 6; put in turn 7; reason: {WHY}"
        in page
    )
    assert "1 listed fact was not shown." in page
    assert "not the child's own words" in page
    assert SECRET not in page
    other = app.test_client()
    sign_in(other, users[Role.SUPERVISOR])
    assert "Fact 1 from the file" in other.get(f"/interviews/{interview.id}/summary").text
    assert "from the file: script" in other.get(f"/review/{interview.id}").text


def test_a_fact_that_was_only_shown_leaves_the_childs_words_its_own(
    app: Flask, client: FlaskClient, interview: Interview, here: Services, anna: User, users: Users
) -> None:
    here.interviews.reveal(interview.id, anna.id, RevealIn("one", WHY))
    for key, speaker, text in (("x1", "interviewer", "Okay."), ("x2", "child", "There was a script.")):
        here.interviews.add_turn(interview.id, anna.id, TurnIn(key, speaker, text))
    here.interviews.reveal(interview.id, anna.id, RevealIn("two", "told alone", needed=False))
    page = html.unescape(client.get(f"/interviews/{interview.id}/summary").text)
    assert f"shown to the interviewer after turn 6 and was not put; reason: {WHY}" in page
    assert page.count("told alone") == 1
    assert "not the child's own words" not in page
    other = app.test_client()
    sign_in(other, users[Role.SUPERVISOR])
    review = other.get(f"/review/{interview.id}").text
    assert "There was a script." in review
    assert "from the file: " not in review


@pytest.mark.parametrize(
    ("role", "status"), [(Role.SUPERVISOR, 404), (Role.TRAINEE, 403), (Role.ADMINISTRATOR, 403)]
)
def test_nobody_else_can_look_at_or_show_a_fact(
    app: Flask, interview: Interview, users: Users, role: Role, status: int
) -> None:
    other = app.test_client()
    sign_in(other, users[role])
    assert other.get(f"/api/interviews/{interview.id}/reveal").status_code == status
    assert post(other, interview, {"key": "one", "reason": WHY}).status_code == status


def test_facts_can_be_listed_over_the_interface() -> None:
    body = {"case_code": "K", "protocol": "nichd_revised_2014", "child_age": 9, "facts": FACTS}
    assert checked("NewInterview", body) == body
