"""`tellmore import`: a transcript that was written elsewhere becomes the turns of an interview."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from web.config import Config
from web.importing.labels import ROLES, likely
from web.importing.model import MAX_BYTES, BadTranscript, ImportedTranscript
from web.importing.read import read
from web.importing.service import ImportService
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

    Roles are interviewer, child, interpreter_child, interpreter_interviewer, leave_out, and as_before: the
    one who speaks in the line before, for lines without a name (--who =as_before). Says as JSON what was
    found: speakers with their number of turns and likely role, and places to look at.
    """
    content = _content(file)
    roles = _roles(who)
    from web.services import build_services

    service = build_services(Config.from_environment()).imports
    try:
        found = read(content, file.name)
        service.check(interview)
        if not check:
            _bring_in(service, interview, content, file.name, found, roles)
    except BadTranscript as error:
        _refuse(f"{file.name}: {error}")
    except (Conflict, Invalid, NotFound) as error:
        _refuse(error.detail)
    if check:
        click.echo(json.dumps(_shape(found), ensure_ascii=False))


def _bring_in(  # noqa: PLR0917
    service: ImportService,
    interview: str,
    content: bytes,
    name: str,
    found: ImportedTranscript,
    roles: dict[str, str],
) -> None:
    """What waits in somebody's browser is replaced only now, and comes back where this fails."""
    missing = [label for label in found.speakers if label not in roles]
    if missing:
        _refuse("say who is who: " + " ".join(f"--who {ascii(label)}=ROLE" for label in missing))
    done = service.bring_in(interview, content, name, roles)
    shape = {**_shape(found), "brought_in": done.turns, "left_out": done.left_out}
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
            {"label": label, "turns": count, "likely": likely(label)}
            for label, count in transcript.speakers.items()
        ],
        "problems": [{transcript.unit: one.where, "code": one.code} for one in transcript.problems],
    }


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
