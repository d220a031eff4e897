"""A further meeting, in a real browser, by keyboard: asked for, shown what was, begun as one."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import browser, console_errors
from tests.e2e.interviews import Held
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.live import LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
NAME = "further-anna"
CODE = "K-further-1"
BALL = "We play ball in the yard behind the school with my friends every single day."


def test_a_second_meeting_knows_of_the_first_and_begins_as_one(stack: Stack) -> None:
    stack.wait_ready("language", "bot")
    token = stack.add_user(NAME, Role.INTERVIEWER)
    with browser() as driver, stack.client(token) as client:
        first = Held(client, case_code=CODE, protocol="extended")
        first.press("start")
        first.press("go_to", step="likes", reason="We know the room.")
        first.say("interviewer", "Tell me about things you like to do.")
        first.say("child", BALL)
        first.client.post(f"{first.path}/close", json={"key": "end", "reason": "Tired."}).raise_for_status()

        sign_in(driver, stack.url, NAME, PASSWORD)
        form = NewInterviewPage(driver, stack.url).open()
        form.go(code=CODE, protocol="extended")
        assert set(form.errors()) == {"continues"}
        form.find("details.field summary").send_keys(Keys.ENTER)
        assert form.find("details.field q").text == BALL
        form.find(f'input[name="continues"][value="{first.id}"]').send_keys(Keys.SPACE)
        form.find("#case_code").send_keys(Keys.ENTER)

        room = LiveRoom(driver, stack.url)
        room.start()
        room.wait(lambda: room.phase == "Coming back", "the way of a later meeting")
        assert console_errors(driver) == []
