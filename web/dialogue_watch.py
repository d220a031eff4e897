"""Keeps an eye on the dialogue engine, so that nobody waits for one that is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import tenacity

EVERY_S = 2.0
FRESH_S = 5.0


class Watch:
    """A circuit breaker: after a failure the engine counts as down until a look in the background finds it.

    `look` asks the engine for its health and returns the protocols it walks, or raises httpx.HTTPError.
    """

    def __init__(self, look: Callable[[], dict[str, str]]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._state = "unknown"
        self._since = time.time()
        self._heard_at = 0.0
        self._protocols: dict[str, str] = {}
        self.reason = ""

    @property
    def down(self) -> bool:
        return self._state == "down"

    def ready(self) -> bool:
        """Whether the engine answers; looks, at most once, when it was last heard some seconds ago."""
        if not self.down and time.monotonic() - self._heard_at > FRESH_S and not self._found():
            self.lost("unreachable")
        return self._state == "ready"

    def status(self) -> dict[str, Any]:
        self.ready()
        with self._lock:
            return {
                "state": self._state,
                "reason": self.reason,
                "since": self._since,
                "protocols": dict(self._protocols),
            }

    def heard(self) -> None:
        """The engine has just answered."""
        with self._lock:
            self._heard_at = time.monotonic()
            self._set("ready", "")

    def lost(self, reason: str) -> None:
        """The engine has failed to answer: from now on look for it in the background."""
        with self._lock:
            self._set("down", reason)
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._search, name="dialogue-watch", daemon=True)
                self._thread.start()

    def close(self) -> None:
        self._closed.set()
        thread = self._thread
        if thread is not None:
            thread.join(timeout=EVERY_S)

    def _set(self, state: str, reason: str) -> None:
        if self._state != state:
            self._since = time.time()
        self._state, self.reason = state, reason

    def _found(self) -> bool:
        try:
            protocols = self._look()
        except (httpx.HTTPError, ValueError, KeyError):
            return False
        self._protocols = protocols
        self.heard()
        return True

    def _search(self) -> None:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_result(lambda found: not found),
            wait=tenacity.wait_fixed(EVERY_S),
            sleep=tenacity.sleep_using_event(self._closed),
            stop=tenacity.stop_when_event_set(self._closed),
            retry_error_callback=lambda _state: False,
        )
        self._closed.wait(EVERY_S)
        try:
            if not self._closed.is_set():
                retrying(self._found)
        finally:
            with self._lock:
                self._thread = None
