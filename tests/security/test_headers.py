from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.wrappers import Response

from tests.conftest import make_app, make_config
from tests.security.routes import calls
from web.store import Role, migrate

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
EXACT = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), display-capture=()",
}


def differing(answer: Response, cache: str) -> dict[str, str | None]:
    expected = EXACT | {"Cache-Control": cache}
    return {name: answer.headers.get(name) for name in expected if answer.headers.get(name) != expected[name]}


def test_every_answer_carries_exactly_these_headers(console: Flask, tokens: dict[Role, str]) -> None:
    client = console.test_client()
    wrong = {}
    for headers in ({}, *({"Authorization": f"Bearer {token}"} for token in tokens.values())):
        for call in calls(console):
            if call.endpoint in {"accounts.sign_out", "accounts.end_others"}:
                continue  # would end the token
            answer = client.open(call.path, method=call.method, headers=headers)
            cache = "no-cache" if call.endpoint == "static" else "no-store"
            if difference := differing(answer, cache):
                wrong[call] = difference
    assert wrong == {}


def test_errors_carry_them_too(console: Flask) -> None:
    client = console.test_client()
    answers = {
        404: client.get("/nothing"),
        405: client.put("/sign-in"),
        413: client.post("/sign-in", data={"name": "x" * 2_000_000}),
        400: client.post("/sign-in"),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {s: s for s in answers}
    assert [differing(answer, "no-store") for answer in answers.values()] == [{}] * len(answers)


def test_no_page_says_what_serves_it(console: Flask) -> None:
    assert "X-Powered-By" not in console.test_client().get("/sign-in").headers


def test_behind_https_the_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    config = make_config(tmp_path, TELLMORE_SECURE_COOKIES="1")
    migrate.upgrade(config)
    answer = make_app(config).test_client().get("/sign-in", base_url="https://console.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tellmore=")
    parts = set(cookie.split("; ")[1:])
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_on_loopback_the_cookie_is_plain_but_strict(console: Flask) -> None:
    cookie = console.test_client().get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("tellmore=")
    assert set(cookie.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=Strict"}
