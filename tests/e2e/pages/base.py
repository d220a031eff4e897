"""What every page object can do."""

from __future__ import annotations

from typing import TypeVar

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE_S = 20
_REDRAWN = (NoSuchElementException, StaleElementReferenceException)
"""Pages replace their parts while they are looked at; what is gone is looked for anew."""
P = TypeVar("P", bound="Page")


class Page:
    """A page of the console at `path`, seen through a browser; `address` as in http://127.0.0.1:8100."""

    path = "/"

    def __init__(self, driver: Chrome, address: str) -> None:
        self.driver = driver
        self.address = address.rstrip("/")

    def open(self: P, path: str | None = None) -> P:
        self.driver.get(self.address + (path or self.path))
        return self

    def find(self, selector: str) -> WebElement:
        """Waits for the first element that fits and can be seen."""
        return self.wait(lambda: next((e for e in self.all(selector) if e.is_displayed()), None), selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def wait(self, condition, what: str = "the page"):  # type: ignore[no-untyped-def]
        """Waits until the condition gives something true and gives that back."""
        return WebDriverWait(self.driver, PATIENCE_S, ignored_exceptions=_REDRAWN).until(
            lambda driver: condition(), f"{what} did not come at {self.driver.current_url}"
        )

    def fill(self, selector: str, text: str) -> None:
        field = self.find(selector)
        field.clear()
        field.send_keys(text)

    def click(self, selector: str) -> None:
        self.find(selector).click()

    def press(self, *keys: str) -> None:
        """Keys pressed together: press(Keys.ALT, "c")."""
        chain = ActionChains(self.driver)
        for key in keys[:-1]:
            chain.key_down(key)
        chain.send_keys(keys[-1])
        for key in reversed(keys[:-1]):
            chain.key_up(key)
        chain.perform()

    @property
    def heading(self) -> str:
        return self.find("h1").text

    @property
    def text(self) -> str:
        return self.find("main").text


def sign_in(driver: Chrome, address: str, name: str, password: str) -> Page:
    """Signs in through the page and waits for what comes next."""
    page = Page(driver, address).open("/sign-in")
    page.fill("#name", name)
    page.fill("#password", password)
    page.click("main form button")
    page.wait(lambda: "/sign-in" not in driver.current_url, "the page after sign-in")
    return page
