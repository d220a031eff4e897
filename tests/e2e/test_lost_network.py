"""The network goes away in mid-interview: nothing said is lost, doubled or out of order."""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import browser
from tests.e2e.interviews import Held
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.live import SPEAKER_KEYS, LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack
from tests.e2e.voice import record, spoken_wav, stop_recording
from tests.e2e.wire import Wire
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
LINES = [
    ("interviewer", "Tell me about your day."),
    ("child", "I went to the lake with my brother"),
    ("interviewer", "Tell me more about the lake."),
    ("child", "we saw two ducks"),
]


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[httpx.Client]:
    stack.wait_ready("language", "bot")
    with stack.client(stack.add_user("lost-kim", Role.INTERVIEWER)) as opened:
        yield opened


@pytest.fixture
def wire(stack: Stack) -> Iterator[Wire]:
    with Wire(stack.config.port) as opened:
        yield opened


@pytest.fixture
def driver(wire: Wire, client: httpx.Client, tmp_path: Path) -> Iterator[Chrome]:
    """Signed in, with a microphone that hears somebody speak."""
    spoken_wav(tmp_path / "room.wav", 4, tracks=1)
    with browser(audio_file=tmp_path / "room.wav") as opened:
        sign_in(opened, wire.url, "lost-kim", PASSWORD)
        yield opened


@pytest.fixture
def room(wire: Wire, driver: Chrome) -> LiveRoom:
    NewInterviewPage(driver, wire.url).open().go()
    opened = LiveRoom(driver, wire.url)
    opened.start()
    return opened


@pytest.fixture
def held(client: httpx.Client, room: LiveRoom) -> Held:
    return Held.of(client, room.interview_id)


def enter(room: LiveRoom, speaker: str, text: str) -> None:
    room.press(SPEAKER_KEYS[speaker])
    room.type(text + Keys.ENTER)


def parts_waiting(room: LiveRoom) -> int:
    """How many parts of the sound the page says are not saved yet."""
    found = re.search(r"(\d+) parts? waiting", room.saved)
    return int(found[1]) if found else 0


def typed(held: Held) -> list[tuple[str, str]]:
    return [
        (event["speaker"], event["text"])
        for event in held.events()
        if event["kind"] == "turn" and event["source"] == "typed"
    ]


def tracks(held: Held) -> list[str]:
    return sorted({event["track"] for event in held.events() if event["kind"] == "audio"})


def test_what_was_typed_and_recorded_without_a_network_arrives_once_and_in_order(
    wire: Wire, room: LiveRoom, held: Held
) -> None:
    enter(room, *LINES[0])
    room.wait(lambda: room.turns == [LINES[0][1]], "the first line")
    record(room)
    wire.pull()
    for speaker, text in LINES[1:]:
        enter(room, speaker, text)
    room.wait(lambda: " unsent" in room.saved, "the unsent lines counted")
    room.wait(lambda: parts_waiting(room) >= 4, "sound waits as well")
    room.wait(lambda: wire.in_vain >= 3, "the stream asked for again and again")
    assert room.waiting == [text for _, text in LINES[1:]]
    assert typed(held) == LINES[:1], "nothing can have arrived"

    wire.plug_in()
    room.wait(lambda: not room.waiting and room.saved == "recording · all saved", "all of it saved")
    room.wait(lambda: not room.notices, "no notice any more")
    stop_recording(room)
    room.wait(lambda: room.saved == "not recording · all saved", "the rest of the sound saved")
    assert typed(held) == LINES
    for _, text in LINES:
        assert room.turns.count(text) == 1
    room.wait(
        lambda: "CryptoKey" not in room.stores(), "the key of what waited removed, once the track was ended"
    )
    (track,) = tracks(held)
    state = held.client.get(f"{held.path}/audio/{track}").json()
    assert state["ended"]
    assert state["chunks"] == state["next"] >= 4


def test_the_stream_of_events_comes_back_by_itself(wire: Wire, room: LiveRoom, held: Held) -> None:
    wire.pull()
    room.wait(lambda: any("No connection" in notice for notice in room.notices), "the notice")
    room.wait(lambda: wire.in_vain >= 3, "the stream asked for again and again")
    held.say("child", "written by another program meanwhile")
    wire.plug_in()
    room.wait(lambda: room.turns == ["written by another program meanwhile"], "what was missed")
    held.say("child", "and after that")
    room.wait(lambda: room.turns[1:] == ["and after that"], "what came later")


def test_sound_not_yet_sent_outlives_the_page(wire: Wire, driver: Chrome, room: LiveRoom, held: Held) -> None:
    room.block("*/api/*/audio/*")
    record(room)
    room.wait(lambda: parts_waiting(room) >= 3, "three parts waiting")
    driver.refresh()
    room = LiveRoom(driver, wire.url)
    room.wait(lambda: "parts waiting" in room.saved, "the parts are still there")
    assert not tracks(held), "nothing can have arrived"
    room.block()
    room.wait(lambda: room.saved == "not recording · all saved", "all parts saved")
    room.wait(
        lambda: "CryptoKey" not in room.stores(), "the key of what waited removed, once the track was ended"
    )
    (track,) = tracks(held)
    state = held.client.get(f"{held.path}/audio/{track}").json()
    assert state["ended"]
    assert state["chunks"] == state["next"] >= 3
    with wave.open(io.BytesIO(held.client.get(f"{held.path}/audio/{track}.wav").content)) as file:
        assert file.getnframes() * 1000 // 16_000 == state["saved_ms"]
        assert any(file.readframes(file.getnframes()))
