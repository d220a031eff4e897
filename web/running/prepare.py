"""The steps between an installed project and one that can be served; each does nothing when already done."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from web.config import Config
from web.running.supervise import ROOT, CannotServe, bot_python

Say = Callable[[str], Any]
LISTS = (ROOT / "web/language/data/models.json", ROOT / "web/language/learned/weights/made.json")
"""What says which model files are ours, with their hashes; read here so that a start need not load them."""


def models(config: Config, say: Say) -> None:
    """Checks the carried models, byte for byte.

    Once for each state of the models: whoever loads one checks its files again, so a warm start need not
    wait for it here.
    """
    stamp = hashlib.sha256(b"".join(path.read_bytes() for path in LISTS if path.is_file())).hexdigest()
    done = config.home / "models" / f"checked-{stamp[:16]}"
    if done.is_file():
        return
    from web.language.coder import Coder
    from web.speech.models import find

    say("Checking the language and speech models")
    find()
    Coder.load()
    done.parent.mkdir(parents=True, exist_ok=True)
    done.touch()


def train_bot(config: Config, say: Say) -> None:
    """Builds the guide's model from protocols/, only when they changed."""
    environment = {**os.environ, "TELLMORE_HOME": str(config.home), "TELLMORE_BOT_TOKEN": config.bot_token}
    done = subprocess.run(  # noqa: S603
        [str(bot_python()), "-m", "bot.serve", "--train-only"], cwd=ROOT, env=environment, check=False
    )
    if done.returncode:
        raise CannotServe(
            f"The guide could not be prepared (exit {done.returncode}); the lines above say why."
        )


def migrate(config: Config, say: Say) -> None:
    from web.store.migrate import upgrade

    say("Bringing the database up to date")
    upgrade(config)


def first_administrator(config: Config, say: Say) -> None:
    from web.cli.user import ensure_administrator

    ensure_administrator(config)


def editions(config: Config, say: Say) -> None:
    """Keeps the installed protocols, and makes an agency's edition anew when it was made with others."""
    from web.authoring.libraries import Libraries, folder_of
    from web.store import Database

    database = Database(config.database_url)
    try:
        libraries = Libraries(database, folder_of(config))
        try:
            if (number := libraries.renew()) is not None:
                say(f"The installed protocols are other ones: your own were made anew as edition {number}")
        except OSError as error:  # interviews can be led without
            say(f"The protocols could not be kept in {folder_of(config)}: {error.strerror}")
        if libraries.trouble:
            say(libraries.trouble)
    finally:
        database.close()


def packages(config: Config, say: Say) -> None:
    """Puts the translation packages in place that Tellmore carries; what somebody else put there stays."""
    from web.translation.stock import bring_in

    bring_in(config.home / "packages", say)


STEPS: tuple[Callable[[Config, Say], None], ...] = (
    migrate,
    first_administrator,  # asks its question early, so that the rest can run unattended
    editions,
    models,
    packages,
    train_bot,
)


def prepare(config: Config, say: Say) -> None:
    """Run every step in order. Safe to interrupt and to repeat."""
    config.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(PermissionError):  # a folder of somebody else's, lent to us
        config.home.chmod(0o700)
    os.environ["TELLMORE_HOME"] = str(config.home)
    for step in STEPS:
        step(config, say)
