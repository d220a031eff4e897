from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interview.parts import Room, make_room
from web.config import Config
from web.store import Database


@pytest.fixture
def room(any_config: Config, database: Database) -> Room:
    """An interview service, once on each kind of database."""
    return make_room(any_config, database)


@pytest.fixture
def lite(config: Config) -> Iterator[Room]:
    """An interview service on SQLite, for what does not depend on the database."""
    opened = Database(config.database_url)
    yield make_room(config, opened)
    opened.close()
