"""The page of speech models."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver.support.ui import Select

from tests.e2e.pages.base import Page


class ModelsPage(Page):
    path = "/models"

    def row(self, name: str) -> str:
        return self.find(f"li[id='{name}']").text

    def click_button(self, label: str) -> None:
        """The button of this name, wherever it stands."""
        self.wait(lambda: next((b for b in self.all("button") if b.text == label), None), label).click()

    def send(self, name: str, file: Path) -> None:
        Select(self.find("#which")).select_by_visible_text(name)
        self.find("#model-file").send_keys(str(file))
        self.click("#bring button")

    @property
    def told(self) -> str:
        """What is said of the file that was sent."""
        return self.find("#bring-state").text

    @property
    def uses(self) -> str:
        return self.find("section[aria-labelledby='uses']").text
