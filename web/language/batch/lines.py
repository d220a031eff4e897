"""Lines of a file, each of a bounded size, and what is said of one that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

MAX_LINE = 1_000_000
"""Bytes in a line, its end included; longer lines are bad input."""


class BadInput(ValueError):
    """A line that cannot be coded: which file, which line (1-based), and why."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


def read_lines(stream: IO[bytes], name: str) -> Iterator[bytes]:
    """Lines of a binary stream, never more than MAX_LINE bytes in memory. BadInput on a longer one."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise BadInput(name, number, f"longer than {MAX_LINE:,} bytes")
        yield line


def decoded(raw: bytes, name: str, number: int) -> str:
    """The text of line `number` (1-based), a byte order mark left out. BadInput if it has none."""
    if len(raw) > MAX_LINE:
        raise BadInput(name, number, f"longer than {MAX_LINE:,} bytes")
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(name, number, f"not UTF-8 (byte {error.start + 1} of the line)") from None
