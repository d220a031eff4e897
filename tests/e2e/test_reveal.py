"""A fact from the file, in a real browser, by keyboard: locked, shown late, in sight until answered."""

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
NAME = "reveal-anna"
FACT = "A teacher saw a quetzal <b>mask</b>."


def test_a_fact_is_locked_then_shown_once_and_stays_until_it_is_answered(stack: Stack) -> None:
    stack.wait_ready("language", "bot")
    token = stack.add_user(NAME, Role.INTERVIEWER)
    with browser() as driver, stack.client(token) as client:
        sign_in(driver, stack.url, NAME, PASSWORD)
        page = NewInterviewPage(driver, stack.url).open()
        page.find(".file-facts summary").send_keys(Keys.ENTER)
        page.go(
            **{
                "facts-0-text": FACT,
                "facts-0-source": "the report",
                "facts-1-text": "x",
                "facts-1-source": "y",
            }
        )
        room = LiveRoom(driver, stack.url)
        room.start()
        held = Held.of(client, room.interview_id)

        room.press(Keys.ALT, "f")
        room.wait(lambda: len(room.texts("#file-locks li")) == 3, "every reason why it is locked")
        assert (room.dialog(), room.focus) == ("file-dialog", "file-close")
        assert not room.all("#file-next")[0].is_displayed()
        assert "quetzal" not in driver.page_source
        room.press(Keys.ESCAPE)

        held.press("go_to", step="free_account", reason="the child began")
        for number in range(3):
            held.say("interviewer", "Tell me everything about that.")
            held.say("child", f"we went there and then we came home again for the {number} time")
        held.press("go_to", step="focused", reason="after the break")
        held.press("observe", condition="approved")
        room.wait(lambda: len(room.turns) == 6 and room.phase == "Focused questions", "the focused part")

        room.press(Keys.ALT, "f")
        room.wait(lambda: room.focus == "file-reason", "the question why")
        room.press(Keys.ENTER)
        assert "quetzal" not in driver.page_source, "no reason, no fact"
        room.type("Nothing more came to open prompts" + Keys.ENTER)
        room.wait(lambda: room.focus == "file-shown", "the fact")
        assert FACT in room.texts("#file-shown .file-text")
        assert any("the report" in line for line in room.texts("#file-shown li"))
        room.press(Keys.TAB)
        room.press(Keys.ENTER)
        room.wait(lambda: room.focus == "say-text", "the input line")
        assert room.texts("#file-fact .file-text") == [FACT]

        room.press(Keys.ALT, "f")
        room.wait(lambda: len(room.texts("#file-locks li")) == 1, "locked until it is answered")
        room.press(Keys.ESCAPE)
        room.say("interviewer", "I have heard of a mask. Tell me everything about that.")
        room.say("child", "I do not know")
        room.wait(lambda: not room.all("#file-fact")[0].is_displayed(), "the fact to go")
        assert not console_errors(driver)
