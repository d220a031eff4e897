"""What axe-core has to say about the page in the browser, and how it is walked through by Tab alone."""

from __future__ import annotations

from typing import Any

from selenium.webdriver import ActionChains, Chrome, Keys
from selenium_axe_python import Axe

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS = ("color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable")
"""The rules whose answer may be another one in the dark or on a narrow screen."""
BATCH = 25


def violations(driver: Chrome, within: str = "document", rules: tuple[str, ...] = ()) -> list[str]:
    """Rule, why, and where, one line for each element; `rules`: only these. No text of the page is told."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    axe = Axe(driver)
    if not driver.execute_script("return 'axe' in window"):
        axe.inject()
    options = {"runOnly": {**only, "values": list(only["values"])}, "resultTypes": ["violations"]}
    found: Any = axe.run(within, options)
    return [
        f"{rule['id']} ({rule['help']}): {' '.join(map(str, node['target']))}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def walk(driver: Chrome) -> list[str]:
    """Press Tab until the page has been gone round. What was never reached, and where the focus could not be
    seen: without an outline, off the screen, or under something else."""
    stops: int = driver.execute_script(BEGIN)
    pressed = 0
    while pressed <= 3 * stops + BATCH and not driver.execute_script("return tabbing.round()"):
        ActionChains(driver, duration=0).send_keys(Keys.TAB * BATCH).perform()
        pressed += BATCH
    found: list[str] = driver.execute_script("return tabbing.end()")
    return found


BEGIN = """
const name = (one) => one.tagName.toLowerCase() + (one.id && "#" + one.id)
  + [...one.classList].map((part) => "." + part).join("") + (one.name ? `[name="${one.name}"]` : "")
  + (one.getAttribute("href") ? `[href="${one.getAttribute("href")}"]` : "");
const group = (one) => (one.type === "radio" ? `radio ${one.form?.id} ${one.name}` : one);
const stops = new Set([...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, audio[controls], [tabindex], [contenteditable]")]
  .filter((one) => one.tabIndex >= 0 && !one.matches(":disabled") && !one.closest("[inert]")
    && one.checkVisibility({ visibilityProperty: true }))
  .map(group));
const elements = new Map([...stops].map((one) => [one, one]));
const reached = new Set(), problems = new Set();
let first = null, round = false;
const shown = (one) => {
  const marks = [one, one.nextElementSibling, one.parentElement, one.closest("label, fieldset, .code-frame")];
  return marks.some((mark) => {
    if (!mark) return false;
    const style = getComputedStyle(mark);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      || [...mark.children].some((part) => part instanceof SVGElement
        && getComputedStyle(part).outlineStyle !== "none");
  });
};
const uncovered = (one) => {
  const box = one.getBoundingClientRect();
  const places = [0.5, 0.1, 0.9].flatMap((x) => [0.5, 0.1, 0.9].map((y) =>
    [box.left + box.width * x, box.top + box.height * y]));
  return places.some(([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit && (hit === one || one.contains(hit) || hit.contains(one) && hit.closest("label, summary")
      || one.labels && [...one.labels].some((label) => label.contains(hit)));
  });
};
const look = () => {
  const one = document.activeElement;
  if (!one || one === document.body) return;
  if (first === null) first = one;
  else if (one === first && reached.size > 1) round = true;
  reached.add(group(one));
  const inside = one.type === "date";  // the browser focuses its parts, one after the other
  const focused = one.matches(inside ? ":focus-within" : ":focus-visible");
  if (!focused || !shown(one)) problems.add(`focus cannot be seen: ${name(one)}`);
  if (!uncovered(one)) problems.add(`focus is off the screen or covered: ${name(one)}`);
};
const key = (event) => { if (event.key === "Tab") look(); };
document.activeElement.blur();
window.addEventListener("keydown", key, true);
window.tabbing = {
  round: () => round,
  end: () => {
    window.removeEventListener("keydown", key, true);
    for (const one of stops) {
      if (!reached.has(one)) problems.add(`never reached: ${typeof one === "string" ? one : name(one)}`);
    }
    if (!round && stops.size > 1) problems.add("the focus never came round");
    return [...problems];
  },
};
return stops.size;
"""
