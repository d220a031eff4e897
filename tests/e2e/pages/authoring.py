"""The pages of an agency's own protocols and words, used with keyboard and mouse."""

from __future__ import annotations

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.e2e.pages.base import Page


class DraftsPage(Page):
    path = "/protocols/drafts"

    def begin(self, what: str, name: str = "", title: str = "") -> None:
        """Choose what to change and go there."""
        Select(self.find("#what")).select_by_value(what)
        self.fill("#name", name)
        self.fill("#title", title)
        self.find("#title").send_keys(Keys.ENTER)
        self.wait(lambda: not self.driver.current_url.endswith(self.path), "what was begun")


class EditorPage(Page):
    """The text of one file."""

    @property
    def text(self) -> str:
        return str(self.find("#text").get_property("value"))

    @property
    def told(self) -> str:
        return self.find("#faults-told").text

    @property
    def lines(self) -> list[str]:
        """The places of what is to be mended."""
        return [place.text for place in self.all(".fault-place")]

    @property
    def state(self) -> str:
        return self.find("#save-state").text

    @property
    def marked(self) -> list[str]:
        """The numbers set apart beside the text."""
        return [mark.text for mark in self.all("#line-numbers b")]

    @property
    def selected(self) -> str:
        return str(
            self.driver.execute_script(
                "const field = document.activeElement;"
                "return field.value?.slice(field.selectionStart, field.selectionEnd) ?? ''"
            )
        )

    def select(self, words: str) -> None:
        """Put the cursor on words of the text, as with the search of the browser."""
        self.driver.execute_script(
            "const [t, words] = arguments; const at = t.value.indexOf(words);"
            "t.focus(); t.setSelectionRange(at, at + words.length);",
            self.find("#text"),
            words,
        )

    def replace(self, words: str, by: str) -> None:
        """Type over words of the text."""
        assert words in self.text
        self.select(words)
        ActionChains(self.driver).send_keys(by).perform()

    def save(self) -> None:
        self.press(Keys.CONTROL, "s")


class DraftPage(Page):
    def publish(self, note: str) -> None:
        """Write the note and press Publish, by keyboard."""
        self.find("#note").send_keys(note, Keys.TAB)
        self.driver.switch_to.active_element.send_keys(Keys.ENTER)
        self.wait(lambda: "/editions/" in self.driver.current_url, "the edition")


class WordsPage(Page):
    """The form of own words."""

    def write(self, card: str, words: str) -> None:
        field = f"#words-{card}"
        self.driver.execute_script(
            "document.querySelector(arguments[0]).closest('.words-phase').open = true", field
        )
        self.fill(field, words)

    def fault(self, card: str) -> str:
        return "".join(one.text for one in self.all(f"#fault-{card}"))

    def save(self) -> None:
        self.click('button[value="save"]')
