"""Turns in, codings out, in order: the next window of turns is read while the last one is being decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from web.language.batch.lines import BadInput
from web.language.batch.rows import Format, Row, rows
from web.language.batch.talks import Talks
from web.language.batch.writing import TakesText, writer
from web.language.conversation import Conversation
from web.language.model import Coding, Turn

if TYPE_CHECKING:
    from web.language.coder import Heard

WINDOW = 256
"""Turns that are read together: the more there are, the more of them are of one length."""
WINDOW_BYTES = 1_000_000
"""A window is closed with the turn that makes it this large."""


class CodesTurns(Protocol):
    """What `code_stream` needs of a coder: `read` does for many turns what can be done out of context.

    `read` is called on another thread while `code` runs on this one.
    """

    def read(self, turns: Sequence[Turn]) -> list[Heard | None]: ...

    def code(self, conversation: Conversation, turn: Turn, heard: Heard | None = None) -> Coding: ...


def code_stream(
    lines: Iterable[bytes],
    out: TakesText,
    *,
    format: Format,
    coder: CodesTurns,
    progress: Callable[[int], None] | None = None,
    name: str = "-",
) -> int:
    """Code every turn of `lines` in order and write each back to `out`; how many turns that were.

    At most two windows of turns are held. `progress` is told the number of turns done after each. Raises
    BadInput for the first line that cannot be read; all lines before it have been written.
    """
    write, talks, done = writer(out, format), Talks(name), 0
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as pool:
        for row, heard in _read_ahead(_windows(rows(lines, format, name)), coder, pool):
            coding = coder.code(talks.of(row), row.turn, heard)
            try:
                write(row, coding)
            except RecursionError:
                raise BadInput(name, row.line, "nested too deeply") from None
            done += 1
            if progress is not None:
                progress(done)
    return done


def _read_ahead(
    windows: Iterator[list[Row]], coder: CodesTurns, pool: ThreadPoolExecutor
) -> Iterator[tuple[Row, Heard | None]]:
    """Every row with what was read of it; rows before a bad line come before the line is complained of."""
    waiting: tuple[list[Row], Future[list[Heard | None]]] | None = None
    fault: BadInput | None = None
    while fault is None:
        try:
            window = next(windows, None)
        except BadInput as error:
            window, fault = None, error
        fresh = (window, pool.submit(coder.read, [row.turn for row in window])) if window else None
        if waiting is not None:
            yield from zip(waiting[0], waiting[1].result(), strict=True)
        if fresh is None:
            break
        waiting = fresh
    if fault is not None:
        raise fault from None


def _windows(found: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows by WINDOW or WINDOW_BYTES; those before a bad line come before the line is complained of."""
    window: list[Row] = []
    size = 0
    fault: BadInput | None = None
    try:
        for row in found:
            window.append(row)
            size += row.size
            if len(window) >= WINDOW or size >= WINDOW_BYTES:
                yield window
                window, size = [], 0
    except BadInput as error:
        fault = error
    if window:
        yield window
    if fault is not None:
        raise fault from None
