"""tellmore doctor: what is there, what is missing, how to mend it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable

import click
from sqlalchemy import text

from web.config import Config, ConfigError
from web.running.supervise import bot_python
from web.store import Database

GIB = 1024**3


def _home(config: Config) -> str:
    config.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(config.home).free / GIB
    if free < 1:
        raise ConfigError(f"only {free:.1f} GiB are free at {config.home}; an hour of sound needs 0.3")
    return f"{free:.0f} GiB free"


def _database(config: Config) -> str:
    database = Database(config.database_url)
    try:
        with database.read() as session:
            revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    finally:
        database.close()
    return f"{'SQLite' if database.is_sqlite else 'PostgreSQL'}, revision {revision}"


def _protocols(config: Config) -> str:
    from web.authoring.libraries import Libraries, folder_of

    database = Database(config.database_url)
    try:
        libraries = Libraries(database, folder_of(config))
        number, trouble = libraries.current_number, libraries.trouble
    finally:
        database.close()
    if trouble:
        raise ConfigError(trouble)
    return f"edition {number} in force" if number else "as shipped"


def _language(config: Config) -> str:
    from web.language import models

    models.check_parser()
    models.minilm_folder()
    return "files are the known ones"


def _speech(config: Config) -> str:
    from web.speech.models import Models

    models = Models(config.speech_models)
    names = sorted({*models.in_use().values()}) or [models.catalogue.default]
    return ", ".join(models.find(name).name for name in names)


def _bot(config: Config) -> str:
    from protocols.library import load_library
    from web.dialogue import Dialogue

    dialogue = Dialogue(config.bot_url, config.bot_token)
    answers = dialogue.ready()
    if answers and dialogue.walks_other(load_library()):
        raise ConfigError("it walks other protocols than the installed ones; restart Tellmore")
    return f"{bot_python()}; {'answers' if answers else 'not running'}"


CHECKS: dict[str, Callable[[Config], str]] = {
    "home": _home,
    "database": _database,
    "protocols": _protocols,
    "language": _language,
    "speech": _speech,
    "bot": _bot,
}


@click.command("doctor")
def command() -> None:
    """Check every part and print one JSON line for each. Exit 1 if something is missing."""
    config = Config.from_environment()
    failed = False
    for name, check in CHECKS.items():
        try:
            line = {"part": name, "ok": True, "detail": check(config)}
        except Exception as error:  # whatever is wrong with a part is what we are here to tell
            line = {"part": name, "ok": False, "detail": f"{type(error).__name__}: {error}"}
            failed = True
        click.echo(json.dumps(line, ensure_ascii=False))
    sys.exit(1 if failed else 0)
