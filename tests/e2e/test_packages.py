"""A package comes from a file and goes again, by hand, in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.driver import browser, console_errors
from tests.e2e.pages.base import sign_in
from tests.e2e.pages.packages import PackagesPage
from tests.e2e.stack import PASSWORD, Stack
from tests.translation.models import make_package
from web.store import Role

pytestmark = [pytest.mark.loopback, pytest.mark.browser]


def test_an_administrator_brings_in_a_package_sees_what_it_opens_and_takes_it_away(
    stack: Stack, tmp_path: Path
) -> None:
    stack.add_user("packages-ada", Role.ADMINISTRATOR)
    broken = tmp_path / "broken.argosmodel"
    broken.write_bytes(b"PK not a package")
    with browser() as driver:
        sign_in(driver, stack.url, "packages-ada", PASSWORD)
        page = PackagesPage(driver, stack.url).open()
        page.bring(broken)
        page.wait(lambda: "not a complete zip archive" in page.state, "the reason")
        assert "Nothing was changed" in page.state

        page.bring(make_package(tmp_path, "so", "en"))  # no package of ours: the other tests are not touched
        page.wait(lambda: page.notice == "Installed: Somali to English, version 1.0.", "the notice")
        row = page.row("translate-so_en")
        assert "Not measured by us." in row
        assert "from a file" in row
        assert {"Somali", "English"} <= set(page.languages)

        page.remove("translate-so_en")
        assert page.notice == "Removed: Somali to English."
        assert not page.all("#translate-so_en")
        assert [text for text in console_errors(driver) if "422" not in text] == []
