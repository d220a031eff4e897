from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.authoring.parts import authoring, supervisor
from web.authoring.service import AuthoringService
from web.config import Config
from web.store import Database, User


@pytest.fixture
def service(any_config: Config, database: Database) -> AuthoringService:
    """Once on each kind of database."""
    return authoring(any_config, database)


@pytest.fixture
def sam(database: Database) -> User:
    """A supervisor, in the database of `service`."""
    return supervisor(database)


@pytest.fixture
def lite_database(config: Config) -> Iterator[Database]:
    """SQLite, for what does not depend on the database."""
    opened = Database(config.database_url)
    yield opened
    opened.close()


@pytest.fixture
def lite(config: Config, lite_database: Database) -> AuthoringService:
    return authoring(config, lite_database)


@pytest.fixture
def kim(lite_database: Database) -> User:
    """A supervisor, in the database of `lite`."""
    return supervisor(lite_database, "kim")
