"""What the worker tells the console at once: what it has committed, and what is being heard.

Over a socket in the home folder that no other account can open. A message that nobody takes is lost, and that
is well: the console looks at the database anyway, and what is being heard is not for keeping.
"""

from __future__ import annotations

import contextlib
import json
import logging
import socket
from pathlib import Path
from threading import Thread
from typing import Any

from web.interview.feed import Feed

log = logging.getLogger(__name__)
MOST_BYTES = 64 * 1024


def _place(home: Path) -> Path:
    return home / "run" / "news.sock"


class Teller:
    """The worker's end. Never waits and never fails."""

    def __init__(self, home: Path) -> None:
        self._to = str(_place(home))
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def announce(self, interview_id: str, seq: int) -> None:
        self._send({"interview": interview_id, "seq": seq})

    def hear(self, interview_id: str, lines: list[dict[str, Any]]) -> None:
        self._send({"interview": interview_id, "lines": lines})

    def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # nobody is there, or is too busy
            self._socket.sendto(json.dumps(message).encode(), self._to)


class Ear(Thread):
    """The console's end: hands on to those who follow an interview here. One process at a time."""

    def __init__(self, home: Path, feed: Feed) -> None:
        super().__init__(name="news", daemon=True)
        self._feed = feed
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        place = _place(home)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        self._socket.bind(str(place))
        place.chmod(0o600)

    def run(self) -> None:
        while True:
            try:
                self.take(self._socket.recv(MOST_BYTES))
            except OSError:
                return  # closed
            except (ValueError, KeyError, TypeError) as error:
                log.warning("news from the worker: %s", type(error).__name__)

    def take(self, body: bytes) -> None:
        message = json.loads(body)
        if "seq" in message:
            self._feed.announce(message["interview"], int(message["seq"]))
        else:
            self._feed.hear(message["interview"], list(message["lines"]))


def listen(home: Path, feed: Feed) -> None:
    """Hear the worker's news from now on; where that cannot be, all but live words comes a little later."""
    try:
        Ear(home, feed).start()
    except OSError as error:
        log.warning("no news from the worker: %s", error.strerror)
