"""The live room in a real browser, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.e2e.driver import browser, console_errors
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.live import ClosingPage, LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD, Stack
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser, pytest.mark.bot]
MARKER = "the zebra wears seven hats"


@pytest.fixture(scope="module")
def name(stack: Stack) -> str:
    stack.wait_ready("language", "bot")
    stack.add_user("live-anna", Role.INTERVIEWER)
    return "live-anna"


@pytest.fixture(scope="module")
def driver(stack: Stack, name: str) -> Iterator[Chrome]:
    with browser() as opened:
        sign_in(opened, stack.url, name, PASSWORD)
        yield opened


@pytest.fixture
def room(stack: Stack, driver: Chrome) -> LiveRoom:
    """A new interview, begun."""
    NewInterviewPage(driver, stack.url).open().go(preparation="Hypothesis: a purple elephant.")
    opened = LiveRoom(driver, stack.url)
    opened.start()
    console_errors(driver)  # of earlier tests
    return opened


def test_a_form_with_gaps_says_so_beside_the_fields_and_keeps_what_was_typed(
    stack: Stack, driver: Chrome
) -> None:
    page = NewInterviewPage(driver, stack.url).open()
    page.go(code="Amina Hassan", age=45, persons_present="an interpreter")
    page.wait(page.errors, "the errors")
    assert set(page.errors()) == {"case_code", "child_age"}
    assert page.find("#case_code").get_property("value") == "Amina Hassan"
    assert page.find("#persons_present").get_property("value") == "an interpreter"


def test_the_room_waits_until_it_is_told_to_start(stack: Stack, driver: Chrome) -> None:
    NewInterviewPage(driver, stack.url).open().go()
    room = LiveRoom(driver, stack.url)
    assert (room.life, room.focus) == ("planned", "start")
    room.start()
    assert (room.life, room.focus) == ("live", "say-text")
    assert room.phase == "Opening"


def test_what_is_said_is_coded_and_answered(room: LiveRoom) -> None:
    room.say("interviewer", "Tell me about things you like to do.")
    room.say("child", "I like to feed the rabbits and ride my bike to the lake with my brother.")
    room.say("interviewer", "Is the bike red or blue?")
    room.wait(lambda: room.ribbon == "IC", "two marks in the ribbon")
    assert room.turns[0] == "Tell me about things you like to do."
    room.wait(lambda: room.saved.endswith("all saved"), "everything saved")
    assert not console_errors(room.driver)


def test_a_draft_is_looked_at_before_it_is_said(room: LiveRoom) -> None:
    room.say("child", "my uncle came and then we went to the shed")
    room.press(Keys.F2)
    room.type("Did he lock you in the basement?")
    room.wait(lambda: "lock" in room.draft, "the remark on the draft")
    assert len(room.turns) == 1
    room.press(Keys.CONTROL, "a")
    room.type("Tell me about that.")
    room.wait(lambda: not room.draft, "no remark on what is gone")
    room.find('[data-command="help"]').click()
    room.find("#drafts").click()
    assert not room.find("#drafts").is_selected()


def test_letters_are_never_taken_from_the_typist(room: LiveRoom) -> None:
    text = "Did he? bcfqw 123 Åsa"
    room.type(text)
    assert room.typed == text
    assert (room.dialog(), room.life) == ("", "live")


def test_a_speaker_key_keeps_what_is_half_typed(room: LiveRoom) -> None:
    room.type("half a ")
    room.press(Keys.F3)
    room.type("sentence")
    assert room.typed == "half a sentence"
    room.press(Keys.ENTER)
    room.wait(lambda: room.texts("#turns .turn-child .turn-text") == ["half a sentence"], "the child's turn")


def test_a_card_is_taken_by_key_and_its_words_wait_in_the_input_line(room: LiveRoom) -> None:
    cards = [room.card, *room.next_cards]
    room.press(Keys.ALT, "2")
    room.wait(lambda: [room.card, *room.next_cards] != cards, "other cards")
    assert room.focus == "say-text"
    assert room.typed in ("", cards[1])


def test_the_next_step_is_one_key_away(room: LiveRoom) -> None:
    before = room.phase
    room.press(Keys.F9)
    room.wait(lambda: room.phase != before or room.card, "the next step")


def test_choosing_a_step_asks_why(room: LiveRoom) -> None:
    room.press(Keys.SHIFT, Keys.F9)
    assert room.dialog() == "step-dialog"
    step = room.find("#step-choice")
    assert room.focus == "step-choice"
    step.send_keys(Keys.END, Keys.TAB, Keys.ENTER)
    assert room.dialog() == "step-dialog", "no reason, no step"
    room.type("the child is tired" + Keys.ENTER)
    room.wait(lambda: room.phase != "Opening", "another phase")
    assert (room.dialog(), room.focus) == ("", "say-text")


def test_escape_closes_a_window_and_only_that(room: LiveRoom) -> None:
    room.press(Keys.ALT, "w")
    assert room.dialog() == "wants-dialog"
    room.press(Keys.ESCAPE)
    room.wait(lambda: not room.dialog(), "the window closed")
    assert not room.quiet


def test_a_break_fills_the_page_and_ends_where_it_began(room: LiveRoom) -> None:
    room.say("interviewer", "Tell me about your day.")
    room.press(Keys.F6)
    room.wait(lambda: room.life == "break", "the break")
    assert not room.find("#break").get_attribute("hidden")
    assert [part.is_displayed() for part in room.all(".now, .talk, .bottom")] == [False, False, False]
    assert "live-anna" in room.find("#break-time").text
    room.press(Keys.F6)
    room.wait(lambda: room.life == "live" and room.focus == "say-text", "back in the room")
    assert room.turns == ["Tell me about your day."]


def test_safety_in_a_break_shows_its_cards_and_steps_wait_until_the_break_is_over(room: LiveRoom) -> None:
    room.press(Keys.F6)
    room.wait(lambda: room.life == "break", "the break")
    room.press(Keys.SHIFT, Keys.F9)
    assert room.dialog() == ""
    room.press(Keys.F8)
    room.wait(lambda: room.find("#interrupt").is_displayed(), "the cards for safety")
    assert not room.all("#break")[0].is_displayed()


def test_what_the_child_wants_is_two_keys_away(room: LiveRoom) -> None:
    room.press(Keys.ALT, "w")
    room.press(Keys.ENTER)
    room.wait(lambda: room.life == "break", "the break")
    assert "child" in room.find("#break-time").text


@pytest.mark.parametrize(("key", "words"), [(Keys.F7, "Stopped"), (Keys.F8, "Safety first")])
def test_stop_and_safety_show_their_cards_at_once_and_ask_nothing(
    room: LiveRoom, key: str, words: str
) -> None:
    before = room.card
    room.network(on=False)  # not even a network is waited for
    try:
        room.press(key)
        room.wait(lambda: room.card != before, "other cards")
        assert room.dialog() == ""
        assert words in room.find("#interrupt-text").text
    finally:
        room.network(on=True)
    room.wait(lambda: room.saved.endswith("all saved"), "everything saved")
    assert words in room.find("#interrupt-text").text


def test_a_narrow_room_never_moves_sideways(room: LiveRoom) -> None:
    metrics = {"width": 500, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    room.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    wide = room.driver.execute_script("return document.documentElement.scrollWidth")
    room.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide == metrics["width"], "the rail of phases is far longer, and scrolls by itself"


def test_quiet_shows_the_card_alone(room: LiveRoom) -> None:
    room.press(Keys.ESCAPE)
    room.wait(lambda: room.quiet, "quiet")
    assert [part.is_displayed() for part in room.all("#card, #next-cards, .talk, .bottom, .top")] == [
        False, True, False, False, False,
    ]  # fmt: skip
    room.press(Keys.ESCAPE)
    room.wait(lambda: not room.quiet and room.focus == "say-text", "the room again")


def test_without_a_network_nothing_is_lost_doubled_or_out_of_order(room: LiveRoom) -> None:
    room.say("interviewer", "line 0")
    room.network(on=False)
    for number in range(1, 4):
        room.press(Keys.F3 if number % 2 else Keys.F2)
        room.type(f"line {number}" + Keys.ENTER)
    room.wait(lambda: "3 unsent" in room.saved, "the unsent count")
    assert room.waiting == ["line 1", "line 2", "line 3"]
    assert any("No connection" in notice for notice in room.notices)
    assert not any("line" in part for part in room.stores().split())
    room.network(on=True)
    room.wait(lambda: room.turns == [f"line {number}" for number in range(4)], "all lines saved")
    room.wait(lambda: not room.waiting and room.saved.endswith("all saved"), "nothing waiting")
    room.wait(lambda: not room.notices, "no notice any more")


def test_a_page_opened_again_shows_the_same_interview(room: LiveRoom) -> None:
    room.say("interviewer", "Tell me about your day.")
    room.say("child", MARKER)
    room.wait(lambda: room.ribbon == "I", "the mark")
    before = (room.turns, room.card, room.phase, room.ribbon)
    room.driver.refresh()
    again = LiveRoom(room.driver, room.address)
    again.wait(lambda: (again.turns, again.card, again.phase, again.ribbon) == before, "the same room")


def test_a_child_s_words_stay_out_of_the_browser_s_stores(room: LiveRoom) -> None:
    room.say("child", MARKER)
    assert MARKER not in room.stores()
    assert MARKER.replace(" ", "%20") not in room.driver.current_url


def test_the_preparation_notes_never_reach_the_room(room: LiveRoom) -> None:
    assert "elephant" not in room.driver.page_source


def test_hostile_words_are_only_words(room: LiveRoom) -> None:
    text = '<img src=x onerror="document.title=1"><b>bold</b> {{7*7}}'
    room.say("child", text)
    assert room.turns == [text]
    assert not room.all("#turns img, #turns b")
    assert not console_errors(room.driver)


def test_words_from_right_to_left_run_from_right_to_left(stack: Stack, driver: Chrome) -> None:
    NewInterviewPage(driver, stack.url).open().go(child_language="ar")
    room = LiveRoom(driver, stack.url)
    room.start()
    room.say("child", "أحب الأرانب.")
    assert room.attributes("#turns .turn-child .turn-text", "dir", "lang") == [["rtl", "ar"]]


def test_a_turn_that_is_too_long_is_named_and_given_back(room: LiveRoom) -> None:
    room.driver.execute_script("document.getElementById('say-text').value = 'a'.repeat(70000)")
    room.press(Keys.ENTER)
    room.wait(
        lambda: any("Not saved" in head for head in room.texts("#waiting-turns .turn-head")), "the refusal"
    )
    room.find("#waiting-turns button").send_keys(Keys.ENTER)
    assert len(room.typed) == 70000
    room.driver.execute_script("document.getElementById('say-text').value = ''")
    room.say("child", "short again")


def test_keys_can_be_changed_and_letters_cannot_be_given_away(room: LiveRoom) -> None:
    room.find("#transcript").send_keys("?")
    assert room.dialog() == "keys-dialog"
    button = room.find('#keys-list [data-action="break"]')
    button.send_keys("b")
    assert "B" in room.find("#keys-problem").text
    button.send_keys(Keys.F10)
    room.press(Keys.ESCAPE)
    room.press(Keys.F10)
    room.wait(lambda: room.life == "break", "the break")
    room.driver.execute_script("localStorage.clear()")


def test_without_a_microphone_a_plain_sentence_says_so_and_typing_goes_on(room: LiveRoom) -> None:
    room.find('.acts [data-command="sound"]').send_keys(Keys.ENTER)
    room.find("#sound-start").send_keys(Keys.ENTER)
    room.wait(lambda: "Typing goes on" in room.find("#sound-problem").text, "the sentence")
    room.press(Keys.ESCAPE)
    room.say("child", "I can still be written down")


def test_the_end_names_what_is_owed_and_takes_a_reason(room: LiveRoom) -> None:
    room.say("interviewer", "Tell me about your day.")
    room.find("#end").send_keys(Keys.ENTER)
    page = ClosingPage(room.driver, room.address)
    page.wait(lambda: "/close" in room.driver.current_url, "the closing page")
    assert "Closing" in page.owed
    page.end()
    page.wait(lambda: page.all("#reason-error"), "the question why")
    page.end("The child wanted to go home.")
    page.wait(lambda: "/summary" in room.driver.current_url, "the summary")
    assert page.heading == "How it was asked"
    assert page.all(".mix-chart[role=img] title")
    assert "The child wanted to go home." in page.text
    assert not console_errors(room.driver)


def test_sound_is_recorded_in_chunks_and_leaves_nothing_behind(stack: Stack, name: str, tone: Path) -> None:
    with browser(audio_file=tone) as driver:
        sign_in(driver, stack.url, name, PASSWORD)
        NewInterviewPage(driver, stack.url).open().go()
        room = LiveRoom(driver, stack.url)
        room.find('#ready [data-command="sound"]').send_keys(Keys.ENTER)
        room.find("#sound-start").send_keys(Keys.ENTER)
        room.wait(lambda: not room.dialog(), "the microphone set up")
        room.start()
        room.wait(lambda: room.saved.startswith("recording"), "the recording")
        room.network(on=False)
        room.wait(lambda: "waiting" in room.saved, "parts waiting")
        assert "ArrayBuffer" not in room.stores()
        room.network(on=True)
        room.wait(lambda: room.saved == "recording · all saved", "all parts saved")
        room.find('.acts [data-command="sound"]').send_keys(Keys.ENTER)
        room.find("#sound-stop").send_keys(Keys.ENTER)
        room.wait(lambda: "CryptoKey" not in room.stores(), "the key destroyed")
        room.wait(lambda: sound_events(stack, driver) == ["open", "ended"], "the track to be ended, once")


def test_sound_that_was_not_yet_saved_survives_a_reload(stack: Stack, name: str, tone: Path) -> None:
    with browser(audio_file=tone) as driver:
        sign_in(driver, stack.url, name, PASSWORD)
        NewInterviewPage(driver, stack.url).open().go()
        room = LiveRoom(driver, stack.url)
        room.start()
        room.block("*/api/*/audio/*")
        room.find('.acts [data-command="sound"]').send_keys(Keys.ENTER)
        room.find("#sound-start").send_keys(Keys.ENTER)
        room.wait(lambda: "waiting" in room.saved, "parts waiting")
        driver.refresh()
        room = LiveRoom(driver, stack.url)
        room.wait(lambda: "waiting" in room.saved, "the parts of before")
        room.block()
        room.wait(lambda: room.saved == "not recording · all saved", "all parts saved")
        room.wait(lambda: sound_events(stack, driver) == ["open", "ended"], "the track to be ended, once")


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """Two seconds of a quiet tone."""
    import math
    import wave
    from array import array

    path = tmp_path / "tone.wav"
    samples = array("h", (int(6000 * math.sin(2 * math.pi * 440 * i / 16000)) for i in range(32000)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(samples.tobytes())
    return path


def sound_events(stack: Stack, driver: Chrome) -> list[str]:
    return [event["state"] for event in held_events(stack, driver) if event["kind"] == "audio"]


def held_events(stack: Stack, driver: Chrome) -> list[dict[str, str]]:
    """The record of the interview on the page, asked for by the page's own person."""
    path = driver.current_url.replace(stack.url, "").replace("/interviews/", "/api/interviews/")
    script = (
        "const done = arguments[1]; fetch(arguments[0]).then((r) => r.json()).then((b) => done(b.events))"
    )
    found: list[dict[str, str]] = driver.execute_async_script(script, f"{path}/events?poll=1&after=0")
    return found
