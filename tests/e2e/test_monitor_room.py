"""Two people, two browsers: the observer suggests, the interviewer breaks, sees it, and takes it up."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import NARROW, browser, console_errors
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.live import LiveRoom, NewInterviewPage
from tests.e2e.pages.monitor import MonitorRoom
from tests.e2e.stack import PASSWORD, Stack
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
OPEN = "Tell me more about the rabbits."


def test_from_the_monitor_room_through_the_break_into_the_input_line(stack: Stack) -> None:
    stack.wait_ready("language", "bot")
    stack.add_user("watched-anna", Role.INTERVIEWER)
    stack.add_user("watching-sam", Role.SUPERVISOR)
    with browser() as one, browser() as other:
        sign_in(one, stack.url, "watched-anna", PASSWORD)
        sign_in(other, stack.url, "watching-sam", PASSWORD)
        NewInterviewPage(one, stack.url).open().go()
        room = LiveRoom(one, stack.url)
        room.start()
        monitor = MonitorRoom(other, stack.url, room.interview_id)

        room.say("interviewer", "Tell me about things you like to do.")
        room.say("child", "I like to feed the rabbits and then we go to the lake <b>with</b> my brother.")
        monitor.wait(lambda: len(monitor.turns) == 2, "both turns")
        assert monitor.turns == room.turns
        assert monitor.standing == "under way"

        monitor.suggest("Did your brother go to the lake?")
        monitor.wait(lambda: "Only an open prompt" in monitor.problem, "the reason")
        assert monitor.suggestions == []
        monitor.suggest("Tell me everything about the lake.")
        monitor.wait(lambda: monitor.suggestions, "the first suggestion")
        monitor.suggest(OPEN)
        monitor.wait(lambda: len(monitor.suggestions) == 2, "the second in place of the first")
        assert [fate for fate, _ in monitor.suggestions] == ["waiting", "replaced"]
        assert not any(shown.is_displayed() for shown in room.all(".suggestion"))

        room.press(Keys.F6)
        room.wait(lambda: room.find("#break-suggestion-text").text == OPEN, "the suggestion in the break")
        monitor.wait(lambda: monitor.suggestions[0][0] == "shown", "that it was shown")
        room.press(Keys.F6)
        room.wait(lambda: room.life == "live", "the interview to go on")
        assert room.find("#suggestion-text").text == OPEN
        room.press(Keys.ALT, "s")
        room.wait(lambda: room.typed == OPEN, "the words in the input line")
        assert room.card == OPEN
        monitor.wait(lambda: monitor.suggestions[0] == ["taken", OPEN], "that it was taken up")
        room.press(Keys.ENTER)
        room.wait(lambda: room.turns[-1] == OPEN, "that it was said")
        monitor.wait(lambda: monitor.ribbon == "II", "two invitations")
        metrics = {"width": NARROW, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        other.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        assert other.execute_script("return document.documentElement.scrollWidth") <= NARROW
        assert not console_errors(one)
        assert console_errors(other) == [] or all("422" in error for error in console_errors(other))
