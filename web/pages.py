"""What templates may use beyond Flask's own: who is here, what they may, and times as people say them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import format_date, format_time, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from web.library.naming import say
from web.security import Permission, may
from web.security.identity import current_identity
from web.store import InterviewState

STATES: dict[InterviewState, Any] = {
    InterviewState.PLANNED: _l("planned"),
    InterviewState.LIVE: _l("under way"),
    InterviewState.BREAK: _l("break"),
    InterviewState.CLOSED: _l("closed"),
}


def init_pages(app: Flask) -> None:
    app.context_processor(_person)
    app.jinja_env.filters["when"] = when
    app.jinja_env.filters["say"] = say  # `_(text)` would take what an agency wrote for HTML of ours
    app.jinja_env.globals.update(nav_link=nav_link, has_page=has_page, states=STATES)


def _person() -> dict[str, Any]:
    """`user`: the signed-in user or None; `allowed("users:manage")`: whether the role permits it."""
    identity = current_identity()
    user = identity.user if identity else None

    def allowed(permission: str) -> bool:
        return user is not None and user.one_time_until is None and may(user.role, Permission(permission))

    return {"user": user, "allowed": allowed, "locale": get_locale()}


def has_page(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def nav_link(endpoint: str, text: str) -> Markup:
    here = Markup(' aria-current="page"') if request.endpoint == endpoint else ""
    return Markup('<a href="{}"{}>{}</a>').format(url_for(endpoint), here, text)


def when(moment: datetime, today: datetime | None = None) -> str:
    """In the server's own time zone: today 14:05, yesterday 9:10, 3 March 2026 14:05."""
    local = moment.astimezone()
    days = ((today or datetime.now().astimezone()).date() - local.date()) // timedelta(days=1)
    time = format_time(local, "short", rebase=False)
    if days == 0:
        return str(_("today %(time)s", time=time))
    if days == 1:
        return str(_("yesterday %(time)s", time=time))
    return str(_("%(date)s %(time)s", date=format_date(local, "long", rebase=False), time=time))
