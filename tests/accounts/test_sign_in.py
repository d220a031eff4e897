"""Signing in and out, through the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.conftest import PASSWORD, csrf_token, sign_in
from web.security import passwords
from web.store import AuditEntry, Database, LoginAttempt, Role, User, UserSession
from web.store.base import now


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["tellmore"].database
    return found


def attempt(
    client: FlaskClient, name: str, password: str = PASSWORD, query: str = "", **more: str
) -> TestResponse:
    data = {"csrf_token": csrf_token(client), "name": name, "password": password, **more}
    return client.post("/sign-in" + query, data=data)


def actions(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_name_and_password_open_the_start_page(client: FlaskClient, users: dict[Role, User]) -> None:
    answer = attempt(client, "  Trainee ")  # as people type names
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Trainee" in client.get("/").text
    assert client.get("/sign-in").location == "/"


@pytest.mark.parametrize(
    ("name", "password"),
    [("trainee", "not the password"), ("nobody-here", PASSWORD), ("disabled", PASSWORD), ("late", PASSWORD)],
)
def test_every_refusal_looks_the_same(
    client: FlaskClient, users: dict[Role, User], database: Database, name: str, password: str
) -> None:
    hashed = passwords.make_hash(PASSWORD)
    with database.write() as session:
        session.add(User(name="disabled", role=Role.TRAINEE, password_hash=hashed, active=False))
        past = now() - timedelta(hours=1)
        session.add(User(name="late", role=Role.TRAINEE, password_hash=hashed, one_time_until=past))
    answer = attempt(client, name, password)
    assert answer.status_code == 403
    assert "Name and password do not fit together." in answer.text
    assert password not in answer.text
    assert actions(database) == ["session:refuse"]
    with database.read() as session:
        assert session.scalars(select(LoginAttempt.succeeded)).all() == [False]


def test_after_five_failures_even_the_right_password_waits(
    client: FlaskClient, users: dict[Role, User], database: Database
) -> None:
    for _ in range(5):
        assert attempt(client, "trainee", "wrong").status_code == 403
    answer = attempt(client, "trainee")
    assert answer.status_code == 429
    assert "Wait a minute" in answer.text
    assert attempt(client, "supervisor").status_code == 302
    with database.write() as session:
        session.execute(update(LoginAttempt).values(at=now() - timedelta(seconds=61)))
    assert attempt(client.application.test_client(), "trainee").status_code == 302


def test_one_address_may_not_try_for_ever(client: FlaskClient, users: dict[Role, User]) -> None:
    token = csrf_token(client)
    data = {"csrf_token": token, "password": "wrong"}
    found = [client.post("/sign-in", data=data | {"name": f"n{i}"}).status_code for i in range(31)]
    assert found[:30] == [403] * 30
    assert found[30] == 429


@pytest.mark.parametrize("missing", ["name", "password"])
def test_an_empty_field_is_named_beside_it(client: FlaskClient, missing: str) -> None:
    answer = attempt(client, **{"name": "trainee", "password": PASSWORD, missing: ""})
    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert f'aria-describedby="{missing}-error"' in answer.text


def test_a_new_session_has_a_new_token_and_ends_the_one_before(
    client: FlaskClient, users: dict[Role, User], database: Database
) -> None:
    first_csrf = sign_in(client, users[Role.TRAINEE])
    first = client.get_cookie("tellmore")
    data = {"csrf_token": first_csrf, "name": "supervisor", "password": PASSWORD}
    client.post("/sign-in", data=data)
    assert first is not None
    assert client.post("/sign-out", headers={"X-CSRFToken": first_csrf}).status_code == 400
    assert "Supervisor" in client.get("/account").text
    stolen = client.application.test_client()
    stolen.set_cookie("tellmore", first.value)
    assert stolen.get("/").status_code == 302


def test_signing_out_ends_the_row_and_clears_the_browser(
    client: FlaskClient, users: dict[Role, User], database: Database
) -> None:
    token = sign_in(client, users[Role.TRAINEE])
    cookie = client.get_cookie("tellmore")
    answer = client.post("/sign-out", headers={"X-CSRFToken": token})
    assert answer.location == "/sign-in"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    with database.read() as session:
        assert session.scalars(select(UserSession.ended_why)).all() == ["signed out"]
    assert cookie is not None
    client.set_cookie("tellmore", cookie.value)  # kept by somebody
    assert client.get("/account").status_code == 302
    assert actions(database) == ["session:start", "session:end"]


def test_signing_out_is_never_a_link(client: FlaskClient, users: dict[Role, User]) -> None:
    sign_in(client, users[Role.TRAINEE])
    assert client.get("/sign-out").status_code == 405
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/account", "/account"),
        ("/account?x=1", "/account"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("///elsewhere.example", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_where_one_wanted_but_never_elsewhere(
    client: FlaskClient, users: dict[Role, User], wanted: str, reached: str
) -> None:
    from urllib.parse import quote

    assert attempt(client, "trainee", query=f"?next={quote(wanted)}").location == reached


def test_the_way_to_sign_in_remembers_the_page_without_its_query(client: FlaskClient) -> None:
    assert client.get("/users/?q=words").location == "/sign-in?next=/users/"
    assert client.get("/").location == "/sign-in"


def test_an_old_hash_is_renewed_at_sign_in(
    client: FlaskClient, users: dict[Role, User], database: Database
) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    with database.write() as session:
        session.get_one(User, users[Role.TRAINEE].id).password_hash = old
    sign_in(client, users[Role.TRAINEE])
    with database.read() as session:
        renewed = session.get_one(User, users[Role.TRAINEE].id).password_hash
    assert "t=1" in renewed
    assert passwords.verify(renewed, PASSWORD)


def test_someone_disabled_while_the_password_is_compared_does_not_get_in(
    client: FlaskClient, users: dict[Role, User], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = passwords.verify

    def slow(*arguments: str) -> bool:
        with database.write() as session:
            session.get_one(User, users[Role.TRAINEE].id).active = False
        return verify(*arguments)

    monkeypatch.setattr(passwords, "verify", slow)
    assert attempt(client, "trainee").status_code == 403
    with database.read() as session:
        assert session.scalars(select(UserSession)).all() == []
