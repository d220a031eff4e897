"""`tellmore protocols import`, `export` and `history`: an agency's own files, from and to a folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from web.authoring.service import AuthoringService
    from web.engines import CoderPort

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("import")
@click.argument("folder", type=_FOLDER)
@click.option("--note", required=True, help="What changes and why, for the history.")
def import_(folder: Path, note: str) -> None:
    """Publish the own files in FOLDER as a new edition, in place of all own files before.

    The folder is as `export` writes it: flows/own_NAME/, wording/own_LANGUAGE.yml, packs/NAME.yml. Interviews
    that have begun keep their edition. Exit status 1, with one JSON line a problem, where something is wrong.
    """
    from web.authoring.errors import NotOwn, Refused
    from web.problems import Problem

    own = _read(folder)
    with _service(coded=True) as service:
        try:
            number = service.bring_in(own, note)
        except NotOwn:
            _leave(2, f"{folder} holds a file that cannot be your own: {_stranger(own)}")
        except Refused as refused:
            for problem in refused.problems:
                click.echo(json.dumps(asdict(problem), ensure_ascii=False))
            _leave(1, f"{len(refused.problems)} problems; nothing was published")
        except Problem as problem:
            _leave(1 if problem.status == 503 else 2, f"{problem.title}. {problem.detail}")
        changed = [change.path for change in service.diff(number - 1, number)]
    click.echo(json.dumps({"edition": number, "changed": changed}))


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--edition", "number", type=int, help="Its number; the newest without it.")
def export(folder: Path, number: int | None) -> None:
    """Write the own files of an edition to FOLDER, which is new or empty."""
    from web.authoring.errors import NoEdition

    if folder.exists() and any(folder.iterdir()):
        _leave(2, f"nothing was written: {folder} is not empty")
    with _service() as service:
        lines = service.history()
        wanted = number if number is not None else max((line.number for line in lines), default=0)
        try:
            own = service.edition(wanted)
        except NoEdition:
            _leave(2, f"there is no edition {wanted}; the newest is {len(lines)}")
    if wanted <= 0:
        _leave(2, "nothing was written: there is no edition, only the shipped protocols")
    for path, text in own.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    click.echo(json.dumps({"edition": wanted, "files": sorted(own)}))


@click.command()
def history() -> None:
    """One JSON line an edition, the newest first."""
    with _service() as service:
        for line in service.history():
            told = {**asdict(line), "created_at": line.created_at.isoformat(timespec="seconds")}
            click.echo(json.dumps(told, ensure_ascii=False))


def _read(folder: Path) -> dict[str, str]:
    """The files in the folder by their path in it; hidden ones are no part of it."""
    from protocols.editions import MAX_BYTES, MAX_FILES

    own: dict[str, str] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_dir() or any(part.startswith(".") for part in inside.parts):
            continue
        size += path.stat().st_size
        if len(own) >= MAX_FILES or size > MAX_BYTES:
            _leave(2, f"{folder} holds more than {MAX_FILES} files or {MAX_BYTES} bytes")
        try:
            own[inside.as_posix()] = path.read_bytes().decode()
        except UnicodeDecodeError:
            _leave(2, f"{path} is not UTF-8 text")
    return own


def _stranger(own: dict[str, str]) -> str:
    from protocols.editions import may_be_own
    from web.authoring.libraries import installed

    shipped = installed()
    return next(path for path in own if not may_be_own(path, shipped))


@contextmanager
def _service(coded: bool = False) -> Iterator[AuthoringService]:
    """`coded`: with the language models, without which nothing is published."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from web.authoring.libraries import Libraries, folder_of
    from web.authoring.service import AuthoringService
    from web.config import Config
    from web.store import Database, audit

    config = Config.from_environment()
    database = Database(config.database_url)
    coder = _coder() if coded else None
    try:
        libraries = Libraries(database, folder_of(config))
        yield AuthoringService(database, libraries, lambda: coder, config.secret(audit.KEY_NAME))
    except (OperationalError, ProgrammingError):
        _leave(2, "the database cannot be read; prepare it with `tellmore migrate`")
    finally:
        database.close()


def _coder() -> CoderPort | None:
    from web.language.coder import Coder
    from web.language.parse import ModelMissing

    try:
        return Coder.load()
    except ModelMissing as error:
        click.echo(str(error), err=True)
        return None


def _leave(status: int, message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status)
