"""The administrator's page of users, and the rules behind it on both databases."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import PASSWORD, make_users, sign_in
from web.accounts.service import Accounts
from web.accounts.users import UserError, Users
from web.config import Config
from web.security import passwords, sessions
from web.security.passwords import WeakPassword
from web.store import AuditEntry, Database, Role, User


@pytest.fixture
def people(database: Database) -> dict[Role, User]:
    return make_users(database)


@pytest.fixture
def rules(any_config: Config, database: Database) -> Users:
    return Users(Accounts(any_config, database))


def audited(database: Database) -> list[tuple[str, str | None, str | None]]:
    with database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.actor_id, row.subject_id) for row in rows]


def open_token(database: Database, user: User) -> str:
    with database.write() as session:
        return sessions.open_session(session, user, 3600)[0]


def is_open(database: Database, token: str) -> bool:
    return sessions.find(database, token, sessions.BROWSER, 3600) is not None


def test_a_new_user_gets_a_one_time_password(
    rules: Users, people: dict[Role, User], database: Database
) -> None:
    admin = people[Role.ADMINISTRATOR]
    user, one_time = rules.add(admin, " Anna.K ", " Anna Kvist ", Role.INTERVIEWER)
    assert (user.name, user.full_name, user.one_time_until is not None) == ("anna.k", "Anna Kvist", True)
    assert one_time is not None
    assert passwords.verify(rules.named("anna.k").password_hash, one_time)
    assert audited(database) == [("user:add", admin.id, user.id)]


@pytest.mark.parametrize("name", ["", "a", "Anna K", "anna@k", "é" * 3, "x" * 41, "-anna", "anna\n"])
def test_names_are_plain(rules: Users, name: str) -> None:
    if name == "anna\n":  # blanks around a name are not part of it
        assert rules.add(None, name, "", Role.TRAINEE)[0].name == "anna"
        return
    with pytest.raises(UserError, match="name"):
        rules.add(None, name, "", Role.TRAINEE)
    assert rules.everyone() == []


def test_a_name_belongs_to_one_person(rules: Users, people: dict[Role, User], database: Database) -> None:
    with pytest.raises(UserError, match="taken"):
        rules.add(None, "TRAINEE", "", Role.ADMINISTRATOR)
    assert len(rules.everyone()) == len(people)
    assert audited(database) == []


def test_a_weak_chosen_password_makes_no_user(rules: Users) -> None:
    with pytest.raises(WeakPassword):
        rules.add(None, "anna", "", Role.ADMINISTRATOR, "short")
    assert rules.everyone() == []


def test_a_new_role_ends_the_sessions_held_under_the_old(
    rules: Users, people: dict[Role, User], database: Database
) -> None:
    user, admin = people[Role.TRAINEE], people[Role.ADMINISTRATOR]
    token, foreign = open_token(database, user), open_token(database, people[Role.SUPERVISOR])
    rules.change(admin, user.id, "New Name", Role.TRAINEE)
    assert is_open(database, token)
    rules.change(admin, user.id, "New Name", Role.INTERVIEWER)
    assert (is_open(database, token), is_open(database, foreign)) == (False, True)
    assert rules.get(user.id).role is Role.INTERVIEWER
    assert audited(database) == [("user:role", admin.id, user.id)]


def test_disabling_ends_all_sessions_and_enabling_brings_none_back(
    rules: Users, people: dict[Role, User], database: Database
) -> None:
    user, admin = people[Role.TRAINEE], people[Role.ADMINISTRATOR]
    token = open_token(database, user)
    rules.set_active(admin, user.id, False)
    rules.set_active(admin, user.id, False)  # again: nothing more happens
    rules.set_active(admin, user.id, True)
    assert not is_open(database, token)
    assert [action for action, _, _ in audited(database)] == ["user:disable", "user:enable"]


def test_a_reset_ends_all_sessions_and_the_old_password(
    rules: Users, people: dict[Role, User], database: Database
) -> None:
    user = people[Role.TRAINEE]
    token = open_token(database, user)
    one_time = rules.reset_password(people[Role.ADMINISTRATOR], user.id)
    fresh = rules.get(user.id)
    assert not is_open(database, token)
    assert not passwords.verify(fresh.password_hash, PASSWORD)
    assert passwords.verify(fresh.password_hash, one_time)
    assert fresh.one_time_until is not None


def test_one_administrator_always_stays(rules: Users, people: dict[Role, User]) -> None:
    admin = people[Role.ADMINISTRATOR]
    with pytest.raises(UserError, match="last"):
        rules.set_active(None, admin.id, False)
    with pytest.raises(UserError, match="last"):
        rules.change(None, admin.id, "", Role.TRAINEE)
    second, _ = rules.add(None, "second", "", Role.ADMINISTRATOR)
    with pytest.raises(UserError, match="self"):
        rules.set_active(admin, admin.id, False)
    rules.set_active(second, admin.id, False)
    with pytest.raises(UserError, match="last"):  # a disabled one does not count
        rules.set_active(None, second.id, False)


@pytest.mark.parametrize("what", ["get", "reset", "disable", "named"])
def test_nobody_is_said_to_be_nobody(rules: Users, what: str) -> None:
    calls = {
        "get": lambda: rules.get("none"),
        "reset": lambda: rules.reset_password(None, "none"),
        "disable": lambda: rules.set_active(None, "none", False),
        "named": lambda: rules.named("none"),
    }
    with pytest.raises(UserError, match="gone"):
        calls[what]()


@pytest.fixture
def admin(app: Flask, users: dict[Role, User]) -> tuple[FlaskClient, dict[str, str]]:
    client = app.test_client()
    return client, {"csrf_token": sign_in(client, users[Role.ADMINISTRATOR])}


def test_the_page_adds_a_user_who_then_chooses_a_password(
    app: Flask, admin: tuple[FlaskClient, dict[str, str]], users: dict[Role, User]
) -> None:
    client, token = admin
    answer = client.post(
        "/users/new", data=token | {"name": "anna.k", "full_name": "Anna", "role": "trainee"}
    )
    found = re.search(r'class="secret"><code>([^<]+)<', answer.text)
    assert found
    assert found[1] not in client.get("/users/").text  # told once
    assert "has a one-time password" in client.get("/users/").text
    anna = User(name="anna.k", one_time_until=users[Role.TRAINEE].created_at)
    newcomer = app.test_client()
    sign_in(newcomer, anna, found[1])
    assert newcomer.get("/").location == "/account/password"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "Anna K"}, "small letters"),
        ({"name": "trainee"}, "already"),
        ({"role": "owner"}, "role-error"),
    ],
)
def test_what_cannot_be_added_is_said_beside_its_field(
    admin: tuple[FlaskClient, dict[str, str]], changes: dict[str, str], reason: str
) -> None:
    client, token = admin
    answer = client.post("/users/new", data=token | {"name": "anna", "role": "trainee"} | changes)
    assert answer.status_code == 422
    assert reason in answer.text


def test_the_page_changes_disables_and_resets(
    app: Flask, admin: tuple[FlaskClient, dict[str, str]], users: dict[Role, User]
) -> None:
    client, token = admin
    path = f"/users/{users[Role.TRAINEE].id}"
    other = app.test_client()
    sign_in(other, users[Role.TRAINEE])
    answer = client.post(path, data=token | {"full_name": "Nora", "role": "supervisor"})
    assert answer.location == "/users/"
    assert other.get("/").status_code == 302
    assert "Nora" in client.get(path).text
    assert 'selected value="supervisor"' in client.get(path).text
    assert client.post(f"{path}/disable", data=token).location == "/users/"
    assert "Enable again" in client.get(path).text
    client.post(f"{path}/enable", data=token)
    assert re.search(r"<code>(\w{5}-){3}\w{5}</code>", client.post(f"{path}/reset-password", data=token).text)


def test_what_must_not_be_is_refused_with_a_reason(
    admin: tuple[FlaskClient, dict[str, str]], users: dict[Role, User]
) -> None:
    client, token = admin
    mine = f"/users/{users[Role.ADMINISTRATOR].id}"
    for path, data in (
        (f"{mine}/disable", token),
        (f"{mine}/reset-password", token),
        (mine, token | {"role": "trainee"}),
    ):
        answer = client.post(path, data=data)
        assert answer.status_code == 409, path
        assert "Nothing was changed" in answer.text
    assert client.get("/users/").status_code == 200
    assert client.get("/users/nobody").status_code == 404
    assert client.post("/users/nobody/disable", data=token).status_code == 404
