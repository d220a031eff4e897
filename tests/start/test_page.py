"""The start page: what is mine and due, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import make_users, sign_in
from web.start.service import due
from web.store import Database, Interview, InterviewState, Role, User
from web.store.base import now

State = InterviewState


def interview(user: User, code: str, state: InterviewState, hours: float = 0, **changes: object) -> Interview:
    """`hours`: since it was made and, if closed, since it ended."""
    then = now() - timedelta(hours=hours)
    values: dict[str, object] = {
        "case_code": code,
        "interviewer_id": user.id,
        "protocol": "nichd-2014",
        "protocol_hash": "0" * 64,
        "child_age": 7,
        "interviewer_language": "en",
        "child_language": "en",
        "state": state,
        "created_at": then,
        "ended_at": then if state is State.CLOSED else None,
        "wrapped_key": b"key",
        "sealed_details": b"",
    }
    return Interview(**(values | changes))


@pytest.fixture
def people(database: Database) -> dict[Role, User]:
    return make_users(database)


def test_mine_under_way_then_planned_then_just_closed(database: Database, people: dict[Role, User]) -> None:
    mine, foreign = people[Role.INTERVIEWER], people[Role.SUPERVISOR]
    with database.write() as session:
        session.add_all(
            [
                interview(mine, "closed-now", State.CLOSED, 2),
                interview(mine, "planned-old", State.PLANNED, 400),
                interview(mine, "planned-new", State.PLANNED, 1),
                interview(mine, "break", State.BREAK, 3),
                interview(mine, "live", State.LIVE, 1),
                interview(mine, "closed-long-ago", State.CLOSED, 25),
                interview(mine, "erased", State.PLANNED, wrapped_key=None),
                interview(foreign, "foreign", State.LIVE),
            ]
        )
    with database.read() as session:
        found = [row.case_code for row in due(session, mine)]
    assert found == ["live", "break", "planned-new", "planned-old", "closed-now"]


def test_a_long_list_is_cut(database: Database, people: dict[Role, User]) -> None:
    mine = people[Role.INTERVIEWER]
    with database.write() as session:
        session.add_all(interview(mine, f"c{n}", State.PLANNED) for n in range(60))
    with database.read() as session:
        assert len(due(session, mine)) == 50


def test_the_page_leads_to_my_interviews_and_a_new_one(
    app: Flask, client: FlaskClient, users: dict[Role, User]
) -> None:
    row = interview(users[Role.INTERVIEWER], "OSLO-7 <b>", State.PLANNED)
    with app.extensions["tellmore"].database.write() as session:
        session.add(row)
    sign_in(client, users[Role.INTERVIEWER])
    text = client.get("/").text
    assert f'href="/interviews/{row.id}">OSLO-7 &lt;b&gt;</a>' in text
    assert 'href="/interviews/new"' in text
    assert ">planned<" in text
    assert "drill" not in text.lower()  # not there yet


@pytest.mark.parametrize("role", Role)
def test_each_role_finds_its_own_and_no_dead_end(
    client: FlaskClient, users: dict[Role, User], role: Role
) -> None:
    sign_in(client, users[role])
    text = client.get("/").text
    assert "Nothing is waiting for you" in text
    offered = {path for path in ("/interviews/new", "/review/", "/users/") if f'href="{path}"' in text}
    expected: dict[Role, set[str]] = {
        Role.INTERVIEWER: {"/interviews/new"},
        Role.SUPERVISOR: {"/interviews/new", "/review/"},
        Role.TRAINEE: set(),
        Role.ADMINISTRATOR: {"/users/"},
    }
    assert offered == expected[role]
    assert [client.get(path).status_code for path in offered] == [200] * len(offered)
