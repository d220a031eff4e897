"""An interview in two languages: what is said stands first, a machine's words beneath, marked and folded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import browser, console_errors
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.live import LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack
from tests.translation.models import make_package
from web.store import Role
from web.translation import install, installed, remove

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]

SAID = "я був на кухні"
MACHINE = "#turns .turn-translation > p[lang]"


@pytest.fixture
def packages(stack: Stack, tmp_path: Path) -> Iterator[None]:
    """Small packages with random weights: what they say means nothing, all else is as it is."""
    stack.wait_ready("language", "bot", "speech")
    folder = stack.config.home / "packages"
    for pair in (("uk", "en"), ("en", "uk")):
        install(make_package(tmp_path, *pair), folder)
    yield
    for package in installed(folder):
        remove(package)


def held(room: LiveRoom, part: str) -> list[list[str | None]]:
    return room.attributes(f'#turns [data-part="{part}"]', "open", "aria-pressed")


@pytest.mark.usefixtures("packages")
def test_both_sides_are_said_again_and_marked(stack: Stack) -> None:
    stack.add_user("two-kim", Role.INTERVIEWER)
    with browser() as driver:
        room = open_room(driver, stack)
        room.say("interviewer", "Tell me about that.")
        room.wait(lambda: held(room, "child"), "the interviewer's words in Ukrainian")
        assert room.texts("#turns summary.turn-machine") == ["In Ukrainian: machine, unverified"]
        assert held(room, "child") == [[None, None]], "folded"
        room.say("child", SAID)
        room.wait(lambda: len(room.texts(MACHINE)) == 2, "the child's words in English")
        assert room.turns == ["Tell me about that.", SAID], "what was said is as it was"
        assert room.attributes(MACHINE, "lang") == [["uk"], ["en"]]
        room.wait(lambda: too_doubtful(room), "words without meaning are not coded")
        room.say("interviewer", "And then?")
        room.wait(lambda: len(held(room, "child")) == 2, "the newest words in Ukrainian")
        room.press(Keys.ALT, "i")
        room.wait(lambda: marked(room) == [["true"]], "the mark, on the child's words")
        room.click('[data-command="help"]')
        driver.find_element("id", "unfold").send_keys(Keys.SPACE)
        room.press(Keys.ESCAPE)
        room.wait(lambda: held(room, "child")[0][0] is not None, "unfolded")
        driver.refresh()
        again = LiveRoom(driver, stack.url)
        again.wait(lambda: len(again.texts(MACHINE)) == 3, "all of it after a reload")
        assert held(again, "child")[0][0] is not None, "the wish is kept"
        assert "To be checked with the interpreter" in again.texts("#turns .turn-check")
        assert SAID not in again.stores()
        assert console_errors(driver) == []


def marked(room: LiveRoom) -> list[list[str | None]]:
    return room.attributes("#turns .turn-child .turn-check", "aria-pressed")


def too_doubtful(room: LiveRoom) -> bool:
    return "Not looked at, the translation is too doubtful" in room.texts("#turns .turn-child .turn-label")


def open_room(driver: Chrome, stack: Stack) -> LiveRoom:
    sign_in(driver, stack.url, "two-kim", PASSWORD)
    NewInterviewPage(driver, stack.url).open().go(child_language="uk")
    room = LiveRoom(driver, stack.url)
    room.start()
    return room
