"""`tellmore translate`: one line in, one JSON line out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click

from web.config import Config
from web.translation import BadPackage, NoRoute, Translator
from web.translation.engine import LONGEST_TEXT

PAGE = 100  # lines translated at once


@click.command("translate")
@click.option("--from", "source", required=True, metavar="L", help="Language of the lines, e.g. uk.")
@click.option("--to", "target", required=True, metavar="L", help="Language wanted, e.g. en.")
@click.option(
    "--threads", default=2, show_default=True, type=click.IntRange(1, 64), help="Processor threads."
)
@click.option("--keep", multiple=True, metavar="WORD", help="A name that passes as it is; may be repeated.")
@click.option("--round-trip", is_flag=True, help="Translate back as well and say where that differs.")
@click.argument("file", default="-", type=click.Path(path_type=Path))
def command(
    *, source: str, target: str, threads: int, keep: tuple[str, ...], round_trip: bool, file: Path
) -> None:
    """Translate FILE (or standard input), line by line, with the installed packages; nothing is fetched.

    Every answer names its way and its packages; warnings say where to ask an interpreter.
    """
    translator = Translator(Config.from_environment().home / "packages", threads)
    if translator.routes(source, target) is None:
        _refuse(str(NoRoute(source, target)))
    lines = _lines(file)
    for page in (lines[at : at + PAGE] for at in range(0, len(lines), PAGE)):
        try:
            done = translator.translate_many(page, source, target, keep, round_trip=round_trip)
        except BadPackage as error:
            _refuse(f"{file}: {error}")
        for line, one in zip(page, done, strict=True):
            answer = {"text": line, "translation": one.text, "route": one.route}
            answer |= {"packages": one.as_dict()["packages"], "warnings": one.warnings}
            click.echo(json.dumps(answer, ensure_ascii=False))


def _lines(file: Path) -> list[str]:
    """All lines, checked before the first is translated, so that bad input leaves no half of an answer."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        _refuse(f"{file}: cannot be read ({error.strerror})")
    lines = []
    for number, line in enumerate(raw.splitlines(), 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            _refuse(f"{file}:{number}: this is not UTF-8 text")
        if len(text) > LONGEST_TEXT:
            _refuse(f"{file}:{number}: {len(text)} characters; at most {LONGEST_TEXT} are translated at once")
        lines.append(text)
    return lines


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
