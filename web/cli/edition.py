"""An edition of the protocols by its number, for commands that walk or show one."""

from __future__ import annotations

from protocols.library import Library


class NoEdition(Exception):
    """There is no such edition, or it cannot be read; the message says which."""


def numbered(number: int) -> Library:
    """The library of this edition. Raises NoEdition."""
    from sqlalchemy import select
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from web.authoring.libraries import Libraries, folder_of
    from web.config import Config
    from web.store import Database, Edition

    config = Config.from_environment()
    database = Database(config.database_url)
    try:
        with database.read() as session:
            name = session.scalar(select(Edition.digest).where(Edition.number == number))
        library = Libraries(database, folder_of(config)).of(name) if name else None
    except (OperationalError, ProgrammingError):
        raise NoEdition("the database cannot be read; prepare it with `tellmore migrate`") from None
    finally:
        database.close()
    if name is None:
        raise NoEdition(f"there is no edition {number}")
    if library is None:
        raise NoEdition(f"edition {number} cannot be read; restore {folder_of(config)} from a backup")
    return library
