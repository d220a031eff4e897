"""What is said is in the sealed rows and nowhere else: the whole machine is searched for a marker."""

from __future__ import annotations

import os
import secrets
import shutil
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import make_driver
from tests.e2e.interviews import NEW, Held
from tests.e2e.pages.base import Page, sign_in
from tests.e2e.pages.live import ClosingPage, LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack, until
from tests.e2e.voice import record, spoken_wav, stop_recording
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
SPOKEN = "job is to listen"  # in the first sentence the fake microphone hears
LARGEST = 256 * 1024**2
INSTALLED = {"site-packages", "node_modules"}  # other people's programs; thousands of files


def new_marker() -> str:
    """A word that nobody has ever said; letters only, so that no encoding changes it."""
    return "zq" + "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(12))


@dataclass
class Played:
    """An interview with the marker in everything that can be said, and what is left of it."""

    marker: str
    stack: Stack
    held: Held
    addresses: list[str]
    profile: Path
    began: float


@pytest.fixture(scope="module")
def played(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    began, marker = time.time() - 1, new_marker()
    stack.wait_ready("language", "bot", "speech")
    client = stack.client(stack.add_user("marker-kim", Role.INTERVIEWER))
    stack.add_user("marker-rim", Role.SUPERVISOR)
    voice = tmp_path_factory.mktemp("voice") / "room.wav"
    spoken_wav(voice, 1, tracks=1)
    driver = make_driver(audio_file=voice)
    profile = Path(driver.profile_folder)  # type: ignore[attr-defined]
    try:
        addresses: list[str] = []
        held = play(driver, stack, client, marker, addresses)
        driver.quit()  # so that all it keeps is on the disk
        misuse(held, marker)
        yield Played(marker, stack, held, addresses, profile, began)
    finally:
        driver.quit()
        shutil.rmtree(profile, ignore_errors=True)
        client.close()


def play(driver: Chrome, stack: Stack, client: httpx.Client, marker: str, addresses: list[str]) -> Held:
    """By hand and by voice, through a dead guide and a lost network, to the end and the review."""

    def note() -> None:
        script = 'return performance.getEntries().map((one) => one.name).join("\\n")'
        addresses.extend([driver.current_url, driver.execute_script(script)])

    sign_in(driver, stack.url, "marker-kim", PASSWORD)
    NewInterviewPage(driver, stack.url).open().go(
        preparation=f"About the {marker}", persons_present=f"interviewer, {marker}", child_language="uk"
    )
    room = LiveRoom(driver, stack.url)
    room.start()
    held = Held.of(client, room.interview_id)
    record(room)
    room.wait(lambda: any(SPOKEN in turn for turn in room.turns), "what was spoken")
    room.say("child", f"he hid the {marker} under the bed")
    room.say("child", f"Він сказав мені, що {marker} лежить у кухні під столом.")
    room.say("interviewer", f"Did you touch the {marker}?")
    stack.kill("bot")
    room.say("interviewer", f"Was the {marker} red or blue?")
    room.network(on=False)
    room.press(Keys.F3)
    room.type(f"the {marker} was red" + Keys.ENTER)
    room.wait(lambda: room.waiting, "an unsent line")
    room.network(on=True)
    room.wait(lambda: not room.waiting and room.saved.endswith("all saved"), "all of it saved")
    stop_recording(room)
    room.press(Keys.SHIFT, Keys.F9)
    room.find("#step-choice").send_keys(Keys.END, Keys.TAB)
    room.type(f"the {marker} again" + Keys.ENTER)
    room.wait(lambda: not room.dialog(), "the step")
    room.type(f"half a line about the {marker}")
    note()
    driver.refresh()
    room = LiveRoom(driver, stack.url)
    room.wait(lambda: len(room.turns) >= 5, "the record again")
    room.find("#end").send_keys(Keys.ENTER)
    page = ClosingPage(driver, stack.url)
    page.end(f"The {marker} came back.")
    page.wait(lambda: "/summary" in driver.current_url, "the summary")
    note()
    driver.delete_all_cookies()
    sign_in(driver, stack.url, "marker-rim", PASSWORD)
    Page(driver, stack.url).open(f"/review/{held.id}?turn=1").find("#chosen")
    note()
    return held


def misuse(held: Held, marker: str) -> None:
    """Everything that goes wrong, with the marker in it."""
    client, path = held.client, held.path
    answers = [
        held.say("nobody", f"about the {marker}"),
        held.say("child", f"the {marker} " * 20_000),
        held.press("go_to", step=marker, reason=marker),
        client.post(f"{path}/turns", content=f'{{"text": "{marker}'),
        client.post(f"{path}/turns", json={marker: marker}),
        client.post(f"{path}/speaker", json={"key": "k", "at_ms": 1, "speaker": marker}),
        client.put(f"{path}/audio/room/0", content=marker.encode()),
        client.put(f"{path}/uploads/{marker}", json={"size": 9, "name": f"{marker}.wav"}),
        client.post("/api/interviews", json={**NEW, "protocol": marker}),
        client.post("/api/interviews", json={**NEW, "child_age": marker}),
        client.post("/sign-in", data={"name": marker, "password": marker}),
    ]
    codes = [answer.status_code for answer in answers]
    assert all(400 <= code < 500 for code in codes), codes


def shapes(*words: str) -> list[bytes]:
    return [shape for word in words for shape in (word.encode(), word.encode("utf-16-le"))]


def holding(path: Path, wanted: list[bytes]) -> bool:
    """Whether the file, or anything packed in it, holds one of these."""
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > LARGEST:
            return False
        content = path.read_bytes()
    except OSError:  # gone meanwhile
        return False
    if any(shape in content for shape in wanted):
        return True
    if content[:2] == b"\x1f\x8b":
        content = zlib.decompressobj(31).decompress(content)
    return any(shape in content for shape in wanted)


def test_the_marker_can_be_found_where_it_is_allowed(played: Played) -> None:
    said = played.held.turns()
    assert sum(played.marker in text for text in said) == 5
    assert any(SPOKEN in text for text in said)


def test_no_file_of_tellmore_holds_what_was_said(played: Played) -> None:
    """Databases with their logs, the queue, log files, sound, secrets, and the guide's model."""
    files = played.stack.files()
    names = {path.name for path in files}
    assert {"tellmore.sqlite3", "tellmore.sqlite3-wal", "jobs.sqlite3", "web.log", "bot.log"} <= names
    assert any(path.suffix == ".chunk" for path in files)
    assert any(tarfile.is_tarfile(path) for path in files if path.name.endswith(".tar.gz"))
    assert [path for path in files if holding(path, shapes(*said_in(path, played)))] == []


def said_in(path: Path, played: Played) -> tuple[str, ...]:
    """What must not be in a file. Editions hold the words of the cards; what was spoken is one of them."""
    return (played.marker,) if path.parent.name == "editions" else (played.marker, SPOKEN)


def test_no_temporary_file_holds_what_was_said(played: Played) -> None:
    found = []
    for folder in {tempfile.gettempdir(), "/var/tmp", "/dev/shm"}:  # noqa: S108
        for name, folders, files in os.walk(folder):
            folders[:] = [inner for inner in folders if inner not in INSTALLED]
            for path in (Path(name, file) for file in files):
                if changed_since(path, played.began) and holding(path, shapes(played.marker)):
                    found.append(path)
    assert found == []


def changed_since(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime >= moment
    except OSError:
        return False


def test_no_process_shows_what_was_said(played: Played) -> None:
    for process in psutil.process_iter():
        try:
            shown = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            continue
        assert not any(played.marker in text for text in shown), process.name()


def test_the_browser_keeps_nothing_of_what_was_said(played: Played) -> None:
    """Local storage, the store of unsent sound, cache, history and what it keeps to open tabs again."""
    files = [path for path in played.profile.rglob("*") if path.is_file()]
    names = {part for path in files for part in path.relative_to(played.profile).parts}
    assert {"IndexedDB", "History", "Local Storage"} <= names
    assert [path for path in files if holding(path, shapes(*said_in(path, played)))] == []


def test_no_address_holds_what_was_said(played: Played) -> None:
    assert any("/events" in address for address in played.addresses)
    assert not any(played.marker in address for address in played.addresses)


def test_the_words_of_another_language_went_through_the_translation_engine(played: Played) -> None:
    """So that what the other tests did not find was there to be left."""

    def translated() -> bool:
        return any(event["kind"] == "translation" for event in played.held.events())

    until(translated, "the translation of a turn")
