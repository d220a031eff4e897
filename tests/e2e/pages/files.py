"""The pages that bring recorded files and transcripts into an interview."""

from __future__ import annotations

from pathlib import Path

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.e2e.pages.base import Page


class RecordingsPage(Page):
    """`open(f"/interviews/{id}/recordings")`."""

    def choose(self, file: Path) -> None:
        self.find("#upload-file").send_keys(str(file))
        self.find("#upload-form button").send_keys(Keys.ENTER)

    def go_on(self, file: Path) -> None:
        """The rest of a file whose sending was broken off."""
        self.find(".upload input[type=file]").send_keys(str(file))

    @property
    def state(self) -> str:
        """How the newest file stands; empty before the page's script has shown it."""
        return next((element.text for element in self.all(".upload p")), "")

    @property
    def given_at(self) -> str:
        """The address at which the newest file is given back."""
        return self.find(".upload a[download]").get_attribute("href") or ""

    @property
    def line(self) -> str:
        return self.find("#upload-state").text


class ImportPage(Page):
    """`open(f"/interviews/{id}/import")`."""

    def choose(self, file: Path) -> None:
        self.find("#file").send_keys(str(file))
        self.find("form[enctype] button").send_keys(Keys.ENTER)
        self.find("#turns")

    @property
    def roles(self) -> dict[str, str]:
        """Label -> what is chosen for it."""
        fields = [element for element in self.all("select[name^=role]") if element.is_displayed()]
        labels = [self.find(f"label[for={field.get_attribute('id')}] bdi").text for field in fields]
        chosen = [Select(field).first_selected_option.get_attribute("value") or "" for field in fields]
        return dict(zip(labels, chosen, strict=True))

    def say_who(self, place: int, role: str) -> None:
        Select(self.find(f"#role-{place}")).select_by_value(role)

    def confirm(self) -> None:
        self.find("form[action$=confirm] button").send_keys(Keys.ENTER)
