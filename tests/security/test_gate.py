"""Role × permission × every route. A new route fails here until the table says who may use it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.security.routes import calls
from web.security import needs, permissions, public
from web.security.gate import UnmarkedView, init_gate
from web.security.permissions import ROLES, Permission
from web.store import AuditEntry, Role

EVERYONE, INTERVIEWING, EDITING = ("itsa", "is", "sa")  # interviewer, trainee, supervisor, administrator
WHO = {
    "accuracy.mistakes": "a",
    "accuracy.page": "a",
    "accounts.account": EVERYONE,
    "accounts.end_others": EVERYONE,
    "accounts.end_session": EVERYONE,
    "accounts.language": EVERYONE,
    "accounts.password": EVERYONE,
    "accounts.sign_out": EVERYONE,
    "adherence.page": INTERVIEWING,
    "api.act": INTERVIEWING,
    "api.add_turn": INTERVIEWING,
    "api.close": INTERVIEWING,
    "api.look": INTERVIEWING,
    "api.create": INTERVIEWING,
    "api.follow": INTERVIEWING,
    "api.show": INTERVIEWING,
    "draft_files.check": EDITING,
    "draft_files.edit": EDITING,
    "draft_files.put": EDITING,
    "draft_files.send": EDITING,
    "drafts.add": EDITING,
    "drafts.discard": EDITING,
    "drafts.index": EDITING,
    "drafts.on_top": EDITING,
    "drafts.publish": EDITING,
    "drafts.remove": EDITING,
    "drafts.show": EDITING,
    "editions.index": EDITING,
    "editions.restore": EDITING,
    "editions.show": EDITING,
    "own_words.edit": EDITING,
    "own_words.send": EDITING,
    "interpreting.drift": INTERVIEWING,
    "interpreting.note": INTERVIEWING,
    "interpreting.notes": INTERVIEWING,
    "interpreting.progress": INTERVIEWING,
    "interpreting.write": INTERVIEWING,
    "importing.confirm": INTERVIEWING,
    "importing.discard": INTERVIEWING,
    "importing.offer": INTERVIEWING,
    "importing.page": INTERVIEWING,
    "interview_pages.close": INTERVIEWING,
    "interview_pages.live": INTERVIEWING,
    "interview_pages.new": INTERVIEWING,
    "interview_pages.summary": INTERVIEWING,
    "library.index": EVERYONE,
    "library.show": EVERYONE,
    "models.cancel": "a",
    "models.fetch": "a",
    "models.index": "a",
    "models.measure_": "a",
    "models.take_away": "a",
    "models.use": "a",
    "models_api.bring": "a",
    "models_api.state": "a",
    "packages.bring_shipped": "a",
    "packages.cancel": "a",
    "packages.fetch": "a",
    "packages.index": "a",
    "packages.read_list": "a",
    "packages.take_away": "a",
    "packages_api.bring": "a",
    "packages_api.state": "a",
    "packs.index": EVERYONE,
    "packs.show": EVERYONE,
    "observe.follow": INTERVIEWING,
    "observe.page": INTERVIEWING,
    "observe.suggest": INTERVIEWING,
    "observe.take": INTERVIEWING,
    "observe.withdraw": INTERVIEWING,
    "recording.end_track": INTERVIEWING,
    "recording.mark_speaker": INTERVIEWING,
    "recording.open_track": INTERVIEWING,
    "recording.play": INTERVIEWING,
    "recording.put_chunk": INTERVIEWING,
    "recording.track_state": INTERVIEWING,
    "reveal.press": INTERVIEWING,
    "reveal.stand": INTERVIEWING,
    "review.correct": "s",
    "review.decide": "s",
    "review.mark": "s",
    "review.page": "s",
    "review.queue": "s",
    "transcript.certify": INTERVIEWING,
    "transcript.changes": INTERVIEWING,
    "transcript.code_again": "s",
    "transcript.export": INTERVIEWING,
    "transcript.own_word": INTERVIEWING,
    "transcript.own_words": INTERVIEWING,
    "transcript.show": INTERVIEWING,
    "transcript.state": INTERVIEWING,
    "transcript.step": INTERVIEWING,
    "start.page": EVERYONE,
    "status.api": EVERYONE,
    "status.page": EVERYONE,
    "uploads.again": INTERVIEWING,
    "uploads.begin": INTERVIEWING,
    "uploads.cancel": INTERVIEWING,
    "uploads.give": INTERVIEWING,
    "uploads.index": INTERVIEWING,
    "uploads.page": INTERVIEWING,
    "uploads.put": INTERVIEWING,
    "uploads.remove": INTERVIEWING,
    "uploads.show": INTERVIEWING,
    "voices.again": INTERVIEWING,
    "voices.count": INTERVIEWING,
    "voices.name": INTERVIEWING,
    "voices.page": INTERVIEWING,
    "voices.right": INTERVIEWING,
    "users.disable": "a",
    "users.edit": "a",
    "users.enable": "a",
    "users.index": "a",
    "users.new": "a",
    "users.reset_password": "a",
}
PUBLIC = {"accounts.sign_in", "api.description", "static", "status.ready"}


def test_every_route_is_in_the_table(console: Flask) -> None:
    assert {call.endpoint for call in calls(console)} == WHO.keys() | PUBLIC


@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_what_the_table_says_and_no_more(
    console: Flask, tokens: dict[Role, str], role: Role
) -> None:
    client = console.test_client()
    header = {"Authorization": f"Bearer {tokens[role]}"}
    wrong = []
    for call in calls(console):
        if call.endpoint in PUBLIC | {"accounts.sign_out", "accounts.end_others"}:
            continue  # these two would end the token; their own tests show that everybody may
        status = client.open(call.path, method=call.method, headers=header, json={}).status_code
        if (status == 403) == (role.value[0] in WHO[call.endpoint]) or status in {401, 500}:
            wrong.append((call, status))
    assert wrong == []


def test_a_stranger_reaches_only_what_is_public(console: Flask) -> None:
    client = console.test_client()
    wrong = []
    for call in calls(console):
        answer = client.open(call.path, method=call.method)
        if call.endpoint in PUBLIC:
            let_in = answer.status_code in {200, 400, 503}  # 400: signing in needs a CSRF token
        elif call.path.startswith("/api/"):
            let_in = answer.status_code == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
        else:
            let_in = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
        if not let_in:
            wrong.append((call, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic YTpi", "x"])
def test_a_wrong_authorization_opens_nothing(console: Flask, header: str) -> None:
    answer = console.test_client().get("/api/status", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"


def test_an_administrator_holds_no_permission_on_interviews() -> None:
    testimony = {
        Permission.INTERVIEW_CREATE,
        Permission.INTERVIEW_CONDUCT,
        Permission.INTERVIEW_READ,
        Permission.TRANSCRIPT_CORRECT,
        Permission.REVIEW,
    }
    assert not ROLES[Role.ADMINISTRATOR] & testimony
    assert not ROLES[Role.TRAINEE] & testimony
    assert ROLES.keys() == set(Role)


def test_a_refusal_is_in_the_audit_log(console: Flask, tokens: dict[Role, str]) -> None:
    database = console.extensions["tellmore"].database

    def refusals() -> int:
        with database.read() as session:
            return session.scalar(select(func.count()).where(AuditEntry.action == "access:refuse")) or 0

    before = refusals()
    console.test_client().get("/users/", headers={"Authorization": f"Bearer {tokens[Role.TRAINEE]}"})
    assert refusals() == before + 1


def test_a_view_that_does_not_say_who_may_use_it_stops_the_start() -> None:
    app = Flask("web")
    app.add_url_rule("/open", "open", public(lambda: "open"))
    app.add_url_rule("/forgotten", "forgotten", lambda: "oh")
    with pytest.raises(UnmarkedView, match="forgotten"):
        init_gate(app)


def test_a_view_says_it_once() -> None:
    view = public(lambda: "open")
    with pytest.raises(ValueError, match="already says"):
        needs(Permission.ACCOUNT)(view)
    assert permissions.requirement(view) == permissions.PUBLIC
