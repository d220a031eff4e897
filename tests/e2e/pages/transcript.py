"""The transcript room, as somebody who listens and corrects sees it."""

from __future__ import annotations

from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.e2e.pages.base import Page


class TranscriptRoom(Page):
    """One interview's transcript with its sound."""

    def __init__(self, driver: Chrome, address: str, interview_id: str) -> None:
        driver.get(f"{address}/interviews/{interview_id}/transcript")
        self.driver, self.address = driver, address
        self.find("#transcript[data-ready]")

    @property
    def texts(self) -> list[str]:
        """What is said, in order, as it stands on the page; read in one go."""
        script = "return [...document.querySelectorAll('.seg-text')].map((one) => one.textContent)"
        found: list[str] = self.driver.execute_script(script)
        return found

    @property
    def speakers(self) -> list[str]:
        script = "return [...document.querySelectorAll('.seg')].map((one) => one.dataset.speaker)"
        found: list[str] = self.driver.execute_script(script)
        return found

    @property
    def position(self) -> str:
        return self.find("#position").text

    @property
    def playing(self) -> bool:
        return self.find("#toggle").text == "Pause"

    @property
    def steps(self) -> int:
        return len(self.all("#history .row"))

    @property
    def problem(self) -> str:
        """Why it was not saved; empty where it was, or is on its way."""
        script = "return document.querySelector('.seg-edit .error')?.textContent ?? ''"
        found: str = self.driver.execute_script(script)
        return found

    def hold(self, key: str) -> None:
        ActionChains(self.driver).key_down(key).perform()

    def let_go(self, key: str) -> None:
        ActionChains(self.driver).key_up(key).perform()

    def edit(self, number: int, text: str | None = None) -> None:
        """Opens the segment of this place, and types its words anew."""
        self.all(".seg-open")[number].click()
        field = self.find(".seg-edit textarea")
        if text is not None:
            field.send_keys(Keys.CONTROL, "a")
            field.send_keys(text)

    def save(self) -> None:
        self.find(".seg-edit textarea").send_keys(Keys.ENTER)

    def cursor(self, place: int) -> None:
        script = "document.querySelector('.seg-edit textarea').setSelectionRange(arguments[0], arguments[0])"
        self.driver.execute_script(script, place)
