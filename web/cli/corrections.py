"""`tellmore corrections`: what supervisors corrected, as examples to look through."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from web.config import Config

if TYPE_CHECKING:
    from web.review.corrections import Gathered
    from web.store import Database, User

NLU_DATA = Path(__file__).parents[2] / "nlu_data"
WARNING = """These are words that children and interviewers said: testimony.
 - Once written to the folder they are outside the sealed record: not encrypted, and not erased with an
   interview.
 - Turns in which a name, a place or a number was seen are left out. Some may have been missed: somebody has
   to read every line before it goes anywhere.
 - Nothing is trained with them unless somebody moves them into nlu_data/.
That you confirmed this is written into the audit log."""


@click.group("corrections")
def command() -> None:
    """Give out what supervisors corrected, as examples."""


@command.command("export")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), help="A new or empty folder.")
@click.option(
    "--administrator", "name", required=True, help="Who confirms; the name goes into the audit log."
)
@click.option("--interview", "only", multiple=True, help="Only this interview; may be given several times.")
@click.option("--confirm", is_flag=True, help="I confirm that these texts may leave the record.")
def export(folder: Path, name: str, only: tuple[str, ...], confirm: bool) -> None:
    """Write supervisors' corrections as Rasa NLU files, to be read by people before anything else.

    Prints how many turns there are and how many are left out, never a word of them. Nothing is written
    unless an administrator confirms, at the terminal or with --confirm.
    """
    from web.review.corrections import gather
    from web.store import Database, Vault

    _check_folder(folder)
    config = Config.from_environment()
    database = Database(config.database_url)
    try:
        administrator = _administrator(database, name)
        with database.read() as session:
            found = gather(session, Vault(config.secret("master-key")), only)
        counts = _counts(found)
        if found.examples and not _confirmed(confirm, counts):
            _end("Nothing was written: nobody confirmed that these texts may leave the record.")
        written = _write(config, database, administrator, folder, found) if found.examples else []
    finally:
        database.close()
    click.echo(json.dumps({**counts, "files": written}))


def _check_folder(folder: Path) -> None:
    if folder.resolve().is_relative_to(NLU_DATA.resolve()):
        _end("Nothing was written: choose a folder outside nlu_data/, so that nothing is trained unread.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        _end(f"Nothing was written: {folder} is there already and not an empty folder.")


def _administrator(database: Database, name: str) -> User:
    from sqlalchemy import select

    from web.store import Role, User

    with database.read() as session:
        user = session.scalar(select(User).where(User.name == name.strip().lower()))
    if user is None or user.role is not Role.ADMINISTRATOR or not user.active:
        _end(f"Nothing was written: {name} is no administrator of this console.")
    return user


def _counts(found: Gathered) -> dict[str, object]:
    return {
        "interviews": len(found.interviews),
        "questions": len(found.of("questions")),
        "children": len(found.of("children")),
        "left_out": {reason: count for reason, count in sorted(found.left_out.items()) if count},
    }


def _confirmed(already: bool, counts: dict[str, object]) -> bool:
    click.echo(WARNING, err=True)
    if already or not sys.stdin.isatty():
        return already
    texts = f"{counts['questions']} questions and {counts['children']} turns of children"
    return click.confirm(f"May {texts} leave the record?", default=False, err=True)


def _write(
    config: Config, database: Database, administrator: User, folder: Path, found: Gathered
) -> list[str]:
    """The files and the audit entries, or neither: the log is only kept if the files were written."""
    from web.review.corrections import PARTS, to_yaml
    from web.store import audit

    key = config.secret(audit.KEY_NAME)
    files = {folder / f"{part}.yml": to_yaml(part, found.of(part)) for part in PARTS if found.of(part)}
    try:
        with database.write() as session:
            for interview, texts in found.interviews.items():
                audit.append(
                    session, key, administrator.id, "corrections:export", interview, {"texts": texts}
                )
            folder.mkdir(parents=True, exist_ok=True)
            for path, text in files.items():
                path.write_text(text, "utf-8")
    except BaseException:
        for path in files:
            path.unlink(missing_ok=True)
        raise
    return [str(path) for path in files]


def _end(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(2)
