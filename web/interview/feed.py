"""Wakes those who follow an interview.

Inside one process a condition wakes them at once; what another process writes is seen by looking at the
database every POLL_S. Positions are sequence numbers, never times.
"""

from __future__ import annotations

import time
from threading import Condition

from sqlalchemy import select

from web.store import Database, Interview

POLL_S = 0.3


class Feed:
    """One per process; safe for any number of threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed = Condition()
        self._latest: dict[str, int] = {}

    def announce(self, interview_id: str, seq: int) -> None:
        """Tell followers that events up to `seq` are committed."""
        with self._changed:
            if seq > self._latest.get(interview_id, 0):
                self._latest[interview_id] = seq
            self._changed.notify_all()

    def wait(self, interview_id: str, after: int, timeout_s: float) -> bool:
        """Whether events past `after` exist, waiting for them up to `timeout_s` seconds."""
        until = time.monotonic() + timeout_s
        while True:
            if self.latest(interview_id) > after:
                return True
            left = until - time.monotonic()
            if left <= 0:
                return False
            with self._changed:
                self._changed.wait_for(lambda: self._latest.get(interview_id, 0) > after, min(POLL_S, left))

    def latest(self, interview_id: str) -> int:
        """The last committed sequence number, 0 where there is none."""
        known = self._latest.get(interview_id, 0)
        with self._database.read() as session:
            following = session.scalar(select(Interview.next_seq).where(Interview.id == interview_id))
        return max(known, (following or 1) - 1)
