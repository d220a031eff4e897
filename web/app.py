"""The app factory: the shell around the rooms."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from web.config import Config
from web.i18n import init_i18n
from web.pages import init_pages
from web.problems import init_problems
from web.security.body import QuietRequest
from web.security.csrf import init_csrf
from web.security.gate import init_gate
from web.security.headers import init_headers
from web.security.identity import init_identity
from web.security.rate import init_rate

if TYPE_CHECKING:
    from web.services import Services

ROOMS = (  # each names a module with a `blueprint`
    "web.accounts.routes",
    "web.accounts.routes_users",
    "web.start.routes",
    "web.status.routes",
    "web.interview.routes_api",
    "web.interview.reveal_routes",
    "web.recording.routes",
    "web.recording.upload_routes",
    "web.recording.voice_routes",
    "web.importing.routes",
    "web.interview.routes_pages",
    "web.interview.adherence_routes",
    "web.interpreting.routes",
    "web.observe.routes",
    "web.review.routes",
    "web.transcript.routes",
    "web.accuracy.routes",
    "web.authoring.routes",
    "web.authoring.routes_editions",
    "web.authoring.routes_files",
    "web.authoring.routes_words",
    "web.library.packs_page",
    "web.models.routes",
    "web.models.routes_api",
    "web.packages.routes",
    "web.packages.routes_api",
    "web.library.routes",
)
BODY_BYTES = 1024 * 1024  # a view may ask for another limit with `body_limit`


class SafeJSON(DefaultJSONProvider):
    """A body nested too deep is a bad body, not a broken server."""

    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return json.loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deep") from None


def create_app(config: Config, services: Services | None = None) -> Flask:
    """The whole console for one configuration. Raises UnmarkedView when a view names no permission."""
    if services is None:
        from web.services import build_services

        services = build_services(config)
    app = Flask("web", static_folder="static", template_folder="templates")
    app.request_class = QuietRequest
    app.json = SafeJSON(app)
    app.config.update(_settings(config))
    app.extensions["tellmore"] = services
    init_problems(app)
    init_headers(app, config.secure_cookies)
    init_identity(app)
    init_i18n(app)
    init_csrf(app)
    init_rate(app, config)
    for room in ROOMS:
        app.register_blueprint(import_module(room).blueprint)
    init_pages(app)
    init_gate(app)
    return app


def _settings(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret("cookie-key").hex(),
        "MAX_CONTENT_LENGTH": BODY_BYTES,
        "SESSION_COOKIE_NAME": "__Host-tellmore" if config.secure_cookies else "tellmore",
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_PATH": "/",
        "PREFERRED_URL_SCHEME": "https" if config.secure_cookies else "http",
        "TEMPLATES_AUTO_RELOAD": False,
    }
