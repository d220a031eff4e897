from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.artifacts.server import Server
from web.artifacts import Errands, Fetcher


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def errands(tmp_path: Path) -> Errands:
    return Errands(tmp_path / "incoming")


@pytest.fixture
def fetcher(server: Server) -> Fetcher:
    return Fetcher([server.host], pause_s=0)
