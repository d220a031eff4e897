"""One microphone, two voices: a file nobody named, and a key pressed again, by browser and worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import browser, console_errors
from tests.e2e.interviews import Held
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.files import RecordingsPage
from tests.e2e.pages.live import LiveRoom, NewInterviewPage
from tests.e2e.pages.voices import VoicesPage
from tests.e2e.stack import PASSWORD, Stack, until
from tests.e2e.voice import SPOKEN, record, spoken_wav
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
TURNS = 8


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[httpx.Client]:
    stack.wait_ready("language", "bot", "speech")
    with stack.client(stack.add_user("voices-kim", Role.INTERVIEWER)) as opened:
        yield opened


@pytest.fixture
def driver(stack: Stack, client: httpx.Client) -> Iterator[Chrome]:
    with browser() as opened:
        sign_in(opened, stack.url, "voices-kim", PASSWORD)
        yield opened


def heard(held: Held) -> bool:
    """Whether the turns of a track were put together."""
    return any(event.get("action") == "voices" for event in held.events())


def pressed(held: Held) -> list[dict[str, Any]]:
    """The speaker keys, the one that the page begins with among them."""
    return [event for event in held.events() if event.get("action") == "speaker"]


def test_a_person_says_whose_the_voices_of_a_file_are_and_how_many(
    stack: Stack, client: httpx.Client, driver: Chrome, tmp_path: Path
) -> None:
    spoken_wav(tmp_path / "talk.wav", TURNS, tracks=1)
    held = Held(client)
    files = RecordingsPage(driver, stack.url).open(f"/interviews/{held.id}/recordings")
    files.choose(tmp_path / "talk.wav")
    until(lambda: heard(held), "the voices are told apart")
    at = f"/interviews/{held.id}/voices"
    page = VoicesPage(driver, stack.url).open(at)
    assert page.voices == 2
    assert client.get(page.plays(0)).headers["content-type"].startswith("audio/")
    page.say("interviewer", "child")
    assert page.uncertain() <= 2, "all but a word or two"
    sides = [one.get_attribute("data-speaker") for one in page.all(".seg")]
    assert sides[:4] == [turn["speaker"] for turn in SPOKEN[:4]]
    before = page.uncertain()
    page.open(at).count(3)
    until(lambda: not page.open(at).waits, "they are put together anew")
    assert 2 <= page.voices <= 3
    assert {page.is_(voice) for voice in range(page.voices)} <= {"interviewer", "child", ""}
    assert page.is_(0) == "interviewer"
    page.open(f"/interviews/{held.id}/transcript")
    assert page.uncertain() == before, "what was said of them stays"
    assert [one.get_attribute("data-speaker") for one in page.all(".seg")] == sides
    assert not console_errors(driver)


def test_her_key_counts_though_the_page_began_with_her(
    stack: Stack, client: httpx.Client, tmp_path: Path
) -> None:
    placed = spoken_wav(tmp_path / "room.wav", 3, tracks=1)
    with browser(audio_file=tmp_path / "room.wav") as driver:
        sign_in(driver, stack.url, "voices-kim", PASSWORD)
        NewInterviewPage(driver, stack.url).open().go(protocol="minimal_facts")
        room = LiveRoom(driver, stack.url)
        room.start()
        began = record(room)
        time.sleep(max(0.0, began + (placed[0]["start_ms"] - 1200) / 1000 - time.monotonic()))
        room.press(Keys.F2)
        held = Held.of(client, room.interview_id)
        until(lambda: len(pressed(held)) == 2, "the key was sent")
        assert {mark["speaker"] for mark in pressed(held)} == {"interviewer"}
        until(held.turns, "the first turn")
        first = next(event for event in held.events() if event["kind"] == "turn")
        assert (first["speaker"], first.get("unsure")) == ("interviewer", None)
