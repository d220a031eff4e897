"""The monitor room, as a colleague sees it."""

from __future__ import annotations

from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys

from tests.e2e.pages.live import LiveRoom


class MonitorRoom(LiveRoom):
    """Follows one interview; shares with the live room how its lists are read."""

    def __init__(self, driver: Chrome, address: str, interview_id: str) -> None:
        driver.get(f"{address}/interviews/{interview_id}/observe")
        self.driver, self.address = driver, address
        self.find("#watch[data-ready]")

    def suggest(self, text: str) -> None:
        self.fill("#suggest-text", text)
        self.find("#suggest-text").send_keys(Keys.ENTER)

    @property
    def problem(self) -> str:
        return "".join(self.texts("#suggest-problem"))

    @property
    def suggestions(self) -> list[list[str]]:
        """[fate, text], the newest first; read in one go like `texts`."""
        script = (
            "return [...document.querySelectorAll('#suggestions li')]"
            ".map((one) => [one.dataset.fate, one.querySelector('q').textContent])"
        )
        found: list[list[str]] = self.driver.execute_script(script)
        return found

    @property
    def standing(self) -> str:
        """How the interview stands, in a word or two."""
        return self.saved
