"""From a request to the person behind it: a session cookie, or a bearer token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import flask_login
from flask import Flask, Request, session
from flask_login import LoginManager, UserMixin

from web.security import sessions
from web.security.here import services
from web.store import User

COOKIE_KEY = "token"  # in the signed cookie; the database knows only its hash


@dataclass(frozen=True)
class Identity(UserMixin):  # type: ignore[misc]
    """A user as signed in by one session. `bearer`: the request carried the token itself, which no
    other site can make a browser do, so it needs no CSRF token."""

    user: User
    session_id: str
    bearer: bool

    def get_id(self) -> str:
        return self.user.id


def load(request: Request) -> Identity | None:
    """An Authorization header, right or wrong, always wins over the cookie."""
    bearer = "Authorization" in request.headers
    if bearer:
        authorization = request.authorization
        usable = authorization is not None and authorization.type == "bearer"
        token = authorization.token if usable and authorization else None
    else:
        token = session.get(COOKIE_KEY)
    if not isinstance(token, str) or not token:
        return None
    here = services()
    kind = sessions.TOKEN if bearer else sessions.BROWSER
    found = sessions.find(here.database, token, kind, here.config.session_idle_s)
    return Identity(found.user, found.id, bearer) if found else None


def current_identity() -> Identity | None:
    """None: nobody is signed in."""
    identity = flask_login.current_user
    return cast(Identity, identity._get_current_object()) if identity.is_authenticated else None


def current_user() -> User:
    """The signed-in user; only views behind `needs` may ask."""
    identity = current_identity()
    if identity is None:
        raise LookupError("no one is signed in: is this view public?")
    return identity.user


def init_identity(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # sessions live in the database, not in the cookie
    manager.request_loader(load)
    manager.init_app(app)
