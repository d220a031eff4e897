"""Errors that say what happened, what is safe and what to do: a page for people, RFC 9457 for programs."""

from __future__ import annotations

import errno
import json
import logging
import secrets
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Request, Response, render_template, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
_FULL_NAMES = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "DiskFull")

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
    507: (
        _l("The disk takes nothing more"),
        _l("This was not saved. What was saved before is safe. Ask your administrator to make room."),
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
        response = Response(json.dumps(body), mimetype="application/problem+json")
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
    status = _storage(error)
    if status is not None:
        log.error(
            "storage trouble %s in %s %s: %s", reference, request.method, request.endpoint, trace(error)
        )
        return render(Problem(status, reference=reference, headers={"Retry-After": "5"}))
    log.error("unexpected error %s in %s %s: %s", reference, request.method, request.endpoint, trace(error))
    return render(Problem(500, reference=reference))


def _storage(error: Exception) -> int | None:
    """507 where the disk takes nothing more, 503 where the database is busy or away."""
    if isinstance(error, OSError):
        return 507 if error.errno in _FULL else None
    if not isinstance(error, OperationalError):
        return None
    name = getattr(error.orig, "sqlite_errorname", "") or type(error.orig).__name__
    return 507 if name.startswith(_FULL_NAMES) else 503


def trace(error: BaseException) -> str:
    """Kind and places of an error and of its causes. Never its text: that may quote what somebody said."""
    parts = []
    cause: BaseException | None = error
    while cause is not None:
        parts.append(f"{type(cause).__name__} at {_places(cause)}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "; after ".join(parts)


def _places(error: BaseException) -> str:
    """The line that failed, and the last lines of our own that led there."""
    frames = traceback.extract_tb(error.__traceback__)
    led = [frame for frame in frames[:-1] if "site-packages" not in frame.filename]
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed([*led[-6:], *frames[-1:]]))
