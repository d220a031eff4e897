"""An interview through an interpreter, from the note who it is to the report on how it came over."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import NARROW, browser, console_errors
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.interpreting import CameOverPage, InterpreterPage, OwnWords
from tests.e2e.pages.live import ClosingPage, LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]


def narrow(page: InterpreterPage | CameOverPage) -> None:
    metrics = {"width": NARROW, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    assert page.driver.execute_script("return document.documentElement.scrollWidth") <= NARROW
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_from_who_interprets_to_how_it_came_over(stack: Stack) -> None:
    stack.wait_ready("language", "bot")
    stack.add_user("interpreted-ida", Role.INTERVIEWER)
    with browser() as driver:
        sign_in(driver, stack.url, "interpreted-ida", PASSWORD)
        NewInterviewPage(driver, stack.url).open().go(child_language="uk")
        room = LiveRoom(driver, stack.url)
        interview = room.interview_id
        notes = InterpreterPage(driver, stack.url).open(f"/interviews/{interview}/interpreter")
        notes.note_present("Olha", "relative")
        notes.wait(lambda: "A relative never interprets" in notes.refusal, "the refusal")
        notes.note_present("Tolk 4711", "none")
        notes.wait(lambda: "Tolk 4711" in notes.now, "who interprets")
        narrow(notes)

        driver.get(f"{stack.url}/interviews/{interview}")
        room = LiveRoom(driver, stack.url)
        room.start()
        talk_through_an_interpreter(room)
        room.press(Keys.ALT, "n")
        room.wait(lambda: room.dialog() == "interpreter-dialog", "the notes one key away")
        room.press(Keys.ENTER)
        room.wait(lambda: not room.dialog(), "the window closed")
        room.wait(lambda: "all saved" in room.saved, "the note on record")
        assert not [error for error in console_errors(driver) if "422" not in error]  # the refusal

        closing = ClosingPage(driver, stack.url)
        driver.get(f"{stack.url}/interviews/{interview}/close")
        closing.end("The interpreter had to leave.")
        closing.wait(lambda: "/summary" in driver.current_url, "the summary")
        closing.click('a[href$="/interpreting"]')
        over = CameOverPage(driver, stack.url)
        over.wait(lambda: over.heading == "How it came over", "the report")
        assert over.counts[0] == "2"
        over.wait(lambda: "A number is missing or new in the rendering." in over.whys, "the worker's part")
        assert "Їх було 3, і вони кричали." in str(over.find("main").get_property("textContent"))
        narrow(over)
        notes.open(f"/interviews/{interview}/interpreter")
        assert any("a misunderstanding" in one for one in notes.noted)
        assert not [error for error in console_errors(driver) if "422" not in error]  # the refusal


def test_a_word_of_the_childs_own_is_noted_in_the_talk_and_taken_away_beside_the_transcript(
    stack: Stack,
) -> None:
    stack.add_user("interpreted-una", Role.INTERVIEWER)
    with browser() as driver:
        sign_in(driver, stack.url, "interpreted-una", PASSWORD)
        NewInterviewPage(driver, stack.url).open().go(child_language="uk")
        room = LiveRoom(driver, stack.url)
        interview = room.interview_id
        room.start()
        room.press(Keys.ALT, "n")
        room.wait(lambda: room.dialog() == "interpreter-dialog", "the window one key away")
        words = OwnWords(driver, stack.url)
        words.unfold()
        words.note("Бобік")
        words.wait(lambda: words.noted == ["Бобік"], "the word in the list")
        words.note("ні")
        words.wait(lambda: "too common" in words.answer, "why not")
        assert words.noted == ["Бобік"]
        room.press(Keys.ESCAPE)
        room.wait(lambda: not room.dialog(), "the window closed")
        driver.get(f"{stack.url}/interviews/{interview}/transcript")
        words.wait(lambda: words.noted == ["Бобік"], "the word beside the transcript")
        words.take_away("Бобік")
        words.wait(lambda: words.noted == [], "the word gone")
        assert not [error for error in console_errors(driver) if "422" not in error]  # the refusal


def talk_through_an_interpreter(room: LiveRoom) -> None:
    """The keys of both voices, the line that says who is waited for, and the order that a key ends."""

    def chosen() -> str:
        return str(room.all("#say input:checked")[0].get_attribute("value"))

    def awaited() -> str:
        return "".join(room.texts("#awaited"))

    room.say("interviewer", "How many were there?")
    room.wait(lambda: awaited() == "The interpreter speaks to the child", "who is waited for")
    assert chosen() == "interpreter"
    room.press(Keys.SHIFT, Keys.F4)
    room.type("Скільки їх було?" + Keys.ENTER)
    room.wait(lambda: len(room.turns) == 2, "the rendering")
    room.wait(lambda: chosen() == "child" and not awaited(), "the child's turn")
    room.type("Їх було 3, і вони кричали." + Keys.ENTER)
    room.wait(lambda: awaited() == "The interpreter speaks to you", "who is waited for")
    room.type("There were 5, and they shouted." + Keys.ENTER)
    room.wait(lambda: len(room.turns) == 4 and chosen() == "interviewer", "the interviewer's turn")
    room.press(Keys.ALT, "l")
    room.wait(lambda: awaited() == "Turns in any order", "no order")
    room.say("interviewer", "Tell me more.")
    assert chosen() == "interviewer"
    languages = room.attributes("#turns .turn-text", "lang")
    assert [language for (language,) in languages] == ["en", "uk", "uk", "en", "en"]
