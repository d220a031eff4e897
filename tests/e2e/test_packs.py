"""A child's needs, from the form to the card: only a browser shows what is offered when."""

from __future__ import annotations

import pytest
from selenium.webdriver.support.ui import Select

from protocols.library import load_library
from tests.e2e.driver import browser
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.live import LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
INTERPRETER = 'input[name="needs"][value="interpreter"]'


def test_the_interpreter_is_offered_with_another_language_and_the_advice_stands_under_the_card(
    stack: Stack,
) -> None:
    stack.wait_ready("bot")
    stack.add_user("packs-anna", Role.INTERVIEWER)
    packs = load_library().packs
    with browser() as driver:
        sign_in(driver, stack.url, "packs-anna", PASSWORD)
        form = NewInterviewPage(driver, stack.url).open()
        assert not form.all(INTERPRETER)[0].is_displayed()
        form.fill("#child_age", "4")
        form.wait(lambda: form.find("#age-pack").text.endswith(packs["age_3_4"].title), "the pack of the age")
        Select(form.find("#child_language")).select_by_value("uk")
        form.click(INTERPRETER)
        form.go(age=4)
        room = LiveRoom(driver, stack.url)
        assert packs["interpreter"].title in room.find("#ready").text
        room.start()
        both = [*packs["age_3_4"].advice, *packs["interpreter"].advice]
        told = [one for one in both if one.at == "opening"]
        room.wait(
            lambda: [line.text for line in room.all("#advice-list summary")] == [one.text for one in told]
        )
        room.click("#advice-list summary")
        assert told[0].why in room.find("#advice-list p").text
