"""The whole of Tellmore as users run it: supervisor, web, worker, bot, each a real process on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import httpx
from supervisor.xmlrpc import SupervisorTransport

from web.config import Config
from web.security import passwords, sessions
from web.store import Database, Role, User

PASSWORD = "quiet lamp on the table"
PATIENCE_S = 240.0  # the machine may be busy with much else


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
    """Wait for something to come true; the failure says what did not."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            value = true()
        except (httpx.HTTPError, OSError, Fault):
            value = None
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {patience_s:.0f} s")


class Stack:
    """Started by `tellmore serve` in a home of its own; stopped with everything under it."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.environment = {
            **os.environ,
            "TELLMORE_HOME": str(home),
            "TELLMORE_PORT": str(free_port()),
            "TELLMORE_BOT_PORT": str(free_port()),
            "TELLMORE_ADMIN_NAME": "admin",
            "TELLMORE_ADMIN_PASSWORD": PASSWORD,
            **settings,
        }
        self.config = Config.from_environment(self.environment)
        self.url = f"http://127.0.0.1:{self.config.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.config.home.mkdir(parents=True, exist_ok=True)
        log = (self.config.home / "serve.log").open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "serve"],
            env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until(self._alive, "the sign-in page answers")

    def _alive(self) -> bool:
        assert self._process is not None
        code = self._process.poll()
        if code is not None:
            raise AssertionError(
                f"serve ended with {code}: {(self.config.home / 'serve.log').read_text()[-2000:]}"
            )
        return httpx.get(f"{self.url}/ready", timeout=1.0).status_code == 200

    def states(self) -> dict[str, str]:
        answer: dict[str, str] = httpx.get(f"{self.url}/ready", timeout=2.0).json()
        return answer

    def wait_ready(self, *names: str) -> None:
        wanted = names or ("language", "bot", "speech")
        until(
            lambda: all(self.states().get(name) == "ready" for name in wanted), f"{', '.join(wanted)} ready"
        )

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def pid(self, name: str) -> int:
        """Of the program's process as the supervisor sees it; 0 while there is none."""
        socket_path = f"unix://{self.config.home}/run/supervisor.sock"
        proxy = ServerProxy("http://127.0.0.1", transport=SupervisorTransport(serverurl=socket_path))
        info: Any = proxy.supervisor.getProcessInfo(name)
        return int(info["pid"])

    def kill(self, name: str) -> None:
        """SIGKILL the program and all it started, then wait until the supervisor has begun a new one."""
        old = until(lambda: self.pid(name), f"{name} runs")
        os.killpg(os.getpgid(old), signal.SIGKILL)
        until(lambda: self.pid(name) not in (0, old), f"{name} is started again")

    def add_user(self, name: str, role: Role) -> str:
        """A person with PASSWORD; returns a token for programs."""
        database = Database(self.config.database_url)
        try:
            with database.write() as session:
                user = User(name=name, role=role, password_hash=passwords.make_hash(PASSWORD))
                session.add(user)
                session.flush()
                token, _ = sessions.open_session(session, user, 3600, sessions.TOKEN)
                return token
        finally:
            database.close()

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=20.0)

    def files(self) -> list[Path]:
        return [path for path in self.config.home.rglob("*") if path.is_file()]
