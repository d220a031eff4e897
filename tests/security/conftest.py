from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import make_app, make_config, make_users
from web.security import sessions
from web.store import Database, Role, migrate


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One console for the sweeps of a module; errors are answered as in real use."""
    config = make_config(tmp_path_factory.mktemp("sweep") / "home")
    migrate.upgrade(config)
    app = make_app(config)
    app.testing = False
    yield app
    app.extensions["tellmore"].database.close()


@pytest.fixture(scope="module")
def tokens(console: Flask) -> dict[Role, str]:
    """A bearer token for one person of each role."""
    database: Database = console.extensions["tellmore"].database
    made = {}
    for role, user in make_users(database).items():
        with database.write() as session:
            made[role], _ = sessions.open_session(session, user, 3600, sessions.TOKEN)
    return made


@pytest.fixture
def catalogs(tmp_path: Path) -> Path:
    """Compiled catalogs for Arabic and Swedish with one sentence each."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    for code, text in (("ar", "تسجيل الدخول"), ("sv", "Logga in")):
        folder = tmp_path / "translations" / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalog = Catalog(locale=code)
        catalog.add("Sign in", text)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
    return tmp_path / "translations"
