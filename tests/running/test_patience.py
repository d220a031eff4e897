"""Clients that fall silent in the middle of a request do not keep the console from the others."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.stack import free_port, until
from web.config import Config
from web.running.supervise import programs

SERVER = """
import web.running.patience as patience
patience.SILENCE_S = 1
when_ready = patience.when_ready
"""
ANSWER = """
def app(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.mark.loopback
def test_silent_clients_do_not_hold_every_thread(tmp_path: Path, socket_enabled: None) -> None:
    (tmp_path / "settings.py").write_text(SERVER)
    (tmp_path / "plain.py").write_text(ANSWER)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "plain:app", "--worker-class", "gthread", "--threads", "2"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "-c", "settings.py"]
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}:{Path.cwd()}"}
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    try:
        until(lambda: ask(port) == b"ok", "the server answers", 30)
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(4)]
        for one in silent:
            one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx")
        until(lambda: ask(port) == b"ok", "the server answers beside silent clients", 30)
        for one in silent:
            one.close()
    finally:
        server.terminate()
        server.wait()


def test_the_console_is_served_with_patience_that_ends(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELLMORE_BOT_PYTHON", sys.executable)
    web = next(shlex.split(program.command) for program in programs(config) if program.name == "web")
    assert web[web.index("-c") + 1] == "python:web.running.patience"


def ask(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=3) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return client.makefile("rb").read()[-2:]
