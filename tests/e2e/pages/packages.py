"""The administrators' page of translation packages."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.pages.base import Page


class PackagesPage(Page):
    path = "/packages"

    @property
    def notice(self) -> str:
        return self.find(".notice").text

    @property
    def state(self) -> str:
        """What is said of the file that is being sent."""
        return self.find("#bring-state").text

    @property
    def languages(self) -> list[str]:
        """In the drawing."""
        return [name.text for name in self.all(".ways .name")]

    def row(self, name: str) -> str:
        return self.find(f"#{name}").text

    def bring(self, file: Path) -> None:
        self.find("#package").send_keys(str(file))
        self.click("#bring button")

    def remove(self, name: str) -> None:
        """Asks for removal and confirms it."""
        self.click(f"#{name} a.button")
        self.wait(lambda: self.driver.current_url.endswith("/remove"), "the question")
        self.click("main button.remove")
        self.wait(lambda: self.driver.current_url.endswith(self.path), "the page after removing")
