"""Errors tell what happened and what is safe, and nothing that anybody said."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy import text
from werkzeug.exceptions import HTTPException, abort

from tests.conftest import make_app, make_config
from web.problems import TEXTS, Problem, trace
from web.security import public
from web.store import migrate

MARKER = "the swing behind the yellow house"


@pytest.fixture
def failing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The console with a few views that fail in one way each."""
    monkeypatch.setattr("web.app.init_gate", _with_failures)
    config = make_config(tmp_path)
    migrate.upgrade(config)
    app = make_app(config)
    app.testing = False
    return app


def _with_failures(app: Flask) -> None:
    from web.security.gate import init_gate

    def status(code: int) -> str:
        if code == 507:  # the library has no such exception
            raise Problem(507)
        abort(code)

    def own() -> str:
        raise Problem(409, "Taken", "Choose another.", headers={"Retry-After": "7"}, field="name")

    def crash() -> str:
        try:
            int(MARKER)
        except ValueError as error:
            raise RuntimeError(MARKER) from error
        return ""

    def broken_sql() -> str:
        with app.extensions["tellmore"].database.read() as session:
            session.execute(text("INSERT INTO heartbeat (name) VALUES (:said)"), {"said": MARKER})
        return ""

    def echo() -> dict[str, object]:
        return {"got": request.get_json()}

    for prefix in ("/t", "/api/t"):
        for view in (own, crash, broken_sql):
            app.add_url_rule(f"{prefix}/{view.__name__}", f"{prefix}{view.__name__}", public(_copy(view)))
        app.add_url_rule(f"{prefix}/status/<int:code>", f"{prefix}status", public(_copy(status)))
    app.add_url_rule("/api/t/echo", "echo", public(echo), methods=["GET"])
    init_gate(app)


def _copy(view):  # type: ignore[no-untyped-def]
    return lambda **values: view(**values)  # noqa: PLW0108 - a mark needs a function of its own


@pytest.mark.parametrize("code", sorted(TEXTS.keys() - {500}))
def test_each_status_has_a_page_and_a_problem(failing: Flask, code: int) -> None:
    client = failing.test_client()
    page = client.get(f"/t/status/{code}")
    problem = client.get(f"/api/t/status/{code}")
    title, detail = (str(part) for part in TEXTS[code])
    assert (page.status_code, problem.status_code) == (code, code)
    assert f"<h1>{title}</h1>" in page.text
    assert problem.mimetype == "application/problem+json"
    assert problem.json == {"type": "about:blank", "title": title, "status": code, "detail": detail}


def test_a_problem_of_ours_keeps_its_words_fields_and_headers(failing: Flask) -> None:
    client = failing.test_client()
    answer = client.get("/api/t/own")
    assert (answer.status_code, answer.headers["Retry-After"]) == (409, "7")
    assert answer.json == {
        "type": "about:blank",
        "title": "Taken",
        "status": 409,
        "detail": "Choose another.",
        "field": "name",
    }
    assert "Choose another." in client.get("/t/own").text


@pytest.mark.parametrize("path", ["/t/crash", "/api/t/crash", "/t/broken_sql", "/api/t/broken_sql"])
def test_a_crash_says_a_number_and_nothing_that_was_said(
    failing: Flask, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = failing.test_client().get(path + "?q=swing+behind")
    assert answer.status_code == 500
    logged = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)
    for words in (MARKER, "swing"):
        assert words not in answer.text
        assert words not in logged
    reference = logged.split("unexpected error ")[1][:8]
    assert reference in answer.text
    assert "test_problems.py" in logged  # yet one finds the place


def test_the_trace_names_kinds_and_places_of_causes_too() -> None:
    try:
        try:
            int(MARKER)
        except ValueError as error:
            raise KeyError(MARKER) from error
    except KeyError as error:
        found = trace(error)
    assert found.startswith("KeyError at ")
    assert "; after ValueError at " in found
    assert MARKER not in found


def test_405_says_what_does_work(failing: Flask) -> None:
    answer = failing.test_client().delete("/sign-in")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("body", "status"), [("{", 400), ("[" * 100_000, 400), ('{"a": ' * 50_000, 400), ('{"a": "æ"}', 200)]
)
def test_json_that_cannot_be_read_is_a_bad_request(failing: Flask, body: str, status: int) -> None:
    answer = failing.test_client().get("/api/t/echo", data=body.encode(), content_type="application/json")
    assert answer.status_code == status


def test_redirects_are_no_errors(failing: Flask) -> None:
    assert failing.test_client().get("/users").status_code == 308


def test_an_error_with_an_answer_of_its_own_keeps_it(failing: Flask) -> None:
    def ready_made() -> str:
        raise HTTPException(response=failing.response_class("mine", 418))

    failing.view_functions["echo"] = public(ready_made)
    assert failing.test_client().get("/api/t/echo").text == "mine"
