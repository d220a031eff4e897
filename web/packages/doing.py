"""What the page and its script do alike: begin an errand, say what was done, and write down who did it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import flash
from flask_babel import gettext as _

from web.artifacts import Busy, Errand, FetchFailed
from web.packages import naming
from web.problems import Problem
from web.security import current_user
from web.security.here import services
from web.store import audit
from web.translation import BadPackage, Installed
from web.translation.offered import Offers

if TYPE_CHECKING:
    from web.services import Services


def start(offers: Offers, name: str, work: Callable[[Errand], None]) -> None:
    try:
        offers.errands.start(name, work)
    except Busy:
        raise busy() from None


def say_installed(package: Installed) -> None:
    note(current_user().id, "package:install", package)
    what = naming.direction(package.source, package.target)
    flash(_("Installed: %(what)s, version %(version)s.", what=what, version=package.ref.version))


def note(actor_id: str, action: str, package: Installed, here: Services | None = None) -> None:
    """Who did it stays in the audit log."""
    here = here or services()
    ref = package.ref
    detail = {"name": ref.name, "version": ref.version, "sha256": ref.sha256}
    with here.database.write() as session:
        audit.append(session, here.config.secret(audit.KEY_NAME), actor_id, action, None, detail)


def refused(problem: BadPackage | FetchFailed) -> Problem:
    said = problem.what if isinstance(problem, BadPackage) else _(problem.text, **problem.values)
    why = said[:1].upper() + said[1:].rstrip(".") + "."
    return Problem(422, _("The package was not installed"), _("%(why)s Nothing was changed.", why=why))


def busy() -> Problem:
    return Problem(409, _("Somebody is already at it"), _("Nothing was changed. Wait until that is done."))


def folder() -> Path:
    return services().config.home / "packages"
