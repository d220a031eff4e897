from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

if importlib.util.find_spec("rasa") is None:
    collect_ignore_glob = ["test_*.py"]  # these run in the bot's own environment
else:
    import requests

    from bot import libraries
    from protocols.library import Library, load_library
    from tests.bot.server import TOKEN, BotServer, bot_python
    from tests.bot.talk import Talk

    class Client:
        """Posts turns as the console would."""

        def __init__(self, server: BotServer) -> None:
            self.server = server
            self.http = requests.Session()
            self.http.trust_env = False
            self.http.headers["Authorization"] = f"Bearer {TOKEN}"

        def post(self, conversation: str, *labels: dict[str, Any], **more: Any) -> requests.Response:
            body = {"conversation": conversation, "protocol": "nichd_revised_2014", "age": 9, "seen": 0}
            return self.send({**body, "labels": list(labels), **more})

        def send(self, body: Any) -> requests.Response:
            return self.http.post(f"{self.server.url}/webhooks/labels/turn", json=body, timeout=10)

        def get(self, path: str) -> requests.Response:
            return self.http.get(self.server.url + path, timeout=10)

    @pytest.fixture(scope="session")
    def library() -> Library:
        return load_library()

    @pytest.fixture(scope="session")
    def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotServer]:
        python = bot_python()
        assert python is not None
        server = BotServer(python, tmp_path_factory.mktemp("bot"))
        server.start()
        yield server
        server.kill()

    @pytest.fixture
    def client(server: BotServer) -> Client:
        if not server.answers():
            server.start()
        return Client(server)

    @pytest.fixture
    def conversation(request: pytest.FixtureRequest) -> str:
        """An interview of this test's own."""
        return "".join(c if c.isalnum() else "_" for c in request.node.name)[:50]

    @pytest.fixture(scope="session")
    def model(server: BotServer) -> Path:
        return next((server.home / "bot" / "models").glob("*.tar.gz"))

    @pytest.fixture(scope="session")
    def talk(server: BotServer, model: Path) -> Iterator[Talk]:
        """An engine in this process, with the home of the server."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TELLMORE_HOME", str(server.home))
            libraries.forget()
            talk = Talk(model)
            yield talk
            talk.loop.close()
        libraries.forget()
