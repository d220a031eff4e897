"""Speech models in a real browser: fetched from a slow hub, sent as a file, chosen."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from tests.artifacts.server import Server
from tests.conftest import PASSWORD, make_app, make_config, make_users
from tests.e2e.driver import NARROW, browser, console_errors
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.models import ModelsPage
from tests.speech.models import TOY, catalogue
from web.speech.catalogue import Catalogue
from web.store import migrate

pytestmark = [pytest.mark.browser, pytest.mark.loopback]


@pytest.fixture
def hub() -> Iterator[Server]:
    server = Server()
    for name, content in TOY.items():
        server.serve(f"/some/toy/resolve/abc/{name}", content)
    yield server
    server.stop()


@pytest.fixture
def address(tmp_path: Path, hub: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    made = catalogue()
    monkeypatch.setattr(Catalogue, "load", classmethod(lambda cls: made))
    config = make_config(tmp_path / "home")
    migrate.upgrade(config)
    app = make_app(replace(config, models_mirror=hub.url("")))
    app.testing = False
    make_users(app.extensions["tellmore"].database)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    app.extensions["tellmore"].database.close()


def test_a_model_is_fetched_called_off_sent_and_used(address: str, hub: Server, tmp_path: Path) -> None:
    weights = hub.files["/some/toy/resolve/abc/model.bin"]
    weights.stall_after = 100_000
    with browser(width=NARROW) as driver:
        sign_in(driver, address, "administrator", PASSWORD)
        page = ModelsPage(driver, address).open()

        page.click_button("Fetch toy")
        page.wait(lambda: "coming in: 0.1 MB of 0.2 MB" in page.row("toy"), "how far it is")
        page.click_button("Call off toy")
        weights.stall.set()
        page.wait(lambda: "Fetch toy" in page.row("toy"), "the button again")

        bad = tmp_path / "bad.zip"
        bad.write_bytes(b"no zip")
        page.send("toy", bad)
        page.wait(lambda: "neither a folder nor a zip" in page.told, "the reason")

        good = tmp_path / "toy.zip"
        with zipfile.ZipFile(good, "w") as archive:
            for name, content in TOY.items():
                archive.writestr(f"toy/{name}", content)
        page.send("toy", good)
        page.wait(lambda: "Remove toy" in page.row("toy"), "the installed model")

        page.click_button("Use toy")
        page.wait(lambda: "Ukrainian" in page.uses, "the new use")
        width = driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
        problems = [line for line in console_errors(driver) if "422" not in line]
        assert problems == []
