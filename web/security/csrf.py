"""A request that changes something must come from our own page.

Pages send the token as a form field or, from scripts, as X-CSRFToken. Under /api only the header counts,
so that the body of an upload is never read before it is known to be wanted.
"""

from __future__ import annotations

from flask import Flask, Request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFProtect, validate_csrf
from wtforms.validators import ValidationError

from web.problems import Problem, is_api

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HEADER = "X-CSRFToken"
_OURS = frozenset({None, "same-origin", "none"})


def init_csrf(app: Flask) -> None:
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,  # the gate decides when, see gate.py
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session lives
        WTF_CSRF_SSL_STRICT=False,  # we send no referrer; Sec-Fetch-Site says more
    )
    CSRFProtect(app)


def check(request: Request) -> None:
    """Raises Problem(400) when the token is missing or wrong or the browser names another site."""
    if request.method in SAFE:
        return
    token = request.headers.get(HEADER)
    if token is None and not is_api(request):
        token = request.form.get("csrf_token")
    try:
        validate_csrf(token)
        right = request.headers.get("Sec-Fetch-Site") in _OURS
    except ValidationError:
        right = False
    if not right:
        raise Problem(
            400,
            _("This page is no longer valid"),
            _("Nothing was changed. Open the page again and repeat the last step."),
            code="csrf",
        )
