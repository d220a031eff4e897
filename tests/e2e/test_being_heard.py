"""Words of somebody still speaking, on the page of the room: there, quiet, and gone with their turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver import Chrome

from tests.e2e.driver import browser, console_errors
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.live import LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack
from web.news import Teller
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]

PLACES = """
const shown = document.querySelectorAll("#turns .turn-text, #say-text");
return Array.from(shown, (one) => one.getBoundingClientRect().top);
"""


@pytest.fixture
def driver(stack: Stack) -> Iterator[Chrome]:
    stack.wait_ready("language", "bot")
    stack.add_user("heard-kim", Role.INTERVIEWER)
    with browser() as opened:
        sign_in(opened, stack.url, "heard-kim", PASSWORD)
        yield opened


def line(text: str, start_ms: int = 90_000) -> dict[str, Any]:
    return {"speaker": "child", "language": "en", "dir": "ltr", "start_ms": start_ms, "text": text}


def test_words_being_heard_stand_where_the_turn_will_and_move_nothing(stack: Stack, driver: Chrome) -> None:
    NewInterviewPage(driver, stack.url).open().go()
    room = LiveRoom(driver, stack.url)
    room.start()
    for number in range(2):
        room.say("child", f"we went to the lake, that was day {number}")
    worker = Teller(stack.config.home)
    before = driver.execute_script(PLACES)

    worker.hear(room.interview_id, [line("then my <b>brother")])
    room.wait(lambda: room.heard == ["then my <b>brother"], "the first words")
    worker.hear(room.interview_id, [line("then my <b>brother fell in")])
    room.wait(lambda: room.heard == ["then my <b>brother fell in"], "more of them")
    assert driver.execute_script(PLACES) == before, "nothing moves"
    assert len(room.turns) == 2
    assert "brother" not in room.stores()

    worker.hear(room.interview_id, [])
    room.wait(lambda: not room.heard, "gone")
    driver.refresh()
    room = LiveRoom(driver, stack.url)
    room.wait(lambda: len(room.turns) == 2, "the record")
    assert not room.heard, "it was nowhere kept"
    assert not console_errors(driver)
