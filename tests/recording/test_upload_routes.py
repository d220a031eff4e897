"""Recorded files in parts over HTTP, and their page."""

from __future__ import annotations

import hashlib
import html
import json
import re
from base64 import b64encode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.conftest import sign_in
from tests.recording.sounds import wav
from web.interview.new import NewInterview
from web.recording.upload_file import SealedParts
from web.recording.upload_reading import FileReader
from web.services import Services
from web.store import AuditEntry, Role, Track, Upload, UploadState, User
from web.store.base import new_id

CONTENT = wav(140)  # two parts


class Sending:
    """A client that sends one file."""

    def __init__(self, client: FlaskClient, interview_id: str, token: str) -> None:
        self.client, self.header = client, {"X-CSRFToken": token}
        self.index = f"/api/interviews/{interview_id}/uploads"
        self.path = f"{self.index}/{new_id()}"

    def begin(self, size: object = len(CONTENT), **more: object) -> TestResponse:
        return self.client.put(self.path, json={"size": size, **more}, headers=self.header)

    def put(self, number: int, body: bytes) -> TestResponse:
        headers = {**self.header, "X-Chunk-SHA256": hashlib.sha256(body).hexdigest()}
        return self.client.put(f"{self.path}/{number}", data=body, headers=headers)


@pytest.fixture
def interview_id(here: Services, users: dict[Role, User]) -> str:
    new = NewInterview(case_code="K-17", protocol="minimal_facts", child_age=8)
    return here.interviews.create(users[Role.INTERVIEWER], new).id


@pytest.fixture
def sending(client: FlaskClient, users: dict[Role, User], interview_id: str) -> Sending:
    return Sending(client, interview_id, sign_in(client, users[Role.INTERVIEWER]))


def asked(here: Services) -> list[tuple[str, str]]:
    """What the queue holds for the worker."""
    return [(task.name, *task.args) for task in here.jobs.queue.pending()]


def test_a_file_goes_up_in_parts_and_the_worker_is_asked_to_read_it(sending: Sending, here: Services) -> None:
    begun = sending.begin(speakers=["child"])
    assert (begun.status_code, begun.json["of"], begun.json["next"]) == (201, 2, 0)
    size = begun.json["part_bytes"]
    assert sending.begin(speakers=["child"]).status_code == 200
    first = sending.put(0, CONTENT[:size])
    assert (first.status_code, first.json["state"], first.json["next"]) == (201, "receiving", 1)
    assert not asked(here)
    last = sending.put(1, CONTENT[size:])
    assert (last.status_code, last.json["state"]) == (201, "waiting")
    assert asked(here) == [("read", sending.path.rpartition("/")[2])]
    assert sending.client.get(sending.path).json == last.json
    assert sending.client.get(sending.index).json == {"uploads": [last.json]}


def test_refusals_say_what_and_what_next(sending: Sending) -> None:
    size = sending.begin().json["part_bytes"]
    early = sending.put(1, CONTENT[size:])
    assert (early.status_code, early.json["next"]) == (409, 0)
    short = sending.put(0, CONTENT[:100])
    assert (short.status_code, short.json["field"]) == (422, "body")
    assert sending.put(0, CONTENT[: size + 1]).status_code == 413
    assert sending.put(0, bytes(size)).status_code == 201
    other = sending.put(0, CONTENT[:size])
    assert (other.status_code, other.json["next"]) == (409, 1)
    assert sending.client.get(f"{sending.index}/{'0' * 24}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"size": 0},
        {"size": "1"},
        {"size": 2**40},
        {"size": 9, "speakers": ["judge"]},
        {"size": 9, "name": "Mia.wav"},
    ],
)
def test_an_announcement_that_cannot_be_is_refused(sending: Sending, body: dict[str, object]) -> None:
    answer = sending.client.put(sending.path, json=body, headers=sending.header)
    assert answer.status_code == 422
    assert sending.client.get(sending.index).json == {"uploads": []}


def test_cancelling_and_going_on(sending: Sending, here: Services) -> None:
    size = sending.begin().json["part_bytes"]
    sending.put(0, CONTENT[:size])
    cancelled = sending.client.delete(sending.path, headers=sending.header)
    assert (cancelled.status_code, cancelled.json["state"]) == (200, "cancelled")
    assert sending.client.post(f"{sending.path}/again", headers=sending.header).status_code == 409
    assert [name for name, _ in asked(here)] == ["read"], "for what waited for it"


def sent_and_read(sending: Sending, here: Services) -> str:
    """The SHA-256 of a file that was read to its end."""
    size = sending.begin().json["part_bytes"]
    for number in range(2):
        sending.put(number, CONTENT[number * size : (number + 1) * size])
    reader = FileReader(here.database, here.vault, here.parts._files, here.recordings, 1 << 30)
    while reader.step().more:
        pass
    found = sending.client.get(sending.path).json
    assert (found["state"], found["kept"]) == ("done", True)
    return found["sha256"]


def test_a_file_is_given_back_as_it_came_and_that_is_noted(
    app: Flask, sending: Sending, here: Services, users: dict[Role, User], interview_id: str
) -> None:
    digest = sent_and_read(sending, here)
    assert digest == hashlib.sha256(CONTENT).hexdigest()
    given = sending.client.get(f"{sending.path}/file")
    assert given.status_code == 200
    assert given.data == CONTENT
    assert given.content_length == len(CONTENT)
    assert given.headers["Repr-Digest"] == f"sha-256=:{b64encode(bytes.fromhex(digest)).decode()}:"
    assert given.headers["Content-Disposition"].startswith("attachment")
    with here.database.read() as session:
        noted = list(session.scalars(select(AuditEntry).where(AuditEntry.action == "upload:give")))
    assert [(entry.actor_id, entry.subject_id) for entry in noted] == [
        (users[Role.INTERVIEWER].id, interview_id)
    ]
    client = app.test_client()
    sign_in(client, users[Role.ADMINISTRATOR])
    assert client.get(f"{sending.path}/file").status_code == 403


def test_a_file_is_opened_part_by_part(
    sending: Sending, here: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_and_read(sending, here)
    opened = []
    real = SealedParts.part
    monkeypatch.setattr(SealedParts, "part", lambda file, number: opened.append(number) or real(file, number))
    answer = sending.client.get(f"{sending.path}/file", buffered=False)
    assert opened == [0, 0], "tried first, so that a damaged file is an error page; then what goes out first"
    assert b"".join(answer.iter_encoded()) == CONTENT
    assert opened == [0, 0, 1]


def test_only_a_file_that_was_stopped_is_removed(sending: Sending, here: Services) -> None:
    sent_and_read(sending, here)
    file = f"{sending.path}/file"
    assert sending.client.delete(file, headers=sending.header).status_code == 409
    assert sending.client.get(file).status_code == 200
    with here.database.write() as session:
        session.execute(update(Upload).values(state=UploadState.CANCELLED))
    refused = sending.client.delete(file, headers=sending.header)
    assert refused.status_code == 409, "it is still to be written down"
    with here.database.write() as session:
        session.execute(update(Track).values(heard_out=True))
    removed = sending.client.delete(file, headers=sending.header)
    assert (removed.status_code, removed.json["again"], removed.json["kept"]) == (200, False, False)
    assert removed.json["read_ms"] == 140_000, "its sound stays"
    assert sending.client.get(file).status_code == 404


def test_the_page_begins_with_what_is_known(sending: Sending, interview_id: str) -> None:
    sending.begin()
    page = sending.client.get(f"/interviews/{interview_id}/recordings")
    data = re.search(r'<template id="uploads-data">(.*?)</template>', page.text, re.DOTALL)
    assert data
    script = json.loads(html.unescape(data[1]))
    assert [upload["state"] for upload in script["uploads"]] == ["receiving"]
    states = {"receiving", "waiting", "reading", "done", "cancelled", "failed"}
    assert {f"state_{state}" for state in states} <= script["texts"].keys()


def test_who_may_read_the_interview_finds_the_file_and_changes_nothing(
    app: Flask, sending: Sending, here: Services, users: dict[Role, User], interview_id: str
) -> None:
    """A supervisor sees it on the page of the review; the page for bringing files in is the interviewer's."""
    digest = sent_and_read(sending, here)
    sending.path, read = f"{sending.index}/{new_id()}", sending.path
    sending.begin()
    client = app.test_client()
    token = sign_in(client, users[Role.SUPERVISOR])
    page = client.get(f"/review/{interview_id}").text
    assert digest in page
    (link,) = re.findall(rf'href="({sending.index}/[0-9a-f]+/file)"', page)
    assert link == f"{read}/file"
    assert client.get(link).data == CONTENT
    assert len(client.get(sending.index).json["uploads"]) == 2
    assert client.get(read).json["sha256"] == digest
    other = Sending(client, interview_id, token)
    other.path = sending.path
    for answer in (
        client.get(f"/interviews/{interview_id}/recordings"),
        other.begin(),
        other.put(0, CONTENT[:10]),
        client.delete(sending.path, headers=other.header),
        client.delete(f"{read}/file", headers=other.header),
    ):
        assert answer.status_code == 404
    stranger = app.test_client()
    sign_in(stranger, users[Role.ADMINISTRATOR])
    for path in (sending.index, read, link):
        assert stranger.get(path).status_code == 403
