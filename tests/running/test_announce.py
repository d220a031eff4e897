"""What a newcomer reads while Tellmore comes up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from web.running.announce import announce

STATES = [
    {"bot": "loading", "language": "loading"},
    {"bot": "loading", "language": "ready"},
    {"bot": "ready", "language": "ready"},
]


@pytest.fixture
def address(socket_enabled: None) -> Iterator[str]:
    coming = iter(STATES)
    last = STATES[-1]

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(next(coming, last)).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Ready)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.loopback
def test_the_address_comes_once_then_each_change_until_all_is_ready(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    announce(address, patience_s=30)
    printed = capsys.readouterr().out
    assert printed.count(address) == 1
    lines = [line.strip() for line in printed.splitlines() if "bot" in line]
    assert lines == [
        "bot loading · language loading",
        "bot loading · language ready",
        "bot ready · language ready",
    ]


@pytest.mark.loopback
def test_silence_ends_with_where_to_look(socket_enabled: None, capsys: pytest.CaptureFixture[str]) -> None:
    announce("http://127.0.0.1:9", patience_s=0.5)
    assert "logs/" in capsys.readouterr().out
