"""Words for the states of the engines."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _n
from sqlalchemy import select

from web.config import Config
from web.dialogue import Dialogue
from web.store import Database, Heartbeat

if TYPE_CHECKING:
    from web.authoring.libraries import Libraries
    from web.engines import DialoguePort, Engines

NAMES: dict[str, Any] = {
    "language": _l("Question types"),
    "bot": _l("Guide"),
    "speech": _l("Writing down speech"),
    "translation": _l("Translation"),
}
STATES: dict[str, Any] = {
    "ready": _l("ready"),
    "loading": _l("getting ready"),
    "absent": _l("not installed"),
    "down": _l("does not answer"),
    "failed": _l("could not start"),
}
WITHOUT: dict[str, Any] = {
    "language": _l("Questions are recorded; their types follow once this is ready."),
    "bot": _l("Recording and question types go on; the cards of the protocol stay in their written order."),
    "speech": _l("Type what is said. Recordings are kept and written down later."),
    "translation": _l(
        "Work goes on without translation. An administrator adds languages with: tellmore packages install"
    ),
}


@dataclass(frozen=True)
class Part:
    """One machine part as a person reads it. `meaning`: what goes on without it, empty when ready."""

    name: str
    state: str
    title: str
    label: str
    meaning: str
    detail: str


def parts(engines: Engines) -> list[Part]:
    return [
        Part(
            name=found.name,
            state=found.state,
            title=str(NAMES.get(found.name, found.name)),
            label=str(STATES.get(found.state, found.state)),
            meaning="" if found.state == "ready" else str(WITHOUT.get(found.name, "")),
            detail=found.detail or "",
        )
        for found in engines.states()
    ]


def all_ready(found: list[Part]) -> bool:
    """A part that nobody installed is no trouble."""
    return all(part.state in {"ready", "absent"} for part in found)


def summary(found: list[Part]) -> str:
    """One short line for the header."""
    if all_ready(found):
        return str(_("All parts ready"))
    waiting = [part for part in found if part.state not in {"ready", "absent"}]
    if len(waiting) == 1:
        return str(_("%(part)s: %(state)s", part=waiting[0].title, state=waiting[0].label))
    return str(_n("%(num)d part is not ready", "%(num)d parts are not ready", len(waiting)))


def protocols(libraries: Libraries, dialogue: DialoguePort) -> list[tuple[str, str]]:
    """For administrators: which protocols are in force, and what is wrong with that."""
    number = libraries.current_number
    found = [(_("Protocols"), _("Edition %(n)s", n=number) if number else _("As shipped"))]
    if libraries.trouble:
        found.append((_("Protocols"), libraries.trouble))
    if isinstance(dialogue, Dialogue) and dialogue.walks_other(libraries.shipped):
        found.append((_("Guide"), _("It walks other protocols than the installed ones: restart Tellmore.")))
    return found


def machine(config: Config, database: Database) -> list[tuple[str, str]]:
    """For administrators: name and value of what one asks first when something is slow."""
    disk = shutil.disk_usage(config.home)
    with database.read() as session:
        beats = session.scalars(select(Heartbeat).order_by(Heartbeat.name)).all()
    return [
        (_("Database"), "SQLite" if database.is_sqlite else "PostgreSQL"),
        (_("Free disk space"), _("%(free)s of %(all)s GB", free=disk.free // 10**9, all=disk.total // 10**9)),
        *((beat.name, f"{beat.state} · {beat.at:%Y-%m-%d %H:%M:%S} UTC") for beat in beats),
    ]
