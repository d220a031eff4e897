"""Interviews by voice: a fake microphone that plays machine voices, everything behind it real."""

from __future__ import annotations

import io
import wave
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from sqlalchemy import func, select

from tests.e2e.driver import browser, console_errors
from tests.e2e.interviews import Held
from tests.e2e.pages.base import Page, sign_in
from tests.e2e.pages.live import ClosingPage, LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack, until
from tests.e2e.voice import (
    AUDIO,
    SPOKEN,
    press_speaker_keys,
    record,
    spoken_wav,
    stop_recording,
    understood,
    words,
)
from web.speech.model import RATE
from web.store import Chunk, Database, Role, Track

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
TURNS = 6  # of the dialogue, for the microphone: it plays in real time
Events = list[dict[str, Any]]


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[httpx.Client]:
    """The interviewer, as a program: to look at the record beside the page."""
    stack.wait_ready("language", "bot", "speech")
    stack.add_user("voice-rim", Role.SUPERVISOR)
    with stack.client(stack.add_user("voice-kim", Role.INTERVIEWER)) as opened:
        yield opened


@pytest.fixture
def open_room(stack: Stack, client: httpx.Client) -> Any:
    def open_room(driver: Chrome) -> LiveRoom:
        sign_in(driver, stack.url, "voice-kim", PASSWORD)
        NewInterviewPage(driver, stack.url).open().go(protocol="minimal_facts")
        room = LiveRoom(driver, stack.url)
        room.start()
        return room

    return open_room


def all_heard(client: httpx.Client, interview_id: str, tracks: int) -> Events:
    """The turns, once every track has been listened to whole."""
    held = Held.of(client, interview_id)

    def done() -> bool:
        names = {event["track"] for event in held.events() if event["kind"] == "audio"}
        states = [client.get(f"{held.path}/audio/{name}").json() for name in names]
        return len(states) == tracks and all(
            state["ended"] and state["transcribed_ms"] >= state["saved_ms"] for state in states
        )

    until(done, "all sound was listened to")
    return [event for event in held.events() if event["kind"] == "turn"]


def check(turns: Events, spoken: list[dict[str, Any]]) -> None:
    """Most words were written down, for the right speaker, each turn once, in time."""
    for speaker in ("interviewer", "child"):
        said = [turn["text"] for turn in turns if turn["speaker"] == speaker]
        wanted = [turn["text"] for turn in spoken if turn["speaker"] == speaker]
        assert understood(said, wanted) >= 0.6, (speaker, said)
        assert len(words(" ".join(said))) <= 1.3 * len(words(" ".join(wanted))), "nothing is there twice"
    starts = [turn["started_ms"] for turn in turns]
    assert starts == sorted(set(starts))
    assert len({turn["number"] for turn in turns}) == len(turns)


def test_an_interview_by_one_microphone_from_the_first_word_to_the_review(
    stack: Stack, client: httpx.Client, open_room: Any, tmp_path: Path
) -> None:
    placed = spoken_wav(tmp_path / "room.wav", TURNS, tracks=1)
    with browser(audio_file=tmp_path / "room.wav") as driver:
        room = open_room(driver)
        before = room.card
        began = record(room)
        press_speaker_keys(room, began, placed)
        room.wait(lambda: len(room.turns) >= 3, "turns while it is being recorded")
        assert room.saved.startswith("recording")
        room.wait(lambda: set(room.ribbon) & set("IWYC"), "the type of a question")
        room.wait(lambda: room.card and (room.card != before or room.next_cards), "guidance")
        room.wait(lambda: len(room.turns) >= TURNS, "the last turn")
        stop_recording(room)
        room.wait(lambda: room.saved == "not recording · all saved", "everything acknowledged")
        interview = room.interview_id
        turns = all_heard(client, interview, tracks=1)
        check(turns, placed)
        room.wait(lambda: room.turns == [turn["text"] for turn in turns], "all turns on the page")
        assert not console_errors(driver)
        end_with_a_reason(room)
        driver.delete_all_cookies()
        sign_in(driver, stack.url, "voice-rim", PASSWORD)
        every_turn_can_be_listened_to(driver, stack, interview, turns)


def end_with_a_reason(room: LiveRoom) -> None:
    room.find("#end").send_keys(Keys.ENTER)
    page = ClosingPage(room.driver, room.address)
    page.wait(lambda: "/close" in room.driver.current_url, "the closing page")
    page.end("The child had to leave.")
    page.wait(lambda: "/summary" in room.driver.current_url, "the summary")
    assert "The child had to leave." in page.text


def every_turn_can_be_listened_to(driver: Chrome, stack: Stack, interview: str, turns: Events) -> None:
    for turn in turns:
        page = Page(driver, stack.url).open(f"/review/{interview}?turn={turn['number']}")
        assert turn["text"] in page.text
        sound = page.find(".review-chosen .listen")
        assert 0 <= plays_for(driver, sound) - (turn["ended_ms"] - turn["started_ms"]) / 1000 < 1.5
    content = b64decode(fetched(driver, sound.get_attribute("src") or ""))
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert any(file.readframes(file.getnframes()))


def plays_for(driver: Chrome, sound: Any) -> float:
    """Seconds, as the browser's player sees it."""
    return float(
        driver.execute_async_script(
            """const [sound, done] = arguments;
            sound.addEventListener("loadedmetadata", () => done(sound.duration));
            sound.addEventListener("error", () => done(-1));
            sound.preload = "metadata";
            sound.load();""",
            sound,
        )
    )


def fetched(driver: Chrome, address: str) -> str:
    return str(
        driver.execute_async_script(
            """const [address, done] = arguments;
            fetch(address).then((answer) => answer.blob()).then((blob) => {
              const reader = new FileReader();
              reader.onload = () => done(reader.result.split(",")[1]);
              reader.readAsDataURL(blob);
            });""",
            address,
        )
    )


def test_two_channels_need_no_speaker_key(client: httpx.Client, open_room: Any, tmp_path: Path) -> None:
    placed = spoken_wav(tmp_path / "both.wav", 3, tracks=2)
    with browser(audio_file=tmp_path / "both.wav") as driver:
        room = open_room(driver)
        record(room, layout="channels")
        room.wait(lambda: len(room.turns) >= 3, "three turns")
        stop_recording(room)
        room.wait(lambda: room.saved == "not recording · all saved", "everything acknowledged")
        turns = all_heard(client, room.interview_id, tracks=2)
        check(turns, placed)
        assert [turn["speaker"] for turn in turns] == [turn["speaker"] for turn in placed]
        assert not console_errors(driver)


KEEP_CONTEXTS = """
const Real = AudioContext;
globalThis.contexts = [];
globalThis.AudioContext = class extends Real {
  constructor(...given) { super(...given); contexts.push(this); }
};
"""


SLEEP = """
const [context, done] = [contexts.at(-1), arguments[0]];
context.suspend().then(() => setTimeout(() => context.resume().then(done), 4000));
"""


def test_a_laptop_that_slept_leaves_a_gap_and_what_follows_stands_at_its_time(
    stack: Stack, client: httpx.Client, open_room: Any, tmp_path: Path
) -> None:
    spoken_wav(tmp_path / "room.wav", 4, tracks=1)
    with browser(audio_file=tmp_path / "room.wav") as driver:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": KEEP_CONTEXTS})
        room = open_room(driver)
        record(room)
        room.wait(lambda: room.saved == "recording · all saved", "sound")
        driver.execute_async_script(SLEEP)
        room.wait(lambda: any("1 gap" in notice for notice in room.notices), "the gap is told")
        room.wait(lambda: room.turns, "what was said after it")
        stop_recording(room)
        room.wait(lambda: room.saved == "not recording · all saved", "everything acknowledged")
        all_heard(client, room.interview_id, tracks=2)
        (first, length), (second, _) = placed_tracks(stack, room.interview_id)
        assert second - (first + length) >= 2000, "the gap"
        assert not console_errors(driver)


def placed_tracks(stack: Stack, interview_id: str) -> list[tuple[int, int]]:
    """Beginning and length of each track in milliseconds, on the interview's clock."""
    database = Database(stack.config.database_url)
    samples = select(func.sum(Chunk.samples)).where(Chunk.track_id == Track.id).scalar_subquery()
    tracks = select(Track.offset_ms, samples).where(Track.interview_id == interview_id)
    with database.read() as session:
        found = sorted((begin, length * 1000 // RATE) for begin, length in session.execute(tracks))
    database.close()
    return found


def test_a_recorded_file_with_two_tracks_is_brought_in(client: httpx.Client, open_room: Any) -> None:
    with browser() as driver:
        room = open_room(driver)
        room.find('.acts [data-command="sound"]').send_keys(Keys.ENTER)
        room.find("#sound-file").send_keys(str(AUDIO / "two-tracks.opus"))
        room.find("#sound-file-channels").send_keys(Keys.SPACE)
        room.find("#sound-file-form button").send_keys(Keys.ENTER)
        room.wait(lambda: room.texts("#sound-file-state") != [""], "a word about the file")
        turns = all_heard(client, room.interview_id, tracks=2)
        room.press(Keys.ESCAPE)
        room.wait(lambda: room.turns == [turn["text"] for turn in turns], "all turns on the page")
        check(turns, SPOKEN)
        assert [turn["speaker"] for turn in turns] == [turn["speaker"] for turn in SPOKEN]
        assert not console_errors(driver)
