"""What a hostile or broken client sends, on both databases: a clear refusal, and nothing written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.conftest import csrf_token, make_users, sign_in
from web.app import create_app
from web.config import Config
from web.services import Services, build_services
from web.store import AuditEntry, Chunk, Event, Role, SpeakerMark, User

NEW = {"case_code": "K-17", "protocol": "nichd_revised_2014", "child_age": 8}
SOUND = b"\0\0" * 160


@pytest.fixture
def here(any_config: Config) -> Iterator[Services]:
    made = build_services(any_config)
    yield made
    made.database.close()


@pytest.fixture
def app(any_config: Config, here: Services) -> Flask:
    return create_app(any_config, here)


@pytest.fixture
def people(here: Services) -> dict[Role, User]:
    return make_users(here.database)


class Client:
    def __init__(self, app: Flask, user: User) -> None:
        self.client: FlaskClient = app.test_client()
        self.token = sign_in(self.client, user)
        self.id = self.send("POST", "/api/interviews", NEW).json["id"]

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body)
        headers = {"X-CSRFToken": self.token, "Content-Type": "application/json", **headers}
        return self.client.open(path, method=method, data=raw, headers=headers)

    def on(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.send(method, f"/api/interviews/{self.id}{path}", body, **headers)

    def chunk(self, track: str, number: object, body: bytes = SOUND) -> Any:
        digest = hashlib.sha256(body).hexdigest()
        return self.on("PUT", f"/audio/{track}/{number}", body, **{"X-Chunk-SHA256": digest})


@pytest.fixture
def api(app: Flask, people: dict[Role, User]) -> Client:
    return Client(app, people[Role.INTERVIEWER])


def count(here: Services, model: Any) -> int:
    with here.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_field_named_in_half_characters_is_refused(api: Client) -> None:
    answer = api.send("POST", "/api/interviews", NEW | {"\ud800": 1})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("number", [2**31, 99_999_999_999, 10**29, 1_000_000])
def test_a_chunk_number_out_of_reach_is_refused(api: Client, here: Services, number: int) -> None:
    api.on("POST", "/audio/mic", {"speaker": None})
    answer = api.chunk("mic", number)
    assert (answer.status_code, answer.json["field"]) == (422, "number")
    assert count(here, Chunk) == 0


@pytest.mark.parametrize("key", ["a\0b", "\ud800", "é", ""])
def test_a_speaker_mark_with_a_broken_key_is_refused(api: Client, here: Services, key: str) -> None:
    answer = api.on("POST", "/speaker", {"key": key, "at_ms": 1, "speaker": "child"})
    assert (answer.status_code, answer.json["field"]) == (422, "key")
    assert count(here, SpeakerMark) == 0


def test_a_key_means_one_thing_only(api: Client, here: Services) -> None:
    turn = {"key": "k1", "speaker": "interviewer", "text": "Tell me more."}
    mark = {"key": "k2", "at_ms": 1, "speaker": "child"}
    assert api.on("POST", "/turns", turn).status_code == 201
    assert api.on("POST", "/speaker", mark).status_code == 200
    rows = count(here, Event)
    others = [
        ("/speaker", mark | {"key": "k1"}),
        ("/speaker", mark | {"at_ms": 2}),
        ("/turns", turn | {"key": "k2"}),
        ("/turns", turn | {"language": "ar"}),
        ("/actions", {"key": "k1", "action": "break"}),
        ("/close", {"key": "k2", "reason": "tired"}),
    ]
    answers = [api.on("POST", path, body) for path, body in others]
    assert [answer.status_code for answer in answers] == [409] * len(others)
    assert api.on("POST", "/speaker", mark).status_code == 200
    assert api.on("POST", "/turns", turn | {"language": "en"}).status_code == 200
    assert count(here, Event) == rows


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/interviews/%00"),
        ("PUT", "/api/interviews/{id}/audio/a%00b/0"),
        ("GET", "/api/interviews/{id}/audio/a%00b"),
        ("GET", "/api/interviews/{id}/audio/a%00b.wav"),
        ("GET", "/interviews/%00/summary"),
        ("POST", "/account/sessions/%00/end"),
    ],
)
def test_nothing_is_called_by_a_name_with_a_null_in_it(api: Client, method: str, path: str) -> None:
    assert api.send(method, path.format(id=api.id), SOUND).status_code == 404


def test_a_name_with_a_null_in_it_signs_nobody_in(app: Flask, people: dict[Role, User]) -> None:
    client = app.test_client()
    name = f"{people[Role.INTERVIEWER].name}\0"
    answer = client.post(
        "/sign-in", data={"csrf_token": csrf_token(client), "name": name, "password": "x" * 20}
    )
    assert answer.status_code == 422


def test_listening_is_written_down(api: Client, here: Services) -> None:
    api.on("POST", "/audio/mic", {"speaker": None})
    assert api.chunk("mic", 0).status_code == 201
    assert api.on("GET", "/audio/mic.wav").status_code == 200
    with here.database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject_id) == ("interview:listen", api.id)


@pytest.mark.parametrize("after", ["9" * 12, "-1", "٣", "1e3", ""])
def test_a_position_beyond_all_events_is_no_fault_of_the_console(api: Client, after: str) -> None:
    answer = api.on("GET", f"/events?poll=1&after={after}")
    assert answer.status_code == (422 if after else 200)


@pytest.mark.parametrize("path", ["turns/99999999999999", "turns/99999999999999/marks", "tags/x?urgency=1"])
def test_a_review_of_what_is_not_there_is_not_found(
    app: Flask, api: Client, people: dict[Role, User], path: str
) -> None:
    reviewer = Client(app, people[Role.SUPERVISOR])
    data = {"reason": "r", "decision": "edit", "urgency": "²", "role": "unknown", "tag": "fear", "quote": "q"}
    answer = reviewer.client.post(
        f"/review/{api.id}/{path}", data=data, headers={"X-CSRFToken": reviewer.token}
    )
    assert answer.status_code in (404, 422)
