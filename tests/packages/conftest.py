"""An administrator at the page, and a folder that is carried."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.translation.conftest import archives
from tests.translation.test_packages_stock import carry
from web.config import Config
from web.store import Role, User
from web.translation import stock

__all__ = ["archives"]


@pytest.fixture
def carried(tmp_path: Path, archives: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """uk-en, measured, and en-es, weak."""
    folder = carry(tmp_path / "shipped", archives["uk-en"], archives["en-es"])
    monkeypatch.setattr(stock, "FOLDER", folder)
    return folder


@pytest.fixture
def packages_dir(config: Config) -> Path:
    return config.home / "packages"


@pytest.fixture
def token(client: FlaskClient, users: dict[Role, User]) -> str:
    return sign_in(client, users[Role.ADMINISTRATOR])


@pytest.fixture
def desk(client: FlaskClient, token: str) -> FlaskClient:
    client.environ_base["HTTP_X_CSRFTOKEN"] = token
    return client
