from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.speech.models import catalogue
from web.config import Config
from web.speech.catalogue import Catalogue
from web.speech.installing import Installer
from web.speech.models import Models
from web.store import Role, User


@pytest.fixture
def models(config: Config, monkeypatch: pytest.MonkeyPatch) -> Models:
    made = catalogue()
    monkeypatch.setattr(Catalogue, "load", classmethod(lambda cls: made))
    return Models(config.speech_models, made)


@pytest.fixture
def with_toy(models: Models, tmp_path: Path) -> Models:
    from tests.speech.models import toy_folder

    installer = Installer(models)
    installer.errands.run("toy", installer.carried("toy", toy_folder(tmp_path / "stick"), "stick"))
    return models


class Desk:
    """An administrator at the page."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self._token = client, token

    def page(self, query: str = "") -> str:
        return " ".join(self.client.get(f"/models{query}").text.split())

    def press(self, path: str, **form: str) -> int:
        return self.client.post(f"/models/{path}", data={"csrf_token": self._token} | form).status_code

    def send(self, name: str, content: bytes) -> tuple[int, str]:
        answer = self.client.put(
            f"/api/models/{name}/file",
            data=content,
            headers={"X-CSRFToken": self._token, "Accept": "application/json"},
        )
        return answer.status_code, answer.text

    def until_quiet(self) -> dict[str, str]:
        """What is told of each errand once nothing goes on any more."""
        for _ in range(600):
            found = self.client.get("/api/models/state").json or {}
            if not found["running"]:
                return dict(found["texts"])
            time.sleep(0.1)
        raise AssertionError("it never ends")


@pytest.fixture
def desk(app: Flask, client: FlaskClient, users: dict[Role, User], models: Models) -> Desk:
    return Desk(client, sign_in(client, users[Role.ADMINISTRATOR]))
