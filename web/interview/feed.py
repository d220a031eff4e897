"""Wakes those who follow an interview.

Inside one process a condition wakes them at once; the worker sends word through web/news.py; whatever else
another process writes is seen by looking at the database every POLL_S. Positions are sequence numbers, never
times.

What is being heard has no number: it is passed on to whoever follows now, written nowhere, and gone from
memory when it gets old or its interview is erased, whether or not anybody follows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Timer
from typing import Any

from sqlalchemy import select

from web.store import Database, Interview

POLL_S = 0.3
FRESH_S = 30.0

Lines = tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Heard:
    lines: Lines
    since: float

    @property
    def old(self) -> bool:
        return time.monotonic() - self.since > FRESH_S


class Feed:
    """One per process; safe for any number of threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = Condition()
        self._latest: dict[str, int] = {}
        self._heard: dict[str, Heard] = {}
        self._clock: Timer | None = None
        self.beyond: Callable[[str, int], None] = lambda interview_id, seq: None
        """Given in the worker: tells the console's process what is announced here."""

    def announce(self, interview_id: str, seq: int) -> None:
        """Tell followers that events up to `seq` are committed."""
        with self._changed:
            if seq > self._latest.get(interview_id, 0):
                self._latest[interview_id] = seq
            self._changed.notify_all()
        self.beyond(interview_id, seq)

    def hear(self, interview_id: str, lines: list[dict[str, Any]]) -> None:
        """Tell followers all that is being heard now, in place of what they were told before."""
        with self._changed:
            self._heard[interview_id] = Heard(tuple(lines), time.monotonic())
            if self._clock is None:
                self._wake(FRESH_S)
            self._changed.notify_all()

    def _wake(self, after_s: float) -> None:
        self._clock = Timer(after_s, self._let_go)
        self._clock.daemon = True
        self._clock.start()

    def _let_go(self) -> None:
        """Forget what is old, and look again when the next will be."""
        with self._changed:
            self._clock = None
            self._heard = {key: one for key, one in self._heard.items() if not one.old}
            if self._heard:
                oldest = min(one.since for one in self._heard.values())
                self._wake(max(0.0, oldest + FRESH_S - time.monotonic()) + POLL_S)

    def heard(self, interview_id: str) -> Lines:
        """What is being heard now."""
        found = self._heard.get(interview_id)
        return () if found is None or found.old else found.lines

    def wait(self, interview_id: str, after: int, timeout_s: float, known: Lines | None = None) -> bool:
        """Whether events past `after` exist, or other things are being heard than the `known` ones (None: no
        matter), waiting for that up to `timeout_s` seconds."""
        until = time.monotonic() + timeout_s

        def news() -> bool:
            heard = known is not None and self.heard(interview_id) != known
            return heard or self._latest.get(interview_id, 0) > after

        while True:
            if news() or self.latest(interview_id) > after:
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            with self._changed:
                self._changed.wait_for(news, min(POLL_S, left))

    def latest(self, interview_id: str) -> int:
        """The last committed sequence number, 0 where there is none."""
        known = self._latest.get(interview_id, 0)
        with self._database.read() as session:
            about = select(Interview.next_seq, Interview.wrapped_key).where(Interview.id == interview_id)
            following, key = session.execute(about).one_or_none() or (1, b"")
        if key is None:  # erased
            with self._changed:
                self._heard.pop(interview_id, None)
        return max(known, following - 1)
