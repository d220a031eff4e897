"""Sessions as rows, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.conftest import make_users
from web.security import sessions
from web.store import Database, Role, User, UserSession
from web.store.base import now

IDLE_S = 3600


@pytest.fixture
def people(database: Database) -> dict[Role, User]:
    return make_users(database)


def opened(
    database: Database, user: User, kind: str = sessions.BROWSER, life_s: int = 7200
) -> tuple[str, str]:
    with database.write() as session:
        token, row = sessions.open_session(session, user, life_s, kind)
        return token, row.id


def age(database: Database, session_id: str, **ages: timedelta) -> None:
    with database.write() as session:
        moved = {name: now() - by for name, by in ages.items()}
        session.execute(update(UserSession).where(UserSession.id == session_id).values(**moved))


def find(database: Database, token: str, kind: str = sessions.BROWSER) -> UserSession | None:
    return sessions.find(database, token, kind, IDLE_S)


def test_a_token_finds_its_user(database: Database, people: dict[Role, User]) -> None:
    token, session_id = opened(database, people[Role.TRAINEE])
    opened(database, people[Role.SUPERVISOR])
    found = find(database, token)
    assert found is not None
    assert (found.id, found.user.name) == (session_id, "trainee")


def test_the_database_does_not_hold_the_token(database: Database, people: dict[Role, User]) -> None:
    token, session_id = opened(database, people[Role.TRAINEE])
    with database.read() as session:
        row = session.get_one(UserSession, session_id)
    assert token.encode() not in row.token_sha256
    assert find(database, row.token_sha256.hex()) is None
    assert len(token) >= 43  # 256 bits


def test_kinds_do_not_open_each_others_door(database: Database, people: dict[Role, User]) -> None:
    browser, _ = opened(database, people[Role.TRAINEE])
    program, _ = opened(database, people[Role.TRAINEE], sessions.TOKEN)
    assert find(database, browser, sessions.TOKEN) is None
    assert find(database, program, sessions.BROWSER) is None
    assert find(database, program, sessions.TOKEN) is not None


def test_a_session_ends_by_rest_and_by_age(database: Database, people: dict[Role, User]) -> None:
    rested, rested_id = opened(database, people[Role.TRAINEE])
    age(database, rested_id, seen_at=timedelta(seconds=IDLE_S + 1))
    old, old_id = opened(database, people[Role.TRAINEE])
    age(database, old_id, expires_at=timedelta(seconds=1))
    busy, busy_id = opened(database, people[Role.TRAINEE])
    age(database, busy_id, seen_at=timedelta(seconds=IDLE_S - 60))
    assert [find(database, token) is None for token in (rested, old, busy)] == [True, True, False]


def test_a_program_may_rest_as_long_as_it_likes(database: Database, people: dict[Role, User]) -> None:
    token, session_id = opened(database, people[Role.TRAINEE], sessions.TOKEN)
    age(database, session_id, seen_at=timedelta(days=9))
    assert find(database, token, sessions.TOKEN) is not None


def test_use_keeps_a_session_alive(database: Database, people: dict[Role, User]) -> None:
    token, session_id = opened(database, people[Role.TRAINEE])
    age(database, session_id, seen_at=timedelta(minutes=30))
    find(database, token)
    with database.read() as session:
        assert now() - session.get_one(UserSession, session_id).seen_at < timedelta(minutes=1)


def test_an_ended_session_does_not_come_back_through_a_request_under_way(
    database: Database, people: dict[Role, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    user = people[Role.TRAINEE]
    token, session_id = opened(database, user)
    age(database, session_id, seen_at=timedelta(minutes=30))
    touch = sessions._touch

    def ended_just_before(*arguments: object) -> bool:
        with database.write() as session:
            assert sessions.end(session, user.id, session_id, "signed out")
        return touch(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(sessions, "_touch", ended_just_before)
    assert find(database, token) is None


def test_a_disabled_user_has_no_session(database: Database, people: dict[Role, User]) -> None:
    token, _ = opened(database, people[Role.TRAINEE])
    with database.write() as session:
        session.get_one(User, people[Role.TRAINEE].id).active = False
    assert find(database, token) is None


def test_only_the_owner_ends_a_session_and_only_once(database: Database, people: dict[Role, User]) -> None:
    token, session_id = opened(database, people[Role.TRAINEE])
    with database.write() as session:
        assert not sessions.end(session, people[Role.SUPERVISOR].id, session_id, "theft")
    assert find(database, token) is not None
    with database.write() as session:
        assert sessions.end(session, people[Role.TRAINEE].id, session_id, "signed out")
        assert not sessions.end(session, people[Role.TRAINEE].id, session_id, "again")
    with database.read() as session:
        assert session.get_one(UserSession, session_id).ended_why == "signed out"


def test_ending_all_may_keep_one_and_leaves_others_alone(
    database: Database, people: dict[Role, User]
) -> None:
    kept, kept_id = opened(database, people[Role.TRAINEE])
    gone = [opened(database, people[Role.TRAINEE])[0] for _ in range(2)]
    foreign, _ = opened(database, people[Role.SUPERVISOR])
    with database.write() as session:
        assert sessions.end_all(session, people[Role.TRAINEE].id, "password changed", keep=kept_id) == 2
    assert find(database, kept) is not None
    assert find(database, foreign) is not None
    assert [find(database, token) for token in gone] == [None, None]


def test_the_list_shows_what_still_opens_something(database: Database, people: dict[Role, User]) -> None:
    user = people[Role.TRAINEE]
    _, here = opened(database, user)
    _, rested = opened(database, user)
    age(database, rested, seen_at=timedelta(seconds=IDLE_S + 1))
    _, program = opened(database, user, sessions.TOKEN)
    age(database, program, seen_at=timedelta(days=2))
    opened(database, people[Role.SUPERVISOR])
    with database.read() as session:
        assert [row.id for row in sessions.living(session, user.id, IDLE_S)] == [here, program]
