"""`tellmore import`: a transcript that was written elsewhere becomes the turns of an interview."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from web.config import Config
from web.importing.labels import ROLES, role_of
from web.importing.model import MAX_BYTES, BadTranscript, ImportedTranscript
from web.importing.service import ImportService, Waiting
from web.interview.errors import Conflict, Invalid, NotFound


@click.command("import")
@click.argument("interview")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--who",
    "who",
    metavar="LABEL=ROLE",
    multiple=True,
    help="Who a speaker of the file is; for each of them.",
)
@click.option("--check", is_flag=True, help="Only say what is in the file.")
def command(interview: str, file: Path, who: tuple[str, ...], check: bool) -> None:
    """Bring the transcript FILE (VTT, SRT, ELAN, JSON, CSV, DOCX table) into INTERVIEW, which has no turns.

    Roles are interviewer, child, interpreter_child, interpreter_interviewer and leave_out. Says as JSON
    what was found: speakers with their number of turns and likely role, and places to look at.
    """
    content = _content(file)
    roles = _roles(who)
    from web.services import build_services

    service = build_services(Config.from_environment()).imports
    try:
        found = service.offer(interview, content, file.name)
    except BadTranscript as error:
        _refuse(f"{file.name}: {error}")
    except (Conflict, NotFound) as error:
        _refuse(error.detail)
    if check:
        service.discard(interview)
        click.echo(json.dumps(_shape(found.transcript), ensure_ascii=False))
        return
    _bring_in(service, interview, found, roles)


def _bring_in(service: ImportService, interview: str, found: Waiting, roles: dict[str, str]) -> None:
    missing = [label for label in found.transcript.speakers if label not in roles]
    if missing:
        service.discard(interview)
        _refuse("say who is who: " + " ".join(f"--who {ascii(label)}=ROLE" for label in missing))
    try:
        done = service.confirm(interview, found.sha256, roles, None)
    except (Conflict, Invalid) as error:
        service.discard(interview)
        _refuse(error.detail)
    shape = {**_shape(found.transcript), "brought_in": done.turns, "left_out": done.left_out}
    click.echo(json.dumps(shape, ensure_ascii=False))


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        _refuse(f"{file}: {error.strerror}")


def _roles(who: tuple[str, ...]) -> dict[str, str]:
    roles = {}
    for one in who:
        label, _, role = one.rpartition("=")
        if role not in ROLES:
            _refuse(f"--who {ascii(one)}: a role is one of {', '.join(ROLES)}")
        roles[label] = role
    return roles


def _shape(transcript: ImportedTranscript) -> dict[str, Any]:
    """Codes and places, none of the words."""
    return {
        "format": transcript.format,
        "turns": len(transcript.turns),
        "speakers": [
            {"label": label, "turns": count, "likely": role_of(label)}
            for label, count in transcript.speakers.items()
        ],
        "problems": [{transcript.unit: one.where, "code": one.code} for one in transcript.problems],
    }


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
