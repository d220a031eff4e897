"""A person who writes protocols and words in the pages."""

from __future__ import annotations

import html
import json
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.authoring.parts import FLOW
from tests.conftest import sign_in
from web.authoring.service import AuthoringService
from web.store import Role, User

Users = dict[Role, User]
FLOW_FILE = f"flows/{FLOW}/flow.yml"


class Editor:
    """A person with a browser and no scripts."""

    def __init__(self, client: FlaskClient, user: User) -> None:
        self.client, self.user = client, user
        self.token = sign_in(client, user)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return html.unescape(answer.text)

    def post(self, path: str, status: int = 302, /, **form: str) -> TestResponse:
        answer = self.client.post(path, data={"csrf_token": self.token, **form})
        assert answer.status_code == status, answer.text
        return answer

    def json(self, method: str, path: str, status: int = 200, /, **body: object) -> dict[str, object]:
        headers = {"X-CSRFToken": self.token, "Content-Type": "application/json"}
        answer = self.client.open(path, method=method, data=json.dumps(body), headers=headers)
        assert answer.status_code == status, answer.text
        found: dict[str, object] = answer.get_json()
        return found


def textarea(page: str, name: str) -> str:
    """What stands in a field, as a browser reads it."""
    found = re.search(rf'<textarea[^>]*(?:name|id)="{name}"[^>]*>\r?\n?(.*?)</textarea>', page, re.S)
    assert found, f"no field {name}"
    return html.unescape(found[1])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no {name}"
    return found[1]


def latest(authoring: AuthoringService) -> str:
    return f"/protocols/drafts/{authoring.drafts()[0].id}"
