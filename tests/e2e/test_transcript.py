"""Listening by pedal and correcting by keyboard, while a colleague corrects the same."""

from __future__ import annotations

from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import NARROW, browser, console_errors
from tests.e2e.interviews import Held
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.transcript import TranscriptRoom
from tests.e2e.stack import PASSWORD, Stack
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser]
RATE, SECONDS = 16_000, 8
SILENCE = bytes(2 * 2 * RATE)  # two seconds in which the machine hears nobody
SAID = "he bit me <b>then</b> I ran"


def recorded(held: Held) -> None:
    """Two turns with times, and the sound to them."""
    opened = held.client.post(f"{held.path}/audio/room", json={"speaker": "child", "offset_ms": 0})
    assert opened.status_code == 200, opened.text
    for number in range(SECONDS // 2):
        assert held.put_chunk("room", number, SILENCE).status_code == 201
    assert held.client.post(f"{held.path}/audio/room/end", json={"chunks": SECONDS // 2}).status_code == 200
    for speaker, text, start, end in (
        ("interviewer", "Tell me what happened.", 0, 2500),
        ("child", SAID, 3000, 7000),
    ):
        held.count += 1
        body = {
            "key": f"r{held.count}",
            "speaker": speaker,
            "text": text,
            "started_ms": start,
            "ended_ms": end,
        }
        assert held.client.post(f"{held.path}/turns", json=body).status_code == 201


def step(held: Held, **body: Any) -> int:
    held.count += 1
    answer = held.client.post(f"{held.path}/transcript/steps", json={"key": f"s{held.count}", **body})
    return answer.status_code


def test_listen_correct_clash_undo_and_certify(stack: Stack) -> None:
    stack.wait_ready("language", "speech")  # while models are loaded everything is slow
    stack.add_user("listening-sam", Role.SUPERVISOR)
    with stack.client(stack.add_user("listening-anna", Role.INTERVIEWER)) as client, browser() as driver:
        held = Held(client)
        recorded(held)
        sign_in(driver, stack.url, "listening-sam", PASSWORD)
        room = TranscriptRoom(driver, stack.url, held.id)
        assert room.texts == ["Tell me what happened.", SAID]

        room.hold(Keys.F4)
        room.wait(lambda: room.playing and room.position == "0:03", "three seconds heard")
        room.let_go(Keys.F4)
        room.wait(lambda: not room.playing, "silence")
        assert room.find(".seg[aria-current]").get_attribute("data-id") == "2"

        room.edit(1, "he hit me <b>then</b> I ran")
        room.press(Keys.F8)
        room.wait(lambda: room.playing, "playing while words are typed")
        room.press(Keys.F8)
        room.save()
        room.wait(lambda: room.texts[1] == "he hit me <b>then</b> I ran", "the corrected words")
        assert room.steps == 1

        room.edit(1, "he hid me")
        assert step(held, kind="text", seen=1, segment="2", text="he hit me. Then I ran") == 200
        room.save()
        room.wait(lambda: "Somebody else changed this" in room.problem, "the clash")
        assert room.texts[1] == "he hit me. Then I ran"
        assert room.find(".seg-edit textarea").get_attribute("value") == "he hid me"
        room.press(Keys.ESCAPE)

        room.edit(1)
        room.cursor(10)
        room.press(Keys.ALT, "s")
        room.wait(lambda: room.texts[1:] == ["he hit me.", "Then I ran"], "two segments")
        room.edit(2)
        room.press(Keys.ALT, "3")
        room.wait(lambda: room.speakers == ["interviewer", "child", "interpreter"], "the other speaker")
        room.press(Keys.ALT, "z")
        room.wait(lambda: room.speakers[2] == "child", "the step undone")
        room.edit(1)
        room.press(Keys.ALT, "m")
        room.wait(lambda: room.texts[1:] == ["he hit me. Then I ran"], "one segment again")

        assert client.post(f"{held.path}/close", json={"key": "end", "reason": "enough"}).status_code == 200
        room = TranscriptRoom(driver, stack.url, held.id)
        room.click("details summary")
        room.find("#statement").submit()
        room.wait(lambda: "as it stands" in room.text, "the certification")
        metrics = {"width": NARROW, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        assert driver.execute_script("return document.documentElement.scrollWidth") <= NARROW
        assert [error for error in console_errors(driver) if "409" not in error] == []
