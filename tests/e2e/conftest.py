"""One running Tellmore for all end-to-end tests; each test brings its own people and interviews."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.stack import Stack


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """These tests talk to servers on this machine."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("stack"))
    running.start()
    yield running
    running.stop()
