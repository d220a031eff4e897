"""Bodies: how large, and never in a temporary file."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Request
from flask.testing import FlaskClient
from werkzeug import formparser

from web.security.permissions import body_setting
from web.store import Role

MIB = 1024 * 1024


@pytest.fixture
def client(console: Flask, tokens: dict[Role, str]) -> FlaskClient:
    client = console.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {tokens[Role.INTERVIEWER]}"
    return client


@pytest.mark.parametrize(("size", "status"), [(MIB + 1, 413), (MIB - 100, 422)])
def test_most_bodies_may_have_a_mebibyte(client: FlaskClient, size: int, status: int) -> None:
    body = b" " * size  # too large is found on reading, white space on understanding
    answer = client.post("/api/interviews", data=body, content_type="application/json")
    assert answer.status_code == status


def test_views_that_need_more_say_so(console: Flask) -> None:
    larger = {name: body_setting(view) for name, view in console.view_functions.items() if body_setting(view)}
    assert larger == {
        "recording.put_chunk": "max_chunk_bytes",
        "importing.offer": "max_import_bytes",
        "uploads.put": "max_part_bytes",
        "models_api.bring": "max_model_bytes",
        "packages_api.bring": "max_package_bytes",
    }


@pytest.mark.parametrize("ours", [True, False])
def test_an_upload_touches_no_temporary_file(
    console: Flask, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    """The stock request does, which shows that this would be noticed."""
    if not ours:
        monkeypatch.setattr(console, "request_class", Request)
    opened = []
    spooled = formparser.SpooledTemporaryFile

    def noted(*arguments: Any, **more: Any) -> Any:
        opened.append(arguments)
        return spooled(*arguments, **more)

    monkeypatch.setattr(formparser, "SpooledTemporaryFile", noted)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    body = head + b"x" * 900_000 + b"\r\n--b--\r\n"
    with console.test_request_context(
        "/", method="POST", data=body, content_type="multipart/form-data; boundary=b"
    ) as context:
        assert len(context.request.files["file"].read()) == 900_000
    assert (opened == []) is ours
