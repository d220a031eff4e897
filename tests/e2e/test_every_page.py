"""Every page as each role sees it: WCAG 2.2 AA by axe-core, light and dark, wide and narrow; and by keyboard.

The pages come from the routes: a new one is looked at without being added here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from werkzeug.routing import Rule

from tests.conftest import PASSWORD
from tests.e2e.driver import NARROW, WIDE, browser
from tests.e2e.furnished import Furnished, furnished
from tests.e2e.pages.base import Page, sign_in
from tests.e2e.reading_aloud import LOOKS, violations, walk
from tests.security.test_gate import PUBLIC, WHO
from web.store import Role

pytestmark = [pytest.mark.browser, pytest.mark.loopback]
NO_PAGE = {
    "static": "files",
    "status.ready": "answers programs",
    "interpreting.progress": "answers the page that waits",
    "transcript.changes": "answers the page that follows",
    "transcript.export": "files",
}
"""Routes that answer GET with something else than a page; those below /api/ answer programs."""
UNFOLD = "for (const fold of [...document.querySelectorAll('details')].slice(0, 12)) fold.open = true"
"""Long pages have hundreds of one kind."""
SHOWN = """const [answer] = performance.getEntriesByType("navigation");
return [answer.responseStatus, document.contentType, location.pathname]"""
DRAWN = {"interview_pages.live": "#room[data-ready]"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished(tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with browser() as opened:
        opened.set_script_timeout(120)
        yield opened


def rules(house: Furnished) -> list[Rule]:
    return [
        rule
        for rule in house.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.rule.startswith("/api/")
        and rule.endpoint not in NO_PAGE
    ]


def screen(driver: Chrome, width: int, dark: bool) -> None:
    features = [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"},  # colours are there at once
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def see(driver: Chrome, house: Furnished, path: str, endpoint: str) -> bool:
    """Open a page. False where it is for others, not found or sends one elsewhere."""
    page = Page(driver, house.address).open(path)
    status, kind, there = driver.execute_script(SHOWN)
    assert kind == "text/html", f"{path} is no page: add it to NO_PAGE with a reason"
    assert status in {200, 403, 404}, f"{path} answered {status}"
    if status != 200 or there != path:
        return False
    if endpoint in DRAWN:
        page.find(DRAWN[endpoint])
    return True


def closely(driver: Chrome) -> list[str]:
    """All rules, also in the windows of the page; what a narrow dark screen may change; the keyboard."""
    driver.execute_script(UNFOLD)
    found = violations(driver)
    for number in range(driver.execute_script("return document.querySelectorAll('dialog').length")):
        dialog = f"document.querySelectorAll('dialog')[{number}]"
        if driver.execute_script(f"return !{dialog}.open && ({dialog}.showModal(), true)"):
            found += violations(driver, dialog)
            driver.execute_script(f"{dialog}.close()")
    screen(driver, NARROW, dark=True)
    found += [f"narrow and dark: {one}" for one in violations(driver, rules=LOOKS)]
    found += [f"by keyboard: {one}" for one in walk(driver)]
    return found


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The pages somebody has looked at closely."""
    return set()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", [None, *Role])
def test_everybody_can_read_and_use_every_page(
    house: Furnished, driver: Chrome, seen: set[str], role: Role | None
) -> None:
    """The first role that sees a page looks closely; the others once, in the dark."""
    screen(driver, WIDE, dark=False)
    driver.delete_all_cookies()
    if role:
        sign_in(driver, house.address, role.value, PASSWORD)
    problems = {}
    for rule in rules(house):
        if not (role.value[0] in WHO.get(rule.endpoint, "") if role else rule.endpoint in PUBLIC):
            continue
        known = rule.endpoint in seen
        paths = house.paths(rule)
        for path in paths[:1] if known else paths:
            screen(driver, WIDE, dark=known)
            if see(driver, house, path, rule.endpoint):
                seen.add(rule.endpoint)
                if found := violations(driver) if known else closely(driver):
                    problems[path] = found
    assert problems == {}


def test_no_page_was_left_out(house: Furnished, seen: set[str]) -> None:
    if not seen:
        pytest.skip("the pages are looked at by the tests before this one")
    assert {rule.endpoint for rule in rules(house)} == seen
