"""One's own account: password, sessions, and the first sign-in with a one-time password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.conftest import PASSWORD, SECOND_PASSWORD, csrf_token, sign_in
from web.security import passwords, sessions
from web.store import AuditEntry, Database, Role, User, UserSession
from web.store.base import now


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["tellmore"].database
    return found


def change(client: FlaskClient, current: str, new: str, again: str | None = None) -> TestResponse:
    data = {"current": current, "new": new, "again": again or new}
    return client.post(
        "/account/password", data=data | {"csrf_token": csrf_token(client, "/account/password")}
    )


def test_a_new_password_ends_all_other_sessions(
    app: Flask, users: dict[Role, User], database: Database
) -> None:
    user = users[Role.TRAINEE]
    here, there, foreign = app.test_client(), app.test_client(), app.test_client()
    sign_in(there, user)
    sign_in(here, user)
    sign_in(foreign, users[Role.SUPERVISOR])
    with database.write() as session:
        token, _ = sessions.open_session(session, user, 3600, sessions.TOKEN)
    assert change(here, PASSWORD, SECOND_PASSWORD).location == "/account"
    assert "Your password is changed" in here.get("/account").text
    assert there.get("/account").status_code == 302
    assert foreign.get("/account").status_code == 200
    bearer = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/status", headers=bearer).status_code == 401
    sign_in(app.test_client(), user, SECOND_PASSWORD)
    with database.read() as session:
        assert "password:change" in session.scalars(select(AuditEntry.action)).all()


@pytest.mark.parametrize(
    ("current", "new", "again", "field", "reason"),
    [
        ("wrong", SECOND_PASSWORD, None, "current", "This is not your password."),
        (PASSWORD, "too short", None, "new", "at least 15"),
        (PASSWORD, "passwordpassword", None, "new", "well known"),
        (PASSWORD, SECOND_PASSWORD, "something else", "again", "not the same"),
        (PASSWORD, "x1" * 70, None, "new", "at most 128"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_changes(
    client: FlaskClient,
    users: dict[Role, User],
    current: str,
    new: str,
    again: str | None,
    field: str,
    reason: str,
) -> None:
    sign_in(client, users[Role.TRAINEE])
    answer = change(client, current, new, again)
    assert answer.status_code == 422
    assert reason in answer.text.split(f'id="{field}-error">')[1].split("</p>")[0]
    assert new not in answer.text
    sign_in(client.application.test_client(), users[Role.TRAINEE])  # the old password still works


def test_a_stolen_session_cannot_guess_the_password(client: FlaskClient, users: dict[Role, User]) -> None:
    sign_in(client, users[Role.TRAINEE])
    for _ in range(5):
        change(client, "a wrong guess", SECOND_PASSWORD)
    answer = change(client, PASSWORD, SECOND_PASSWORD)
    assert answer.status_code == 422
    assert "Too many attempts" in answer.text


def test_a_one_time_password_opens_only_the_way_to_an_own_one(
    client: FlaskClient, users: dict[Role, User], database: Database
) -> None:
    user = users[Role.INTERVIEWER]
    with database.write() as session:
        session.get_one(User, user.id).one_time_until = now() + timedelta(hours=1)
    user.one_time_until = now()
    token = sign_in(client, user)
    for path in ("/", "/account", "/status", "/interviews/new"):
        assert client.get(path).location == "/account/password"
    answer = client.post("/api/interviews", headers={"X-CSRFToken": token}, json={})
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "Choose your own" in client.get("/account/password").text
    assert change(client, PASSWORD, SECOND_PASSWORD).status_code == 302
    assert client.get("/").status_code == 200


def test_a_one_time_token_opens_nothing(app: Flask, users: dict[Role, User], database: Database) -> None:
    with database.write() as session:
        user = session.get_one(User, users[Role.TRAINEE].id)
        user.one_time_until = now() + timedelta(hours=1)
        token, _ = sessions.open_session(session, user, 3600, sessions.TOKEN)
    answer = app.test_client().get("/api/status", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_the_page_lists_my_sessions_and_ends_one(
    app: Flask, users: dict[Role, User], database: Database
) -> None:
    user = users[Role.TRAINEE]
    here, there, foreign = app.test_client(), app.test_client(), app.test_client()
    sign_in(there, user)
    sign_in(foreign, users[Role.SUPERVISOR])
    token = sign_in(here, user)
    text = here.get("/account").text
    assert (text.count("This session"), text.count("Another browser")) == (1, 1)
    with database.read() as session:
        rows = session.scalars(select(UserSession).order_by(UserSession.created_at)).all()
    other, foreign_row = rows[0].id, rows[1].id
    header = {"X-CSRFToken": token}
    assert here.post(f"/account/sessions/{foreign_row}/end", headers=header).status_code == 404
    assert foreign.get("/account").status_code == 200
    assert here.post(f"/account/sessions/{other}/end", headers=header).status_code == 302
    assert there.get("/account").status_code == 302
    assert here.get("/account").text.count("Another browser") == 0


def test_all_others_can_be_ended_at_once(app: Flask, users: dict[Role, User]) -> None:
    user = users[Role.TRAINEE]
    others = [app.test_client(), app.test_client()]
    for other in others:
        sign_in(other, user)
    here = app.test_client()
    token = sign_in(here, user)
    here.post("/account/sessions/end-others", headers={"X-CSRFToken": token})
    assert [other.get("/account").status_code for other in others] == [302, 302]
    assert here.get("/account").status_code == 200


def test_with_one_language_there_is_nothing_to_choose(client: FlaskClient, users: dict[Role, User]) -> None:
    sign_in(client, users[Role.TRAINEE])
    assert 'name="locale"' not in client.get("/account").text


def test_nobody_sees_the_hash(client: FlaskClient, users: dict[Role, User]) -> None:
    sign_in(client, users[Role.ADMINISTRATOR])
    for path in ("/account", "/users/", f"/users/{users[Role.TRAINEE].id}"):
        assert "argon2" not in client.get(path).text
    assert passwords.verify(users[Role.TRAINEE].password_hash, PASSWORD)
