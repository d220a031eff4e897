"""Whose voice is it: the page that plays each voice of a recording and asks who it is."""

from __future__ import annotations

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.e2e.pages.base import Page


class VoicesPage(Page):
    """`open(f"/interviews/{id}/voices")`."""

    @property
    def voices(self) -> int:
        return len(self.all("fieldset"))

    @property
    def waits(self) -> bool:
        """Whether the turns are being put together anew."""
        return any("being put together anew" in one.text for one in self.all("[role=status]"))

    def said(self, voice: int) -> list[str]:
        """What the examples of a voice say, by its place."""
        return [one.text for one in self.all("fieldset")[voice].find_elements("css selector", ".example p")]

    def plays(self, voice: int) -> str:
        """The address of its first example."""
        return self.all("fieldset")[voice].find_element("css selector", "audio").get_attribute("src") or ""

    def is_(self, voice: int) -> str:
        """Who it is, as chosen; empty where nothing is."""
        chosen = Select(self.all("fieldset select")[voice]).first_selected_option
        return chosen.get_attribute("value") or ""

    def say(self, *speakers: str) -> None:
        """Who each voice is, in order; then save."""
        for select, speaker in zip(self.all("fieldset select"), speakers, strict=True):
            Select(select).select_by_value(speaker)
        self.find("#names button").send_keys(Keys.ENTER)
        self.wait(lambda: self.driver.current_url.split("#")[0].endswith("/transcript"), "the transcript")

    def count(self, voices: int | None) -> None:
        """Say how many there are; None leaves it to the machine."""
        Select(self.find("#count-1")).select_by_value(str(voices or ""))
        self.find("section form button").send_keys(Keys.ENTER)
        self.wait(lambda: self.all(".notices") or self.waits, "the answer")

    def uncertain(self) -> int:
        """Turns in the transcript, which is open, that are said to have an uncertain speaker."""
        return len(self.all(".seg-unsure"))
