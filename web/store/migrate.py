"""Bringing a database to the newest revision."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select

from web.config import Config
from web.store.base import Base
from web.store.db import Database

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_355_609


def upgrade(config: Config, revision: str = "head") -> None:
    """Does nothing when the database is already there. All or nothing, and one process at a time."""
    _run(config.database_url, command.upgrade, revision)


def downgrade(config: Config, revision: str) -> None:
    """Back to an older revision; what only the newer one can hold is lost."""
    _run(config.database_url, command.downgrade, revision)


def differences(url: str | None = None) -> list[str]:
    """What the models have and the newest revision lacks, or the other way round, found on an empty
    database (SQLite unless `url` names another)."""
    if url is None:
        with TemporaryDirectory() as folder:
            return differences(f"sqlite:///{folder}/empty.sqlite3")
    _run(url, command.upgrade, "head")
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return [repr(difference) for difference in compare_metadata(context, Base.metadata)]
    finally:
        database.close()


def alembic_config(connection: Connection) -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


def _run(url: str, step: object, revision: str) -> None:
    database = Database(url)
    try:
        with database.engine.connect().execution_options(write=True) as connection, connection.begin():
            if not database.is_sqlite:
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            assert callable(step)
            step(alembic_config(connection), revision)
    finally:
        database.close()
