"""The room over HTTP: who gets in, what is refused and how, what a newcomer's script would rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from tests.conftest import make_users, sign_in
from tests.interview.parts import PlainCoder, WalkingDialogue
from web.app import create_app
from web.config import Config
from web.interview.schemas import openapi
from web.services import Services, build_services
from web.store import AuditEntry, Interview, Role, User, UserSession
from web.store.base import now

NEW = {"case_code": "K-17", "protocol": "nichd_revised_2014", "child_age": 8}


@pytest.fixture
def here(config: Config) -> Iterator[Services]:
    made = build_services(config)
    made.engines.dialogue, made.engines._load_coder = WalkingDialogue(), PlainCoder
    made.engines.load()
    yield made
    made.database.close()


@pytest.fixture
def app(config: Config, here: Services) -> Flask:
    app = create_app(config, here)
    app.testing = True
    return app


@pytest.fixture
def people(here: Services) -> dict[Role, User]:
    return make_users(here.database)


class Api:
    """A signed-in browser that speaks JSON."""

    def __init__(self, app: Flask, user: User) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = sign_in(self.client, user)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        headers = {"X-CSRFToken": self.token, "Content-Type": "application/json", **headers}
        return self.client.post(f"/api{path}", data=raw, headers=headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api{path}", headers=headers)

    def interview(self, **changes: Any) -> str:
        answer = self.post("/interviews", NEW | changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])


@pytest.fixture
def api(app: Flask, people: dict[Role, User]) -> Api:
    return Api(app, people[Role.INTERVIEWER])


def turn(key: str = "k1", **changes: Any) -> dict[str, Any]:
    return {"key": key, "speaker": "interviewer", "text": "Did you go there?"} | changes


def test_a_whole_interview(api: Api) -> None:
    made = api.post("/interviews", NEW)
    assert made.json["url"] == f"/api/interviews/{made.json['id']}"
    path = f"/interviews/{made.json['id']}"
    started = api.post(f"{path}/actions", {"key": "a1", "action": "start"})
    assert started.json["guidance"]["cards"]
    first = api.post(f"{path}/turns", turn())
    assert (first.status_code, first.json["number"]) == (201, 1)
    assert first.json["coding"]["type"] == "yes_no"
    assert "record;dur=" in first.headers["Server-Timing"]
    again = api.post(f"{path}/turns", turn())
    assert (again.status_code, again.json["seq"]) == (200, first.json["seq"])
    owed = api.post(f"{path}/close", {"key": "c1"})
    assert (owed.status_code, [m["id"] for m in owed.json["missing"]]) == (409, ["closing", "neutral"])
    done = api.post(f"{path}/close", {"key": "c1", "reason": "The child was tired"})
    assert done.json == {"state": "closed"}
    shown = api.get(path).json
    assert (shown["state"], shown["turns"], shown["child_age"]) == ("closed", 1, 8)
    events = api.get(f"{path}/events?poll=1&after=0").json
    assert [event["seq"] for event in events["events"]] == list(range(1, shown["last_seq"] + 1))
    assert events["last_seq"] == shown["last_seq"]


def test_a_case_code_that_tells_too_much_is_pointed_out(api: Api) -> None:
    answer = api.post("/interviews", NEW | {"case_code": "Amina Berg"})
    assert answer.status_code == 201
    assert "name" in answer.json["warnings"][0]


BAD_INTERVIEWS: list[tuple[dict[str, Any], str]] = [
    ({"protocol": "freestyle"}, "protocol"),
    ({"child_age": 2}, "child_age"),
    ({"child_age": 18}, "child_age"),
    ({"child_age": "8"}, "child_age"),
    ({"child_age": 8.5}, "child_age"),
    ({"child_age": True}, "child_age"),
    ({"interviewer_language": "xx-nowhere"}, "interviewer_language"),
    ({"child_language": ""}, "child_language"),
    ({"case_code": "  "}, "case_code"),
    ({"case_code": "two\nlines"}, "case_code"),
    ({"case_code": "K" * 41}, "case_code"),
    ({"assent": {"given": "perhaps"}}, "assent.given"),
    ({"information_given": {"recording": "yes"}}, "information_given.recording"),
    ({"preparation": "half \ud800"}, "preparation"),
    ({"preparation": "x" * 4001}, "preparation"),
    ({"colour": "red"}, "colour"),
]


def test_a_bad_interview_names_its_field(api: Api, here: Services) -> None:
    for change, field in BAD_INTERVIEWS:
        answer = api.post("/interviews", NEW | change)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), change
        assert answer.json["field"] == field
        assert answer.json["detail"]
    with here.database.read() as session:
        assert session.scalars(select(Interview)).all() == []


def test_what_is_missing_is_named(api: Api) -> None:
    for missing in NEW:
        answer = api.post("/interviews", {name: value for name, value in NEW.items() if name != missing})
        assert (answer.status_code, answer.json["field"]) == (422, missing)


def test_a_body_that_is_no_object_is_refused(api: Api) -> None:
    path = f"/interviews/{api.interview()}"
    for body in (b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 20000):
        for where in ("/interviews", f"{path}/turns", f"{path}/actions", f"{path}/close"):
            answer = api.post(where, body)
            assert (answer.status_code, answer.json["field"]) == (422, "body"), (where, body[:9])


BAD_TURNS: list[tuple[dict[str, Any], int, str]] = [
    ({"text": ""}, 422, "text"),
    ({"text": None}, 422, "text"),
    ({"text": "a" * 70_000}, 413, "text"),
    ({"speaker": "judge"}, 422, "speaker"),
    ({"started_ms": "soon"}, 422, "started_ms"),
    ({"key": ""}, 422, "key"),
    ({"source": "import"}, 422, "source"),
]


def test_a_bad_turn_is_answered_precisely(api: Api) -> None:
    path = f"/interviews/{api.interview()}"
    for change, status, field in BAD_TURNS:
        answer = api.post(f"{path}/turns", turn(**change))
        assert (answer.status_code, answer.json["field"]) == (status, field), change.keys()
    assert api.get(path).json["turns"] == 0


def test_a_turn_of_a_megabyte_is_refused_whole(api: Api) -> None:
    path = f"/interviews/{api.interview()}"
    answer = api.post(f"{path}/turns", turn(text="a" * 1024 * 1024))
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert api.get(path).json["turns"] == 0


def test_the_same_key_with_other_words_is_a_conflict(api: Api) -> None:
    path = f"/interviews/{api.interview()}/turns"
    api.post(path, turn())
    answer = api.post(path, turn(text="Did you stay there?"))
    assert (answer.status_code, answer.json["field"]) == (409, "key")


def every_route(interview: str) -> list[tuple[str, str, Any]]:
    path = f"/interviews/{interview}"
    return [
        ("GET", path, None),
        ("GET", f"{path}/events?poll=1", None),
        ("GET", f"{path}/events", None),
        ("POST", f"{path}/turns", turn("x1")),
        ("POST", f"{path}/actions", {"key": "x2", "action": "break"}),
        ("POST", f"{path}/close", {"key": "x3", "reason": "none"}),
    ]


def statuses(api: Api, interview: str) -> list[int]:
    return [
        (api.get(path) if method == "GET" else api.post(path, body)).status_code
        for method, path, body in every_route(interview)
    ]


def test_somebody_elses_interview_does_not_exist(app: Flask, api: Api, here: Services) -> None:
    interview = api.interview()
    with here.database.write() as session:
        other = User(name="other", role=Role.INTERVIEWER, password_hash="-")
        session.add(other)
        session.flush()
        session.execute(update(User).where(User.name == "other").values(
            password_hash=select(User.password_hash).where(User.name == "interviewer").scalar_subquery()
        ))  # fmt: skip
    stranger = Api(app, other)
    assert statuses(stranger, interview) == [404] * 6
    assert stranger.get(f"/interviews/{interview}").data == stranger.get("/interviews/none").data


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.TRAINEE])
def test_other_roles_see_no_testimony(app: Flask, api: Api, people: dict[Role, User], role: Role) -> None:
    interview = api.interview()
    other = Api(app, people[role])
    assert statuses(other, interview) == [403] * 6
    assert other.post("/interviews", NEW).status_code == 403


def test_a_supervisor_reads_but_does_not_speak(app: Flask, api: Api, people: dict[Role, User]) -> None:
    interview = api.interview()
    reader = Api(app, people[Role.SUPERVISOR])
    assert reader.get(f"/interviews/{interview}").status_code == 200
    assert reader.get(f"/interviews/{interview}/events?poll=1").status_code == 200
    assert reader.post(f"/interviews/{interview}/turns", turn()).status_code == 404


def test_nobody_signed_in_gets_nothing(app: Flask, api: Api) -> None:
    interview = api.interview()
    answer = app.test_client().get(f"/api/interviews/{interview}")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_a_request_without_its_token_is_refused(api: Api) -> None:
    api.token = "forged"
    assert api.post("/interviews", NEW).status_code == 400


def test_opening_a_record_is_written_down(api: Api, here: Services, people: dict[Role, User]) -> None:
    interview = api.interview()
    api.get(f"/interviews/{interview}")
    with here.database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == interview)).all()
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("interview:create", people[Role.INTERVIEWER].id),
        ("interview:open", people[Role.INTERVIEWER].id),
    ]


def test_reading_by_events_is_written_down_too(
    app: Flask, api: Api, here: Services, people: dict[Role, User]
) -> None:
    interview = api.interview()
    path = f"/interviews/{interview}/events?poll=1&after="
    reader = Api(app, people[Role.SUPERVISOR])
    api.post(f"/interviews/{interview}/turns", turn())
    for client, after in ((api, 0), (api, 1), (reader, 1)):
        assert client.get(f"{path}{after}").status_code == 200
    assert looks(here) == [people[Role.INTERVIEWER].id, people[Role.SUPERVISOR].id]


@pytest.mark.parametrize("feed", ["events", "observe/events"])
def test_a_poll_that_finds_nothing_new_is_not_written_down(
    app: Flask, api: Api, here: Services, people: dict[Role, User], feed: str
) -> None:
    interview = api.interview()
    reader = Api(app, people[Role.SUPERVISOR])
    path = f"/interviews/{interview}/{feed}?poll=1&after="
    last = reader.get(f"{path}0").json["last_seq"]
    for _ in range(3):
        assert reader.get(f"{path}{last}").json["events"] == []
    assert looks(here) == [people[Role.SUPERVISOR].id]
    api.post(f"/interviews/{interview}/turns", turn())
    assert reader.get(f"{path}{last}").json["events"]
    assert looks(here) == [people[Role.SUPERVISOR].id] * 2


def looks(here: Services) -> list[str | None]:
    with here.database.read() as session:
        query = select(AuditEntry.actor_id).where(AuditEntry.action == "interview:open")
        return list(session.scalars(query))


def test_the_stream_over_http(api: Api) -> None:
    interview = api.interview()
    api.post(f"/interviews/{interview}/turns", turn())
    answer = api.get(f"/interviews/{interview}/events", **{"Last-Event-ID": "1"})
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Cache-Control"] == "no-store"
    pieces = answer.iter_encoded()
    assert next(pieces) == b"retry: 2000\n\n"
    assert next(pieces).startswith(b"id: 2\nevent: state\n")
    answer.close()


def test_streams_give_their_place_back(api: Api, here: Services) -> None:
    interview = api.interview()
    for _ in range(here.config.max_streams + 3):
        answer = api.get(f"/interviews/{interview}/events")
        assert answer.status_code == 200
        answer.close()


def test_a_stream_ends_with_the_session(api: Api, here: Services) -> None:
    interview = api.interview()
    pieces = api.get(f"/interviews/{interview}/events").iter_encoded()
    assert b"retry" in next(pieces)
    assert b"planned" in next(pieces)
    with here.database.write() as session:
        session.execute(update(UserSession).values(ended_at=now()))
    here.interviews.feed.announce(interview, 99)
    assert list(pieces) == []


def test_a_position_is_a_number(api: Api) -> None:
    path = f"/interviews/{api.interview()}/events?poll=1"
    for after in ("abc", "-1", "1.5", "٣", "9" * 13):
        answer = api.get(f"{path}&after={after}")
        assert (answer.status_code, answer.json["field"]) == (422, "after"), after


def test_every_route_of_the_interface_is_described(app: Flask) -> None:
    """And nothing is described that is not there."""
    described = {(method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods}
    real = {
        (method, rule.rule.replace("<int:", "<").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == real


def test_the_description_is_public_and_whole(app: Flask) -> None:
    body = app.test_client().get("/api/openapi.json").json
    assert body["openapi"].startswith("3.1")
    text = json.dumps(body)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in body["components"]["schemas"]
