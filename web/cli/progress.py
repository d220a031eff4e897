"""How far a long run is, on a terminal."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Callable
from typing import IO

import click

EVERY = 0.25
"""Seconds from one line of progress to the next."""
WIDTH = 60


class Progress:
    """Turns done, how many a second, and the share of the file where its size is known.

    Nothing is written where messages go to a file, nor where the turns themselves go to this terminal.
    """

    def __init__(self, shown: bool, size: int, place: Callable[[], int]) -> None:
        self._shown, self._size, self._place = shown, size, place
        self._began = self._last = time.monotonic()
        self._done = 0

    @classmethod
    def of(cls, stream: IO[bytes]) -> Progress:
        """For the turns that are read from `stream`."""
        return cls(sys.stderr.isatty() and not sys.stdout.isatty(), _size(stream), stream.tell)

    def __call__(self, done: int) -> None:
        self._done = done
        now = time.monotonic()
        if self._shown and now - self._last >= EVERY:
            self._last = now
            self._show(now)

    def __enter__(self) -> Progress:
        self._began = self._last = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and self._done:
            self._show(time.monotonic())
            click.echo(err=True)

    def _show(self, now: float) -> None:
        text = f"{self._done:,} turns, {self._done / max(now - self._began, 0.001):.0f} a second"
        if self._size:
            text += f", {min(self._place() / self._size, 1):.0%} of the file read"
        click.echo(f"\r{text:<{WIDTH}}", nl=False, err=True)


def _size(stream: IO[bytes]) -> int:
    """Bytes of the file behind a stream; 0 where there is none, as with a pipe."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
