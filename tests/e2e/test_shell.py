"""The shell in a real browser: every page at every width, by keyboard, under the strict policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from werkzeug.serving import make_server

from tests.conftest import PASSWORD, make_app, make_config, make_users
from tests.e2e.driver import NARROW, WIDE, browser, console_errors
from tests.e2e.pages.base import Page, sign_in
from web.store import Interview, InterviewState, Role, User, migrate
from web.store.base import now

pytestmark = [pytest.mark.browser, pytest.mark.loopback]

PAGES = {
    Role.INTERVIEWER: ("/", "/account", "/account/password", "/status", "/interviews/new"),
    Role.ADMINISTRATOR: ("/", "/users/", "/users/new", "/users/{id}", "/status"),
}


@dataclass
class Site:
    address: str
    users: dict[Role, User]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The console alone, without worker and guide."""
    config = make_config(tmp_path_factory.mktemp("shell") / "home")
    migrate.upgrade(config)
    app = make_app(config)
    app.testing = False
    database = app.extensions["tellmore"].database
    users = make_users(database)
    with database.write() as session:
        session.add_all(interview(users[Role.INTERVIEWER], state) for state in InterviewState)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.port}", users)
    server.shutdown()
    database.close()


def interview(user: User, state: InterviewState) -> Interview:
    return Interview(
        case_code=f"CASE-{state.value}-with-a-long-name",
        interviewer_id=user.id,
        protocol="nichd-2014",
        protocol_hash="0" * 64,
        child_age=7,
        interviewer_language="en",
        child_language="en",
        state=state,
        wrapped_key=b"key",
        sealed_details=b"",
        ended_at=now() if state is InterviewState.CLOSED else None,
    )


OPEN_ALL = "for (const fold of document.querySelectorAll('details')) fold.open = true"


def too_wide(driver: Chrome) -> bool:
    found: bool = driver.execute_script("return document.documentElement.scrollWidth > window.innerWidth")
    return found


@pytest.mark.parametrize(("width", "dark"), [(NARROW, True), (WIDE, False)])
def test_every_page_fits_and_breaks_no_rule_of_the_policy(site: Site, width: int, dark: bool) -> None:
    with browser(width=width, dark=dark) as driver:
        for role, paths in PAGES.items():
            sign_in(driver, site.address, role.value, PASSWORD)
            for path in paths:
                page = Page(driver, site.address).open(path.format(id=site.users[Role.TRAINEE].id))
                assert page.heading
                driver.execute_script(OPEN_ALL)  # what is folded away has no name for anybody
                assert not too_wide(driver), f"{path} at {width} px"
                assert len(page.all("main")) == len(page.all("h1")) == 1
                for field in page.all("main input:not([type=hidden]), main select, main textarea"):
                    there = driver.execute_script("return arguments[0].checkVisibility()", field)
                    assert field.accessible_name or not there, f"a field on {path} has no name"
            assert console_errors(driver) == []
            page.click(".bar form button")
            page.find("#password")


def test_one_signs_in_works_and_leaves_by_keyboard_alone(site: Site) -> None:
    with browser() as driver:
        page = Page(driver, site.address).open("/account")
        page.find("#name").send_keys("interviewer", Keys.TAB)
        driver.switch_to.active_element.send_keys(PASSWORD, Keys.ENTER)
        page.wait(lambda: page.heading == "Your account", "the page one wanted")
        driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
        skip = driver.switch_to.active_element
        assert skip.text == "Skip to the content"
        assert skip.rect["y"] >= 0  # to be seen while it has the focus
        skip.send_keys(Keys.ENTER)
        assert driver.switch_to.active_element.get_attribute("id") == "main"
        outline = driver.execute_script(
            "const link = document.querySelector('.bar-nav a'); link.focus({focusVisible: true});"
            "return getComputedStyle(link).outlineWidth"
        )
        assert outline == "3px"


def test_the_protocols_come_in_order_while_one_types_and_what_was_done_stays(site: Site) -> None:
    with browser(width=NARROW) as driver:
        page = sign_in(driver, site.address, "interviewer", PASSWORD).open("/interviews/new")
        page.fill("#case_code", "K-17")
        page.click('[data-protocol="ten_step"] input')
        page.click('[data-protocol="sequential"] summary')
        page.find("#setting").send_keys("Police")
        age = page.find("#child_age")
        age.send_keys("4")
        order = page.find("#protocol-order")
        page.wait(lambda: "Police" in order.text and "4 years" in order.text, "the order")
        first = page.all("#protocols > li")[0]
        assert first.get_attribute("data-protocol") == "sequential"
        assert "this child is 4" in first.text
        assert "half an hour of pause" in first.text  # still open
        assert page.find("#case_code").get_attribute("value") == "K-17"
        assert page.all('[data-protocol="ten_step"] input')[0].is_selected()
        assert not page.all('[data-protocol="dialogical"] input')[0].is_enabled()
        assert driver.switch_to.active_element == age
        assert not page.all("#sort-protocols")[0].is_displayed()
        assert not too_wide(driver)
        assert console_errors(driver) == []


def test_a_mistake_is_announced_beside_its_field(site: Site) -> None:
    with browser() as driver:
        page = sign_in(driver, site.address, "interviewer", PASSWORD).open("/account/password")
        page.fill("#current", "something else")
        page.fill("#new", "short")
        page.fill("#again", "short")
        page.click("main form button")
        page.wait(lambda: page.all("#new-error"), "the mistake")
        field = page.find("#new")
        described = field.get_attribute("aria-describedby") or ""
        assert field.get_attribute("aria-invalid") == "true"
        assert "at least 15" in " ".join(page.find(f"#{part}").text for part in described.split())


def test_the_header_says_which_parts_wait(site: Site) -> None:
    with browser() as driver:
        page = sign_in(driver, site.address, "interviewer", PASSWORD)
        page.wait(lambda: page.find("#status-pill").text == "3 parts are not ready", "the state of the parts")
        page.click("#status-pill")
        page.wait(lambda: page.heading == "Parts of the console")


def test_dark_and_light_follow_the_system_and_stay_readable(site: Site) -> None:
    ratios = {}
    for dark in (False, True):
        with browser(dark=dark) as driver:
            Page(driver, site.address).open("/sign-in")
            ratios[dark] = driver.execute_script(CONTRASTS)
    assert ratios[False]["ground"] > 0.8
    assert ratios[True]["ground"] < 0.05
    low = {
        (dark, name): value for dark in ratios for name, value in ratios[dark]["pairs"].items() if value < 4.5
    }
    assert low == {}


CONTRASTS = """
const style = getComputedStyle(document.documentElement);
const luminance = (name) => {
  const hex = style.getPropertyValue(name).trim().slice(1);
  const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const pairs = {};
for (const ink of ["--ink", "--ink-soft", "--accent", "--care", "--good"])
  for (const ground of ["--ground", "--surface", "--sunk"]) pairs[ink + " on " + ground] = [ink, ground];
pairs["button"] = ["--accent-ink", "--accent"];
pairs["care"] = ["--care", "--care-soft"];
pairs["soft accent"] = ["--accent", "--accent-soft"];
for (const [name, [ink, ground]] of Object.entries(pairs)) {
  const [high, low] = [luminance(ink), luminance(ground)].sort((a, b) => b - a);
  pairs[name] = (high + 0.05) / (low + 0.05);
}
return { ground: luminance("--ground"), pairs };
"""
