"""Which parts are ready, for the header and for the page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.authoring.parts import other_version, own_flow, publish
from tests.conftest import sign_in
from tests.interview.parts import LIBRARY, PlainCoder
from web.authoring.libraries import Libraries, folder_of
from web.config import Config
from web.dialogue import Dialogue
from web.engines import EngineState
from web.status import service
from web.store import Heartbeat, Role, User

READY = [EngineState(name, "ready", "secret-detail") for name in ("language", "bot", "speech", "translation")]


@dataclass
class Parts:
    """Stands for the engines, in the states that a test wants."""

    found: list[EngineState]
    dialogue: object = None

    def states(self) -> list[EngineState]:
        return self.found


def changed(**states: str) -> list[EngineState]:
    return [EngineState(part.name, states.get(part.name, "ready"), part.detail) for part in READY]


@pytest.mark.parametrize(
    ("states", "ready", "summary"),
    [
        ({}, True, "All parts ready"),
        ({"translation": "absent"}, True, "All parts ready"),
        ({"bot": "down"}, False, "Guide: does not answer"),
        ({"bot": "loading", "language": "loading"}, False, "2 parts are not ready"),
        ({"speech": "failed"}, False, "Writing down speech: could not start"),
    ],
)
def test_one_short_line_for_the_header(app: Flask, states: dict[str, str], ready: bool, summary: str) -> None:
    with app.test_request_context():
        found = service.parts(Parts(changed(**states)))  # type: ignore[arg-type]
        assert (service.all_ready(found), service.summary(found)) == (ready, summary)


def test_the_page_says_what_goes_on_without_a_part(
    app: Flask, client: FlaskClient, users: dict[Role, User]
) -> None:
    app.extensions["tellmore"].engines = Parts(changed(speech="down"))
    sign_in(client, users[Role.INTERVIEWER])
    text = client.get("/status").text
    assert "Type what is said. Recordings are kept and written down later." in text
    assert "Work goes on without translation" not in text  # it is ready


def test_every_part_and_state_has_plain_words(app: Flask) -> None:
    states = ("ready", "loading", "absent", "down", "failed")
    assert service.NAMES.keys() == service.WITHOUT.keys() == {part.name for part in READY}
    assert service.STATES.keys() == set(states)
    real = app.extensions["tellmore"].engines.states()
    assert [part.name for part in real] == [part.name for part in READY]
    assert {part.state for part in real} <= set(states)


def test_administrators_see_which_protocols_are_in_force(
    app: Flask, client: FlaskClient, users: dict[Role, User], config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = app.extensions["tellmore"]
    services.engines.coder = PlainCoder()
    services.engines.dialogue = Dialogue("http://127.0.0.1:9", "-")
    monkeypatch.setattr(Dialogue, "ready", lambda self: True)
    monkeypatch.setattr(Dialogue, "status", lambda self: {"protocols": {"asylum": "another"}})
    publish(services.authoring, users[Role.SUPERVISOR], dict(own_flow()))
    sign_in(client, users[Role.ADMINISTRATOR])
    page = client.get("/status").text
    assert "Edition 1" in page
    assert "It walks other protocols than the installed ones" in page
    monkeypatch.setattr("web.authoring.libraries.installed", lambda: other_version(LIBRARY.files))
    services.libraries = Libraries(services.database, folder_of(config))
    assert "was made with the protocols of another version" in client.get("/status").text
    services.engines.dialogue.close()


@pytest.mark.parametrize("role", Role)
def test_only_administrators_see_details(
    app: Flask, client: FlaskClient, users: dict[Role, User], role: Role
) -> None:
    app.extensions["tellmore"].engines = Parts(READY)
    with app.extensions["tellmore"].database.write() as session:
        session.add(Heartbeat(name="worker", state="ready", detail={}))
    sign_in(client, users[role])
    page, api = client.get("/status").text, client.get("/api/status")
    for word in ("secret-detail", "Free disk space", "SQLite", "worker"):
        assert (word in page) == (role is Role.ADMINISTRATOR), word
    assert ("secret-detail" in api.text) == (role is Role.ADMINISTRATOR)
    assert api.json is not None
    assert (api.json["ready"], api.json["summary"]) == (True, "All parts ready")
    assert [part["name"] for part in api.json["parts"]] == [part.name for part in READY]
