"""Whatever changes something must come from our own page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import csrf_token, make_users, sign_in
from tests.security.routes import unsafe
from web.security import sessions
from web.store import Role, User


@pytest.fixture(scope="module")
def people(console: Flask) -> dict[Role, User]:
    return make_users(console.extensions["tellmore"].database)


@pytest.fixture(scope="module")
def signed_in(console: Flask, people: dict[Role, User]) -> FlaskClient:
    client = console.test_client()
    sign_in(client, people[Role.SUPERVISOR])
    return client


@pytest.mark.parametrize("header", [{}, {"X-CSRFToken": "wrong"}, {"X-CSRFToken": ""}])
def test_no_route_changes_anything_without_the_token(
    console: Flask, signed_in: FlaskClient, header: dict[str, str]
) -> None:
    wrong = []
    for call in unsafe(console):
        answer = signed_in.open(call.path, method=call.method, headers=header, data={})
        if answer.status_code != 400 or "no longer valid" not in answer.text:
            wrong.append((call, answer.status_code))
    assert wrong == []
    assert len(unsafe(console)) > 15


def test_the_token_of_another_session_does_not_count(
    console: Flask, signed_in: FlaskClient, people: dict[Role, User]
) -> None:
    other = sign_in(console.test_client(), people[Role.INTERVIEWER])
    assert signed_in.post("/sign-out", headers={"X-CSRFToken": other}).status_code == 400


def test_a_form_field_counts_on_pages_and_only_the_header_under_api(signed_in: FlaskClient) -> None:
    token = csrf_token(signed_in, "/account")
    form = {"csrf_token": token, "locale": "en"}
    assert signed_in.post("/account/language", data=form).status_code == 302
    assert signed_in.post("/api/interviews/x/audio/a/end", data=form).status_code == 400
    header = {"X-CSRFToken": token}
    assert signed_in.post("/api/interviews/x/audio/a/end", data={}, headers=header).status_code == 404


@pytest.mark.parametrize(("site", "status"), [("cross-site", 400), ("same-site", 400), ("same-origin", 404)])
def test_the_browser_must_not_name_another_site(signed_in: FlaskClient, site: str, status: int) -> None:
    header = {"X-CSRFToken": csrf_token(signed_in, "/account"), "Sec-Fetch-Site": site}
    answer = signed_in.post("/account/sessions/none/end", headers=header)
    assert answer.status_code == status


def test_a_bearer_token_needs_no_csrf_token_and_never_lends_that_to_a_cookie(
    console: Flask, signed_in: FlaskClient, people: dict[Role, User]
) -> None:
    with console.extensions["tellmore"].database.write() as session:
        token, _ = sessions.open_session(session, people[Role.INTERVIEWER], 60, sessions.TOKEN)
    stranger = console.test_client()
    header = {"Authorization": f"Bearer {token}"}
    assert stranger.post("/account/sessions/none/end", headers=header).status_code == 404
    # a cookie session with a made-up Authorization header is nobody, and not the cookie's owner
    false = {"Authorization": "Bearer made-up"}
    assert signed_in.post("/api/interviews", headers=false, json={}).status_code == 401
