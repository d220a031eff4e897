"""Recorded files in parts and transcripts, through the pages: broken off, gone on with, a worker killed."""

from __future__ import annotations

import hashlib
import secrets
import wave
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from selenium.webdriver import Chrome

from tests.e2e.driver import browser, console_errors
from tests.e2e.interviews import Held
from tests.e2e.pages.base import Page, sign_in
from tests.e2e.pages.files import ImportPage, RecordingsPage
from tests.e2e.stack import PASSWORD, Stack, until
from tests.e2e.voice import AUDIO, SPOKEN, understood
from tests.importing.files import TALK, vtt
from web.speech.audio import Recording
from web.speech.model import RATE
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[httpx.Client]:
    stack.wait_ready("language", "bot", "speech")
    with stack.client(stack.add_user("files-kim", Role.INTERVIEWER)) as opened:
        yield opened


@pytest.fixture
def driver(stack: Stack, client: httpx.Client) -> Iterator[Chrome]:
    with browser() as opened:
        sign_in(opened, stack.url, "files-kim", PASSWORD)
        yield opened


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """The stored interview and then quiet, together of more than one part."""
    with Recording(AUDIO / "two-tracks.opus") as read:
        said = np.concatenate(list(read.chunks()), axis=1)
    quiet = np.random.default_rng(1).normal(0, 6, (2, 100 * RATE)).astype(np.int16)
    with wave.open(str(tmp_path / "talk.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.ascontiguousarray(np.concatenate([said, quiet], axis=1).T).tobytes())
    return tmp_path / "talk.wav"


def begin_and_break_off(client: httpx.Client, held: Held, file: Path) -> str:
    """As a page that was closed after the first part."""
    address = f"{held.path}/uploads/{secrets.token_hex(12)}"
    content = file.read_bytes()
    known = client.put(address, json={"size": len(content), "speakers": ["interviewer", "child"]}).json()
    assert known["of"] > 1
    part = content[: known["part_bytes"]]
    headers = {"X-Chunk-SHA256": hashlib.sha256(part).hexdigest()}
    assert client.put(f"{address}/0", content=part, headers=headers).status_code == 201
    return address


def test_a_file_broken_off_is_sent_to_its_end_and_read_though_the_worker_is_killed(
    stack: Stack, client: httpx.Client, driver: Chrome, recording: Path
) -> None:
    held = Held(client)
    address = begin_and_break_off(client, held, recording)
    page = RecordingsPage(driver, stack.url).open(f"/interviews/{held.id}/recordings")
    page.wait(lambda: page.state.startswith("5 MB of"), "what has arrived")
    page.go_on(recording)
    page.wait(lambda: page.line.startswith("Sent."), "the rest arrives")
    stack.kill("worker")
    until(lambda: client.get(address).json()["state"] == "done", "the file is read")
    page.open(f"/interviews/{held.id}/recordings")  # come back later
    page.wait(lambda: page.state.startswith("Read to the end: 2 minutes."), "the end")
    assert client.get(page.given_at).content == recording.read_bytes()
    assert not console_errors(driver)

    def turns() -> list[dict[str, str]]:
        return [event for event in held.events() if event["kind"] == "turn"]

    until(lambda: len(turns()) >= len(SPOKEN) - 1, "what was said is written down")
    for speaker in ("interviewer", "child"):
        said = [turn["text"] for turn in turns() if turn["speaker"] == speaker]
        assert understood(said, [turn["text"] for turn in SPOKEN if turn["speaker"] == speaker]) >= 0.6


def test_another_file_in_its_place_is_refused_and_cancelling_removes_it(
    stack: Stack, client: httpx.Client, driver: Chrome, recording: Path, tmp_path: Path
) -> None:
    held = Held(client)
    address = begin_and_break_off(client, held, recording)
    other = tmp_path / "other.wav"
    other.write_bytes(bytes(100) + recording.read_bytes()[100:])
    page = RecordingsPage(driver, stack.url).open(f"/interviews/{held.id}/recordings")
    page.go_on(other)
    page.wait(lambda: "not the file that was begun" in page.line, "a refusal")
    driver.execute_script("window.confirm = () => true")
    page.find('[data-act="cancel"]').click()
    page.wait(lambda: page.state.startswith("Cancelled."), "cancelled")
    assert client.get(address).json()["next"] == 0
    assert not list(stack.config.home.glob(f"audio/{held.id}/*/*.part"))


def test_a_transcript_is_looked_at_and_brought_in(
    stack: Stack, client: httpx.Client, driver: Chrome, tmp_path: Path
) -> None:
    held = Held(client, child_language="uk")
    (tmp_path / "talk.vtt").write_bytes(vtt())
    page = ImportPage(driver, stack.url).open(f"/interviews/{held.id}/import")
    page.choose(tmp_path / "talk.vtt")
    assert page.roles == {"Interviewer": "interviewer", "Mia": ""}
    assert TALK[3][1] in page.text
    page.say_who(1, "child")
    page.confirm()
    room = Page(driver, stack.url)
    room.wait(lambda: len(room.all("#turns > *")) >= len(TALK), "the turns in the room")
    turns = [event for event in held.events() if event["kind"] == "turn"]
    assert [(turn["text"], turn["started_ms"]) for turn in turns] == [(text, at) for _, text, at, _ in TALK]
    until(lambda: [e for e in held.events() if e["kind"] == "coding"], "the worker codes it")
    assert not console_errors(driver)
