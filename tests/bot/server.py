"""Starts the real Rasa server for tests and measurements; runs under either Python."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-for-tests-only-0123456789"
START_S = 120


def bot_python() -> str | None:
    """The Python that holds Rasa: this one, the one named by TELLMORE_BOT_PYTHON, or none."""
    if sys.version_info[:2] == (3, 10):
        return sys.executable
    return os.environ.get("TELLMORE_BOT_PYTHON")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class BotServer:
    """A server on a free port with a home of its own; its output goes to `home/bot.log`."""

    def __init__(self, python: str, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url, self.log = f"http://127.0.0.1:{self.port}", home / "bot.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._python = python

    def run(self, *arguments: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
        """Run `bot.serve` to its end and return what it said."""
        return subprocess.run(
            [self._python, "-m", "bot.serve", *arguments],
            cwd=ROOT,
            env=self._environment(token),
            capture_output=True,
            text=True,
            timeout=START_S,
            check=False,
        )

    def start(self) -> None:
        """Start and wait until the server answers. AssertionError shows its output if it does not."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self._python, "-m", "bot.serve"],
                cwd=ROOT,
                env=self._environment(TOKEN),
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + START_S
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)

    def answers(self) -> bool:
        request = urllib.request.Request(f"{self.url}/webhooks/labels/")
        request.add_header("Authorization", f"Bearer {TOKEN}")
        try:
            with urllib.request.urlopen(request, timeout=1) as response:
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, as an out-of-memory killer would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def _environment(self, token: str) -> dict[str, str]:
        own = {
            "TELLMORE_HOME": str(self.home),
            "TELLMORE_BOT_PORT": str(self.port),
            "TELLMORE_BOT_TOKEN": token,
            "TMPDIR": str(self.home / "tmp"),
        }
        (self.home / "tmp").mkdir(parents=True, exist_ok=True)
        return {**os.environ, **own}
