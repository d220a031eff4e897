"""The page, as an administrator sees and uses it."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.artifacts.server import Server
from web.artifacts import Errands
from web.config import Config
from web.store import AuditEntry, Role, User, audit
from web.translation import install, installed
from web.translation.stock import bring_in

NAME = "translate-uk_en"


def told(desk: FlaskClient) -> str:
    return desk.get("/packages").text


def audited(app: Flask) -> list[tuple[str, str | None, str]]:
    here = app.extensions["tellmore"]
    with here.database.read() as session:
        assert audit.verify(session, here.config.secret(audit.KEY_NAME)) is None
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.like("package:%")))
        return [(row.action, row.actor_id, row.detail["name"]) for row in rows]


def test_nothing_installed_is_said_and_nothing_is_drawn(desk: FlaskClient) -> None:
    page = told(desk)
    assert "None. What the child says is shown as it is said." in page
    assert "<svg" not in page


def test_each_package_says_what_it_is_worth_in_words_and_figures(
    desk: FlaskClient, packages_dir: Path, carried: Path, archives: dict[str, Path]
) -> None:
    entries = json.loads((carried / "shipped.json").read_text())
    entries[1]["weak"] = True  # en-es
    (carried / "shipped.json").write_text(json.dumps(entries))
    bring_in(packages_dir, print)
    page = told(desk)
    for text in (
        "Ukrainian to English",
        "Understandable for simple sentences; check anything that matters with the interpreter.",
        "everyday sentences: chrF 52 · interview sentences: chrF 47",
        "chrF 52.4, BLEU 30.1, on 1000 sentences it never saw",
        "Use an interpreter, or the official Argos package.",
        "carried with Tellmore",
        "CC BY 2.0 FR",
        "tatoeba.org",
        installed(packages_dir)[0].ref.sha256,
        "Spanish (through English)",
    ):
        assert text in page, text
    assert page.count('class="way weak"') == 1
    assert "not in place" not in page


def test_a_package_from_a_file_says_that_nobody_measured_it(
    desk: FlaskClient, packages_dir: Path, archives: dict[str, Path]
) -> None:
    install(archives["uk-en"], packages_dir, trial=False)
    page = told(desk)
    assert "Not measured by us." in page
    assert "from a file" in page
    assert "not stated in the package" in page
    assert "chrF 5" not in page


def test_a_file_is_installed_and_replaces_another_version(
    app: Flask, desk: FlaskClient, packages_dir: Path, archives: dict[str, Path], users: dict[Role, User]
) -> None:
    for archive, version in (("uk-en", "1.0"), ("uk-en-2", "2.0")):
        answer = desk.put("/api/packages/file", data=archives[archive].read_bytes())
        assert (answer.status_code, answer.json) == (200, {"url": "/packages"})
        assert f"Installed: Ukrainian to English, version {version}." in told(desk)
    assert [package.ref.version for package in installed(packages_dir)] == ["2.0"]
    assert audited(app) == [("package:install", users[Role.ADMINISTRATOR].id, NAME)] * 2
    assert not list((packages_dir / ".incoming" / "upload").glob("*"))


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"PK", 422, "This is not a complete zip archive, or it is damaged. Nothing was changed."),
        (b"", 422, "The file is empty. Nothing was changed."),
        (b"x" * 2001, 413, "too large"),
    ],
)
def test_a_file_that_is_no_good_changes_nothing(
    content: bytes, status: int, reason: str, app: Flask, desk: FlaskClient, packages_dir: Path
) -> None:
    here = app.extensions["tellmore"]
    object.__setattr__(here.config, "max_package_bytes", 2000)
    answer = desk.put("/api/packages/file", data=content)
    assert answer.status_code == status
    assert reason in answer.text
    assert [path.name for path in packages_dir.glob("[!.]*")] == []
    assert not list((packages_dir / ".incoming").glob("upload/*"))
    assert audited(app) == []


class Sent(io.RawIOBase):
    """A body that knows in which pieces it was read."""

    def __init__(self, size: int) -> None:
        self.left, self.largest = size, 0

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), self.left)
        self.largest, self.left = max(self.largest, len(buffer)), self.left - size
        return size


def sent(desk: FlaskClient, body: io.RawIOBase | io.BytesIO, length: int) -> int:
    environ = {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
    return desk.put("/api/packages/file", environ_overrides=environ).status_code


def test_a_large_file_is_never_in_memory_as_a_whole(desk: FlaskClient) -> None:
    body = Sent(20_000_000)
    assert sent(desk, body, body.left) == 422  # zeros are no package
    assert body.left == 0
    assert body.largest <= 2_000_000


def test_a_body_that_ends_too_early_leaves_nothing(desk: FlaskClient, packages_dir: Path) -> None:
    assert sent(desk, io.BytesIO(b"PK half"), 5000) in {400, 422}
    assert not list((packages_dir / ".incoming").glob("upload/*"))


def test_one_file_at_a_time(desk: FlaskClient, packages_dir: Path, archives: dict[str, Path]) -> None:
    def meanwhile(_: object) -> None:
        answer = desk.put("/api/packages/file", data=archives["uk-en"].read_bytes())
        assert (answer.status_code, "already at it" in answer.text) == (409, True)

    Errands(packages_dir / ".incoming").run("upload", meanwhile)


def test_removing_asks_first_and_lasts(
    app: Flask, desk: FlaskClient, packages_dir: Path, carried: Path, users: dict[Role, User]
) -> None:
    bring_in(packages_dir, print)
    assert "It stays away until somebody installs it again" in desk.get(f"/packages/{NAME}/remove").text
    assert len(installed(packages_dir)) == 2

    assert desk.post(f"/packages/{NAME}/remove").location == "/packages"
    bring_in(packages_dir, print)
    page = told(desk)
    assert "Removed: Ukrainian to English." in page
    assert "Carried with Tellmore, not in place" in page
    assert desk.get(f"/packages/{NAME}/remove").status_code == 404

    assert desk.post(f"/packages/shipped/{NAME}").location == "/packages"
    assert [package.ref.name for package in installed(packages_dir)] == ["translate-en_es", NAME]
    assert [entry[0] for entry in audited(app)] == ["package:remove", "package:install"]
    assert desk.post("/packages/shipped/translate-so_en").status_code == 404


def test_a_carried_file_that_was_damaged_is_refused_in_words(
    desk: FlaskClient, packages_dir: Path, carried: Path
) -> None:
    for file in carried.glob("*uk_en*"):
        file.write_bytes(b"other")
    answer = desk.post(f"/packages/shipped/{NAME}")
    assert (answer.status_code, "Is not the file it should be" in answer.text) == (422, True)
    (carried / "shipped.json").write_text("{")
    assert "shipped.json" in told(desk)
    assert desk.post(f"/packages/shipped/{NAME}").status_code == 422


@pytest.fixture
def server(socket_enabled: None) -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


def finished(desk: FlaskClient) -> dict[str, str]:
    for _ in range(600):
        state = desk.get("/api/packages/state").json
        assert state is not None
        if not state["running"]:
            return dict(state["texts"])
        time.sleep(0.05)
    raise AssertionError("it does not end")


@pytest.mark.loopback
def test_one_is_fetched_from_a_list(
    app: Flask,
    desk: FlaskClient,
    server: Server,
    packages_dir: Path,
    archives: dict[str, Path],
    users: dict[Role, User],
) -> None:
    served = server.serve("/uk.argosmodel", archives["uk-en"].read_bytes(), stall_after=100_000)
    entry = {"from_code": "uk", "to_code": "en", "package_version": "1.0", "links": ["uk.argosmodel"]}
    server.serve("/index.json", json.dumps([entry]).encode())
    assert desk.post("/packages/list", data={"where": server.url("/index.json")}).status_code == 302
    assert finished(desk)["index"] == ""
    assert "Fetch and install" in told(desk)

    assert desk.post(f"/packages/offered/{NAME}").status_code == 302
    assert desk.post(f"/packages/offered/{NAME}").status_code == 409
    assert "Call off" in told(desk)
    served.stall.set()
    assert finished(desk)[NAME] == ""

    page = told(desk)
    assert f"from {server.host}" in page
    assert "installed: 1.0" in page
    assert audited(app) == [("package:install", users[Role.ADMINISTRATOR].id, NAME)]


@pytest.mark.loopback
def test_what_fails_says_why_and_what_is_called_off_is_gone(
    desk: FlaskClient, server: Server, packages_dir: Path, archives: dict[str, Path]
) -> None:
    entry = {"from_code": "uk", "to_code": "en", "package_version": "1.0", "links": ["uk.argosmodel"]}
    server.serve("/index.json", json.dumps([entry]).encode())
    desk.post("/packages/list", data={"where": server.url("/index.json")})
    finished(desk)
    desk.post(f"/packages/offered/{NAME}")
    assert "answers 404" in finished(desk)[NAME]

    served = server.serve("/uk.argosmodel", archives["uk-en"].read_bytes(), stall_after=100_000)
    desk.post(f"/packages/offered/{NAME}")
    desk.post(f"/packages/offered/{NAME}/cancel")
    served.stall.set()
    assert finished(desk)[NAME] == ""
    assert installed(packages_dir) == []
    assert desk.post("/packages/offered/translate-so_en/cancel").status_code == 404


@pytest.mark.parametrize(
    "where", ["", "index.json", "/etc/passwd", "file:///etc/passwd", "ftp://x/y", "https://", "http://[x/"]
)
def test_only_addresses_are_fetched(where: str, desk: FlaskClient, packages_dir: Path) -> None:
    answer = desk.post("/packages/list", data={"where": where})
    assert answer.status_code == 422
    assert "Nothing was fetched." in answer.text
    assert not packages_dir.exists()


def test_a_list_in_a_file_cannot_be_used_from_the_page(
    desk: FlaskClient, packages_dir: Path, config: Config, archives: dict[str, Path]
) -> None:
    """What the command wrote down: the page never reads a path somebody else chose."""
    packages_dir.mkdir(parents=True)
    offer = {"source": "uk", "target": "en", "version": "1", "link": str(archives["uk-en"]), "sha256": None}
    offered = {"where": "/stick/index.json", "at": "2026-01-01T00:00:00+00:00", "packages": [offer]}
    (packages_dir / "offered.json").write_text(json.dumps(offered))
    assert desk.post(f"/packages/offered/{NAME}").status_code == 404
