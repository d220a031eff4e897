"""`tellmore code`: written turns in, the same turns with their codings out."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import click


@click.command("code")
@click.argument("file", default="-", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv"]),
    help="How turns are written; by the file's name where it ends in .csv, else jsonl.",
)
def command(file: Path, format_: Literal["jsonl", "csv"] | None) -> None:
    """Code the turns in FILE (or standard input), one line each, and write them back in order.

    A turn has session, turn (a number), speaker (interviewer, child or interpreter) and text, and
    may have age and language. Interviewer turns gain `question`, child turns `response` and
    `indicators`. The first line that cannot be read ends the run with status 2.
    """
    from web.language.batch import BadInput, read_lines
    from web.language.parse import ModelMissing

    chosen = format_ or ("csv" if file.suffix.lower() == ".csv" else "jsonl")
    name = "standard input" if str(file) == "-" else file.name
    try:
        with click.open_file(str(file), "rb") as stream:
            _run(read_lines(stream, name), chosen, name)
    except BadInput as error:
        _refuse(str(error))
    except ModelMissing as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        _refuse(f"{file.name}: {error.strerror}")


def _run(lines: Iterator[bytes], chosen: Literal["jsonl", "csv"], name: str) -> None:
    from web.language.batch import code_stream
    from web.language.coder import Coder

    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n", write_through=False)
    try:
        code_stream(lines, out, format=chosen, coder=Coder.load(), progress=_progress(), name=name)
    finally:
        out.flush()
        out.detach()


def _progress() -> Callable[[int], None] | None:
    """A count on the terminal four times a second; nothing where messages go to a file."""
    if not sys.stderr.isatty():
        return None
    began = shown = time.monotonic()

    def show(done: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown >= 0.25:
            shown = now
            click.echo(f"\r{done:,} turns, {done / (now - began):.0f} a second", nl=False, err=True)

    return show


def _refuse(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(2)
