"""The one gate: nobody passes unless the view says so, and a view that says nothing stops the start."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.problems import Problem, is_api
from web.security import csrf
from web.security.here import services
from web.security.identity import Identity, current_identity
from web.security.permissions import PUBLIC, Permission, body_setting, may, public, requirement
from web.store import audit

# What a person with a one-time password may reach before choosing a password of their own.
BEFORE_CHANGE = frozenset({"accounts.password", "accounts.sign_out"})


class UnmarkedView(RuntimeError):
    """A view without `needs` or `public`: a mistake in the program, found at start."""


def init_gate(app: Flask) -> None:
    """Call when all views are there. Raises UnmarkedView."""
    public(app.view_functions["static"])
    unmarked = sorted(name for name, view in app.view_functions.items() if requirement(view) is None)
    if unmarked:
        raise UnmarkedView("these views say nothing about who may use them: " + ", ".join(unmarked))
    app.before_request(_gate)


def _gate() -> Response | None:
    if request.endpoint is None:
        return None  # no view will run: the router answers 404 or 405
    if "\0" in request.path:
        raise Problem(404)  # PostgreSQL keeps no such name, so nothing is called so
    view = current_app.view_functions[request.endpoint]
    setting = body_setting(view)
    if setting is not None:
        request.max_content_length = getattr(services().config, setting)
    needed = requirement(view)
    if needed == PUBLIC:
        csrf.check(request)
        return None
    identity = current_identity()
    if identity is None:
        return _ask_to_sign_in()
    if not identity.bearer:
        csrf.check(request)
    if identity.user.one_time_until is not None and request.endpoint not in BEFORE_CHANGE:
        return _ask_for_new_password()
    if not isinstance(needed, Permission) or not may(identity.user.role, needed):
        _refuse(identity)
    return None


def _ask_to_sign_in() -> Response:
    if is_api(request):
        raise Problem(
            401,
            _("You are not signed in"),
            _("Nothing was changed. Sign in and repeat the last step."),
            headers={"WWW-Authenticate": "Bearer"},
        )
    wanted: dict[str, Any] = {"next": request.path} if request.method == "GET" and request.path != "/" else {}
    return redirect(url_for("accounts.sign_in", **wanted))


def _ask_for_new_password() -> Response:
    if is_api(request):
        raise Problem(403, _("Choose your own password first"), _("Sign in on the page to do so."))
    return redirect(url_for("accounts.password"))


def _refuse(identity: Identity) -> None:
    """The refusal stays in the record whatever becomes of the request."""
    here = services()
    with here.database.write() as session:
        audit.append(
            session,
            here.config.secret(audit.KEY_NAME),
            identity.user.id,
            "access:refuse",
            None,
            {"endpoint": request.endpoint, "method": request.method},
        )
    raise Problem(
        403,
        _("This page is not for your role"),
        _("Nothing was changed. If you need it for your work, ask your administrator."),
    )
