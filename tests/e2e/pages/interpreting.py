"""Notes about the interpreter, and the report on how words came over."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.e2e.pages.base import Page


class InterpreterPage(Page):
    """Used by keyboard where a person would."""

    def note_present(self, name: str, relation: str) -> None:
        self.fill("#present-name", name)
        Select(self.find("#present-relation")).select_by_value(relation)
        Select(self.find("#present-witness")).select_by_value("no")
        self.find("#present button").send_keys(Keys.ENTER)

    @property
    def now(self) -> str:
        return self.find("#now-interprets").text

    @property
    def refusal(self) -> str:
        return self.find("[role=alert]").text

    @property
    def noted(self) -> list[str]:
        return [row.text for row in self.all("#noted li")]


class OwnWords(Page):
    """Names and words of the child's own, in the live room's window or beside the transcript."""

    @property
    def noted(self) -> list[str]:
        script = "return [...document.querySelectorAll('#own-words li bdi')].map((one) => one.textContent)"
        found: list[str] = self.driver.execute_script(script)
        return found

    def unfold(self) -> None:
        self.find("#interpreter-dialog summary").send_keys(Keys.ENTER)

    def note(self, word: str) -> None:
        self.find("#own-word").send_keys(word + Keys.ENTER)

    def take_away(self, word: str) -> None:
        self.find(f'#own-words button[aria-label$="{word}"]').send_keys(Keys.ENTER)

    @property
    def answer(self) -> str:
        return self.find("#own-words [role=status]").text


class CameOverPage(Page):
    @property
    def counts(self) -> list[str]:
        """Stretches, compared, not surely, not compared, worth listening to again."""
        return [number.text for number in self.all("#counts dd")]

    @property
    def whys(self) -> list[str]:
        return [why.text for why in self.all(".over-why li")]
