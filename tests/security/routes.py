"""Every route of the console as a request one can send."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask

SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Call:
    endpoint: str
    method: str
    path: str


def calls(app: Flask) -> list[Call]:
    """One for each endpoint and method; ids in the paths belong to nothing."""
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = {name: 1 if name == "number" else "x" for name in rule.arguments}
            if rule.endpoint == "static":
                values = {"filename": "css/base.css"}
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [Call(rule.endpoint, method, path) for method in sorted(methods)]
    return found


def unsafe(app: Flask) -> list[Call]:
    return [call for call in calls(app) if call.method not in SAFE]
