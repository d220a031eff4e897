"""Errors that say what happened, what is safe and what to do: a page for people, RFC 9457 for programs."""

from __future__ import annotations

import json
import logging
import secrets
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, Response, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)

TEXTS: dict[int, tuple[Any, Any]] = {
    400: (_l("This could not be understood"), _l("Nothing was changed. Go back and try again.")),
    401: (_l("You are not signed in"), _l("Nothing was changed. Sign in and repeat the last step.")),
    403: (_l("This page is not for your role"), _l("Nothing was changed. Ask your administrator.")),
    404: (
        _l("There is nothing here for you"),
        _l("The address may be mistyped, or the page belongs to somebody else. Nothing was changed."),
    ),
    405: (_l("This does not work here"), _l("Nothing was changed. Go back and try again.")),
    413: (
        _l("That is too large"),
        _l("It was not saved. What was saved before is safe. Send it in smaller parts."),
    ),
    415: (_l("This kind of content is not accepted here"), _l("It was not saved.")),
    429: (_l("Too many attempts"), _l("Nothing was changed. Wait a minute and try again.")),
    500: (
        _l("Something in the console went wrong"),
        _l("What was saved before is safe. If it happens again, tell your administrator this number."),
    ),
    503: (_l("This part is not ready"), _l("What was saved before is safe. Try again in a moment.")),
}


class Problem(Exception):
    """An answer that is an error. `title`: what happened; `detail`: what is safe and what to do, in words
    for the person at the screen, never with content of an interview; `extra` goes to programs only."""

    def __init__(
        self,
        status: int,
        title: str | None = None,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(status)
        known_title, known_detail = TEXTS.get(status, TEXTS[400 if status < 500 else 500])
        self.status = status
        self.title = title or str(known_title)
        self.detail = detail or str(known_detail)
        self.headers = dict(headers or {})
        self.extra = extra


def is_api(request: Request) -> bool:
    return request.path.startswith("/api/")


def init_problems(app: Flask) -> None:
    app.register_error_handler(Problem, render)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def render(problem: Problem) -> Response:
    if is_api(request):
        body = {"type": "about:blank", "title": problem.title, "status": problem.status}
        body |= {"detail": problem.detail} | problem.extra
        response = Response(json.dumps(body, ensure_ascii=False), mimetype="application/problem+json")
    else:
        response = Response(render_template("problem.html", problem=problem), mimetype="text/html")
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _http(error: HTTPException) -> Response | HTTPException:
    """The library's own errors in our words; redirects pass."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST or error.response is not None:
        return error
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return render(Problem(error.code, headers=kept))


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    log.error("unexpected error %s in %s %s: %s", reference, request.method, request.endpoint, trace(error))
    return render(Problem(500, reference=reference))


def trace(error: BaseException) -> str:
    """Kind and places of an error and of its causes. Never its text: that may quote what somebody said."""
    parts = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)
        places = " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames[-8:]))
        parts.append(f"{type(cause).__name__} at {places}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "; after ".join(parts)
