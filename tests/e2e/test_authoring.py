"""Own protocols and words in a real browser: from the copy to the card in the room, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from selenium.webdriver import Chrome, Keys
from werkzeug.serving import make_server

from protocols.library import load_library
from tests.authoring.parts import WORDS, own_words
from tests.conftest import PASSWORD, make_app, make_config, make_users
from tests.e2e.driver import NARROW, WIDE, browser, console_errors
from tests.e2e.pages.authoring import DraftPage, DraftsPage, EditorPage, WordsPage
from tests.e2e.pages.base import Page, sign_in
from tests.e2e.pages.live import LiveRoom, NewInterviewPage
from tests.e2e.stack import PASSWORD as STACK_PASSWORD
from tests.e2e.stack import Stack
from tests.interview.parts import PlainCoder
from web.authoring.service import AuthoringService
from web.store import Role, User, migrate

pytestmark = [pytest.mark.browser, pytest.mark.loopback]
LIBRARY = load_library()


@dataclass
class Desk:
    """The console alone, without worker and guide; `coder` codes by the form of a sentence."""

    address: str
    authoring: AuthoringService
    users: dict[Role, User]

    def sign_in(self, driver: Chrome, role: Role = Role.SUPERVISOR) -> Page:
        return sign_in(driver, self.address, role.value, PASSWORD)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    config = make_config(tmp_path_factory.mktemp("desk") / "home")
    migrate.upgrade(config)
    app = make_app(config)
    app.testing = False
    services = app.extensions["tellmore"]
    services.engines.coder = PlainCoder()
    users = make_users(services.database)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Desk(f"http://127.0.0.1:{server.port}", services.authoring, users)
    server.shutdown()
    services.database.close()


def copied(desk: Desk, driver: Chrome, name: str) -> EditorPage:
    """A copy of a short protocol, opened as text."""
    DraftsPage(driver, desk.address).open().begin("copy:minimal_facts", name)
    page = EditorPage(driver, desk.address)
    page.wait(lambda: page.state == "Saved", "the editor")
    return page


def published(desk: Desk, words: str) -> int:
    user = desk.users[Role.SUPERVISOR]
    made = desk.authoring.create("W", user, {WORDS: own_words(words)})
    return desk.authoring.publish(made.id, "A note that says what changed and why", user, made.version)


def asks_before_leaving(driver: Chrome) -> bool:
    """The driver itself answers the browser's question, so only the page's wish for it can be seen."""
    script = "return !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    found: bool = driver.execute_script(script)
    return found


def too_wide(driver: Chrome) -> bool:
    found: bool = driver.execute_script("return document.documentElement.scrollWidth > window.innerWidth")
    return found


def test_a_protocol_is_broken_seen_at_its_line_and_mended_by_keyboard(desk: Desk) -> None:
    with browser() as driver:
        desk.sign_in(driver)
        page = copied(desk, driver, "The first talk")
        assert page.find("#drawing svg").is_displayed()
        page.replace("kind: first_contact", "kind: chat")
        page.wait(lambda: page.told == "1 thing to mend.", "the mistake")
        line = page.text[: page.text.index("kind: chat")].count("\n") + 1
        assert page.lines == [f"Line {line}"]
        assert page.marked == [str(line)]
        assert page.state == "Not saved yet"
        page.find(".fault-place").send_keys(Keys.ENTER)
        assert page.selected.strip() == "kind: chat"
        page.replace("kind: chat", "kind: first_contact")
        page.wait(lambda: page.told == "Nothing to mend.", "the mended text")
        assert page.marked == []
        page.replace("title: Hello", "title: Good day")
        page.wait(lambda: "Good day" in page.find("#drawing").text, "the drawing")
        page.save()
        page.wait(lambda: page.state == "Saved", "the save")
        page.find("#text").send_keys(Keys.TAB)
        assert driver.switch_to.active_element.get_attribute("value") == "save"  # the Tab key is not kept
        assert "title: Good day" in page.open(driver.current_url.removeprefix(desk.address)).text
        assert console_errors(driver) == []


def test_what_is_not_saved_outlives_a_reload_and_is_asked_for(desk: Desk) -> None:
    with browser() as driver:
        desk.sign_in(driver)
        page = copied(desk, driver, "The second talk")
        page.replace("title: Hello", "title: Welcome")
        assert asks_before_leaving(driver)
        driver.refresh()
        page.wait(lambda: "title: Welcome" in page.text, "the text from before the reload")
        assert "has been put back" in page.state
        page.save()
        page.wait(lambda: page.state == "Saved", "the save")
        driver.refresh()
        page.wait(lambda: page.state == "Saved" and "title: Welcome" in page.text, "the saved text")
        assert not asks_before_leaving(driver)


def test_two_who_write_one_file_both_see_both(desk: Desk) -> None:
    with browser() as driver:
        desk.sign_in(driver)
        page = copied(desk, driver, "The third talk")
        draft = desk.authoring.drafts()[0]
        path = next(path for path in draft.changes if path.endswith("flow.yml"))
        theirs = page.text + "# theirs\n"
        desk.authoring.write(draft.id, path, theirs, draft.version)
        page.replace("title: Hello", "title: Mine")
        page.save()
        page.find("#clash")
        assert page.find("#theirs").get_property("value") == theirs
        assert "title: Mine" in page.text
        assert driver.switch_to.active_element.get_attribute("id") == "clash-title"
        page.click("#take-theirs")
        assert page.text == theirs
        page.click("#take-theirs")
        page.save()
        page.wait(lambda: page.state == "Saved", "ours over theirs")
        assert not page.all("#clash")[0].is_displayed()
        assert "title: Mine" in str(desk.authoring.read(draft.id).changes[path])


def test_the_marks_of_the_coder_stand_under_the_field_while_one_types(desk: Desk) -> None:
    with browser() as driver:
        desk.sign_in(driver)
        DraftsPage(driver, desk.address).open().begin("words:en", title="Words")
        page = WordsPage(driver, desk.address)
        page.fill("#author", "The house")
        page.write("free_then", "Did he hit you?")
        page.wait(lambda: "yes_no" in page.fault("free_then"), "the mark")
        field = page.find("#words-free_then")
        assert field.get_attribute("aria-invalid") == "true"
        field.clear()
        field.send_keys("Tell me what happened then.")
        page.wait(lambda: page.fault("free_then") == "", "the mark gone")
        driver.refresh()
        page.wait(lambda: "put back" in page.find("#save-state").text, "what was typed")
        assert page.find("#words-free_then").get_property("value") == "Tell me what happened then."
        page.save()
        page.wait(lambda: page.find(".notice").text == "Saved.", "the save")
        driver.refresh()
        assert page.find("#words-free_then").get_property("value") == "Tell me what happened then."
        assert console_errors(driver) == []


@pytest.mark.parametrize(("width", "dark"), [(NARROW, True), (WIDE, False)])
def test_every_page_fits_and_names_its_fields(desk: Desk, width: int, dark: bool) -> None:
    with browser(width=width, dark=dark) as driver:
        desk.sign_in(driver, Role.ADMINISTRATOR)
        page = copied(desk, driver, f"The talk at {width}")
        draft = "/protocols/drafts/" + desk.authoring.drafts()[0].id
        edition = published(desk, f"At {width} px")
        editor = driver.current_url.removeprefix(desk.address)
        paths = (
            "/protocols",
            "/protocols/drafts",
            draft,
            editor,
            f"{draft}/wording/ar",
            "/protocols/editions",
            f"/protocols/editions/{edition}",
        )
        for path in paths:
            page.open(path)
            driver.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
            assert not too_wide(driver), f"{path} at {width} px"
            assert len(page.all("h1")) == 1
            for field in page.all("main input:not([type=hidden]), main select, main textarea:not([name])")[
                :40
            ]:
                there = driver.execute_script("return arguments[0].checkVisibility()", field)
                assert field.accessible_name or not there, f"a field on {path} has no name"
        assert console_errors(driver) == []


@pytest.mark.bot
@pytest.mark.timeout(900)  # two editions, three rooms, and the coder over all new words
def test_own_words_reach_the_card_and_a_live_interview_keeps_its_own(stack: Stack) -> None:
    stack.wait_ready("bot", "language")
    stack.add_user("author-sam", Role.SUPERVISOR)
    first, second = "I talk with young people here.", "I am here to listen to young people."
    flow, own = LIBRARY.flows["minimal_facts"], "own_first_talk"
    said = [flow.cards[card] for card in flow.steps[flow.start].cards]
    card = next(card.id for card in said if card.spoken and not card.slots)
    with browser() as driver:
        sign_in(driver, stack.url, "author-sam", STACK_PASSWORD)
        DraftsPage(driver, stack.url).open().begin("copy:minimal_facts", "First talk", "Ours")
        draft = driver.current_url.partition("/files/")[0].removeprefix(stack.url)
        change_words(driver, stack, draft, card, first)
        DraftPage(driver, stack.url).open(draft).publish("A first copy")
        assert "First talk" in Page(driver, stack.url).open("/protocols").text
        NewInterviewPage(driver, stack.url).open().go(code="K-own-1", protocol=own)
        room = LiveRoom(driver, stack.url)
        room.start()
        lead_to(room, first)
        live = driver.current_url
        DraftsPage(driver, stack.url).open().begin("words:en", title="Other words")
        draft = driver.current_url.partition("/wording/")[0].removeprefix(stack.url)
        change_words(driver, stack, draft, card, second)
        DraftPage(driver, stack.url).open(draft).publish("Other words")
        driver.get(live)
        room = LiveRoom(driver, stack.url)
        room.wait(lambda: first in (room.card, *room.next_cards), "the words it began with")
        NewInterviewPage(driver, stack.url).open().go(code="K-own-2", protocol=own)
        room = LiveRoom(driver, stack.url)
        room.start()
        lead_to(room, second)


def lead_to(room: LiveRoom, words: str) -> None:
    """Take cards until these words stand on one."""
    for _card in range(6):
        if words in (room.card, *room.next_cards):
            return
        before = room.card
        room.press(Keys.ALT, "1")
        room.wait(lambda before=before: room.card != before, "the card after the one taken")
    raise AssertionError(f"{words!r} came on no card")


def change_words(driver: Chrome, stack: Stack, draft: str, card: str, words: str) -> None:
    page = WordsPage(driver, stack.url).open(f"{draft}/wording/en")
    page.fill("#author", "The house")
    page.write(card, words)
    page.save()
    page.wait(lambda: page.find(".notice").text == "Saved.", "the save")
