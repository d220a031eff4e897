"""What the pages do: begin an errand, choose, and write down who did it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from web.artifacts import Busy, Errand, FetchFailed
from web.artifacts.model import N_
from web.models.page import MEASURE
from web.problems import Problem
from web.security.here import services
from web.speech.installing import Installer
from web.speech.models import BadModel, Model, Models
from web.store import audit

if TYPE_CHECKING:
    from web.services import Services

LOOK_S = 0.2
FAILED = N_("It could not be measured: %(why)s")


def installer() -> Installer:
    config = services().config
    return Installer(Models(config.speech_models), config.models_mirror)


def start(here: Installer, name: str, work: Callable[[Errand], None]) -> None:
    """Begin in the background. Raises Problem where somebody is at it."""
    try:
        here.errands.start(name, work)
    except Busy:
        raise busy() from None


def noted(
    here: Services, actor_id: str, name: str, work: Callable[[Errand], None]
) -> Callable[[Errand], None]:
    """The same work; that it was done is written down with who asked for it."""

    def done(errand: Errand) -> None:
        work(errand)
        note(here, actor_id, "model:install", name)

    return done


def note(here: Services, actor_id: str, action: str, name: str, model: Model | None = None) -> None:
    """`model` as it was, where it is gone by now."""
    model = model or Models(here.config.speech_models).installed().get(name)
    detail = {"name": name} | ({"sha256": model.sha256, "source": model.source} if model else {})
    with here.database.write() as session:
        audit.append(session, here.config.secret(audit.KEY_NAME), actor_id, action, None, detail)


def measure(here: Installer, home: Path, name: str) -> None:
    """Measure in a process of its own: a large model needs memory that this one should never take."""

    def work(errand: Errand) -> None:
        command = [sys.executable, "-m", "web.cli", "models", "measure", name]
        with (
            tempfile.TemporaryFile() as errors,  # a pipe that nobody reads meanwhile would stop it when full
            subprocess.Popen(  # noqa: S603
                command, env=_environment(home), stdout=subprocess.DEVNULL, stderr=errors
            ) as process,
        ):
            try:
                while process.poll() is None:
                    errand.wait(LOOK_S)
            finally:
                process.kill()
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip().splitlines()
        if process.returncode:
            raise FetchFailed(FAILED, why=said[-1][:200] if said else process.returncode)

    start(here, f"{MEASURE}{name}", work)


def refused(problem: BadModel | FetchFailed) -> Problem:
    why = str(_(problem.text, **problem.values)) if isinstance(problem, FetchFailed) else str(problem)
    why = why[:1].upper() + why[1:].rstrip(".") + "."
    return Problem(422, _("That could not be done"), _("%(why)s Nothing was changed.", why=why))


def busy() -> Problem:
    return Problem(409, _("Somebody is already at it"), _("Nothing was changed. Wait until that is done."))


def _environment(home: Path) -> dict[str, str]:
    import os

    return {**os.environ, "TELLMORE_HOME": str(home)}
