from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.authoring.editor import Editor, Users
from tests.authoring.parts import WORDS, own_flow, own_words, supervisor
from tests.authoring.parts import authoring as make_service
from tests.conftest import make_app
from tests.interview.parts import PlainCoder
from web.authoring.service import AuthoringService
from web.config import Config
from web.services import Services
from web.store import Database, Role, User


@pytest.fixture
def service(any_config: Config, database: Database) -> AuthoringService:
    """Once on each kind of database."""
    return make_service(any_config, database)


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
    return make_service(config, lite_database)


@pytest.fixture
def kim(lite_database: Database) -> User:
    """A supervisor, in the database of `lite`."""
    return supervisor(lite_database, "kim")


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    made = make_app(config)
    made.extensions["tellmore"].engines.coder = PlainCoder()
    yield made
    made.extensions["tellmore"].database.close()


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions["tellmore"]
    return found


@pytest.fixture
def authoring(services: Services) -> AuthoringService:
    return services.authoring


@pytest.fixture
def editor(app: Flask, users: Users) -> Editor:
    return Editor(app.test_client(), users[Role.SUPERVISOR])


@pytest.fixture
def other(app: Flask, users: Users) -> Editor:
    return Editor(app.test_client(), users[Role.ADMINISTRATOR])


@pytest.fixture
def draft(authoring: AuthoringService, users: Users) -> str:
    """A draft with a copy of a protocol and a card with own words."""
    made = authoring.create("Ours", users[Role.SUPERVISOR], {**own_flow(), WORDS: own_words()})
    return f"/protocols/drafts/{made.id}"
