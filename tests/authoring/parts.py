"""Own files as an agency might write them, and the service that brings them into force."""

from __future__ import annotations

from collections.abc import Callable

from protocols.copying import copy_flow
from protocols.files import Files
from tests.interview.parts import LIBRARY, PlainCoder
from web.authoring.libraries import Libraries, folder_of
from web.authoring.service import AuthoringService
from web.config import Config
from web.engines import CoderPort
from web.store import Database, Role, User, audit

CARD = "open_job"
SHIPPED = LIBRARY.wording(CARD).text
WORDS = "wording/own_en.yml"
FLOW = "own_house"


def own_words(text: str = "I listen to young people.", card: str = CARD, version: str = "1") -> str:
    """The agency's own words for one card."""
    return (
        f"language: en\nauthor: The house\nversion: '{version}'\nstatus: draft\nwording:\n  {card}: {text}\n"
    )


def own_flow(shipped: str = "nichd_revised_2014", name: str = FLOW) -> dict[str, str]:
    """A copy of a shipped protocol."""
    return copy_flow(LIBRARY.files, shipped, name, "The house's way")


def authoring(
    config: Config, database: Database, coder: Callable[[], CoderPort | None] = PlainCoder
) -> AuthoringService:
    """As in a process that has just started."""
    key = config.secret(audit.KEY_NAME)
    return AuthoringService(database, Libraries(database, folder_of(config)), coder, key)


def supervisor(database: Database, name: str = "sam") -> User:
    user = User(name=name, full_name=name.title(), role=Role.SUPERVISOR, password_hash="-")
    with database.write() as session:
        session.add(user)
    return user


def publish(service: AuthoringService, user: User, changes: dict[str, str | None], note: str = "n") -> int:
    """Bring these changes into force at once."""
    draft = service.create("Draft", user, changes)
    return service.publish(draft.id, note, user, draft.version)


def other_version(files: Files, old: str = SHIPPED, new: str = "This is what I do.") -> dict[str, bytes]:
    """The shipped files of another version of Tellmore: one sentence is another one."""
    changed = {name: raw.replace(old.encode(), new.encode()) for name, raw in files.items()}
    assert changed != files
    return changed
