"""The drawings of the protocols in a real browser, with a real font: texts keep to their places."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.e2e.driver import browser, console_errors

pytestmark = pytest.mark.browser

FLOWS = Path(__file__).parents[2] / "docs" / "flows"
FAULTS = """
const edges = (element) => {
  const { x, y, width, height } = element.getBBox();
  return { left: x, right: x + width, top: y, bottom: y + height };
};
const meet = (a, b) =>
  a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
const within = (a, b) =>
  a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
const { width: right, height: bottom } = document.documentElement.viewBox.baseVal;
const texts = [...document.querySelectorAll("text")].map((text) => {
  const box = text.closest("[data-step]")?.querySelector(".box");
  const frame = box ? edges(box) : { left: 0, right, top: 0, bottom };
  return { words: text.textContent, edges: edges(text), frame };
});
const faults = [];
texts.forEach((one, i) => {
  if (!within(one.edges, one.frame)) faults.push([one.words, "leaves its frame"]);
  for (const other of texts.slice(i + 1))
    if (meet(one.edges, other.edges)) faults.push([one.words, other.words]);
});
return [texts.length, faults];
"""


def faults(driver: Chrome, path: Path) -> list[list[str]]:
    driver.get(path.as_uri())
    count, found = driver.execute_script(FAULTS)
    assert count > 20
    return list(found)


def test_texts_of_all_drawings_neither_overlap_nor_leave_their_boxes() -> None:
    with browser() as driver:
        assert {path.name: faults(driver, path) for path in sorted(FLOWS.glob("*.svg"))} == {
            path.name: [] for path in sorted(FLOWS.glob("*.svg"))
        }
        assert console_errors(driver) == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_drawing_alone_follows_dark_and_light(dark: bool) -> None:
    with browser(dark=dark) as driver:
        driver.get((FLOWS / "minimal_facts.svg").as_uri())
        script = "return getComputedStyle(document.querySelector(arguments[0])).fill"
        ground, ink = (brightness(driver.execute_script(script, part)) for part in (".ground", ".title"))
    assert (ground < 60 and ink > 200) if dark else (ground > 230 and ink < 60)


def brightness(colour: str) -> float:
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return (red + green + blue) / 3
