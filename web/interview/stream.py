"""Server-sent events by sequence number: replay from the record, then follow it. Never by time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore

from web.interview.audience import ROOM, Audience
from web.interview.events import Happening
from web.interview.feed import Lines
from web.interview.service import InterviewService
from web.problems import Problem

HEARTBEAT_S = 10.0
LIFE_S = 300.0
RETRY_MS = 2000
PAGE = 200


class TooManyStreams(Problem):
    """No stream is free; the events can be fetched with ?poll=1 meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            503,
            "Too many open pages",
            "Everything is saved. The page goes on by asking every few seconds.",
            headers={"Retry-After": "5"},
        )


class Streams:
    """Hands out streams, `cap` at most at one time in this process."""

    def __init__(self, interviews: InterviewService, cap: int) -> None:
        self._interviews = interviews
        self._free = BoundedSemaphore(cap)

    def open(
        self, interview_id: str, after: int, allowed: Callable[[], bool], audience: Audience = ROOM
    ) -> tuple[Iterator[str], Callable[[], None]]:
        """The stream and what to call when it is done with. Raises TooManyStreams."""
        if not self._free.acquire(blocking=False):
            raise TooManyStreams
        return follow(self._interviews, interview_id, after, allowed, audience), self._free.release


def follow(
    interviews: InterviewService,
    interview_id: str,
    after: int,
    allowed: Callable[[], bool],
    audience: Audience = ROOM,
    *,
    life_s: float = LIFE_S,
    heartbeat_s: float = HEARTBEAT_S,
) -> Iterator[str]:
    """Events past `after`, each once and in order. Ends after `life_s` seconds, or when `allowed()` says no:
    it is asked before anything is sent. The browser resumes with the last number it has."""
    until = time.monotonic() + life_s
    heard: Lines = ()
    yield f"retry: {RETRY_MS}\n\n"
    while time.monotonic() < until:
        if not allowed():
            return
        committed = interviews.feed.latest(interview_id)
        page = interviews.history(interview_id, after, PAGE, audience.kinds)
        for happening in page:
            if audience.gets(happening):
                yield as_text(happening)
            after = happening.seq
        if len(page) == PAGE:
            continue
        after = max(after, committed)  # past what this stream does not show
        if audience.hears and (now := interviews.feed.heard(interview_id)) != heard:
            heard = now
            yield as_heard(heard)
            continue
        left = max(0.0, until - time.monotonic())
        known = heard if audience.hears else None
        if not interviews.feed.wait(interview_id, after, min(heartbeat_s, left), known):
            yield ": still here\n\n"


def as_heard(lines: Lines) -> str:
    """What is being heard, on the wire: without a number, as it is no event of the record."""
    return f"event: hearing\ndata: {json.dumps({'lines': lines}, ensure_ascii=False)}\n\n"


def as_text(happening: Happening) -> str:
    """One event on the wire. JSON has no line breaks, so the text cannot break the frame."""
    body = json.dumps(happening.as_dict(), ensure_ascii=False)
    return f"id: {happening.seq}\nevent: {happening.kind.value}\ndata: {body}\n\n"
