from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.interview.parts import Room, make_room
from web.config import Config
from web.store import Database, Role, User


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


@pytest.fixture
def anna(client: FlaskClient, users: dict[Role, User]) -> User:
    """The interviewer, signed in."""
    sign_in(client, users[Role.INTERVIEWER])
    return users[Role.INTERVIEWER]
