"""The services of the running app, asked for without importing them: they import this package."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from web.services import Services


def services() -> Services:
    return cast("Services", current_app.extensions["tellmore"])
