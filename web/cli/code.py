"""`tellmore code`: written turns in, the same turns with their codings out."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING

import click

from web.cli.progress import Progress

if TYPE_CHECKING:
    from web.language.batch import Format

INTERRUPTED = 130
"""The exit status that shells give a program ended by Ctrl-C."""


@click.command("code")
@click.argument("file", default="-", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv"]),
    help="How turns are written; by the file's name where it ends in .csv, else jsonl.",
)
def command(file: Path, format_: Format | None) -> None:
    """Code the turns in FILE (or standard input), one line each, and write them back in order.

    A turn has session, turn (a number), speaker (interviewer, child or interpreter) and text, and
    may have age and language. Interviewer turns gain `question`, child turns `response` and
    `indicators`. The first line that cannot be read ends the run with status 2, Ctrl-C with 130; what was
    coded before is written, in whole lines. Files may be of any size: memory does not grow with them.
    """
    try:
        _code(file, format_ or ("csv" if file.suffix.lower() == ".csv" else "jsonl"))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _code(file: Path, chosen: Format) -> None:
    from web.language.batch import BadInput
    from web.language.parse import ModelMissing

    name = "standard input" if str(file) == "-" else file.name
    try:
        stream = click.open_file(str(file), "rb")
    except OSError as error:
        _refuse(f"{file.name}: {error.strerror}")
    try:
        with stream:
            _run(stream, chosen, name)
    except BadInput as error:
        _refuse(str(error))
    except ModelMissing as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _run(stream: IO[bytes], chosen: Format, name: str) -> None:
    from web.language.batch import code_stream, read_lines
    from web.language.coder import Coder

    coder = Coder.load()
    with Progress.of(stream) as progress, WholeLines(sys.stdout.buffer, progress) as out:
        code_stream(read_lines(stream, name), out, format=chosen, coder=coder, name=name)


class WholeLines(io.TextIOBase):
    """Standard output that Ctrl-C does not cut in the middle of a line; a second Ctrl-C does.

    `progress` is told how many lines are out, before Ctrl-C can come between a line and its being counted.
    """

    def __init__(self, raw: IO[bytes], progress: Callable[[int], None] | None = None) -> None:
        self._progress = progress
        self._lines = 0
        self._out = io.TextIOWrapper(raw, encoding="utf-8", newline="\n", write_through=False)
        self._writing = self._stopped = False

    def __enter__(self) -> WholeLines:
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._writing = True
            self._out.flush()
            self._out.detach()
        finally:
            signal.signal(signal.SIGINT, self._before)

    def write(self, text: str) -> int:
        self._writing = True
        written = self._out.write(text)
        self._lines += 1
        if self._progress is not None:
            self._progress(self._lines)
        self._writing = False
        if self._stopped:
            raise KeyboardInterrupt
        return written

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._stopped or not self._writing:
            raise KeyboardInterrupt
        self._stopped = True


def _refuse(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(2)
