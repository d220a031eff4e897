"""The live room and the pages around it, used as a person with a keyboard uses them."""

from __future__ import annotations

from itertools import count

from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.e2e.pages.base import Page

_NUMBERS = count(100)
SPEAKER_KEYS = {"interviewer": Keys.F2, "child": Keys.F3, "interpreter": Keys.F4}


class NewInterviewPage(Page):
    path = "/interviews/new"

    def go(self, code: str = "", protocol: str = "nichd_revised_2014", age: int = 9, **more: str) -> None:
        """Fill in by keyboard and press the button; without a code, with one nobody has used."""
        self.fill("#case_code", code or f"K-2026-{next(_NUMBERS)}")
        chosen = self.find(f'input[name="protocol"][value="{protocol}"]')
        self.driver.execute_script("arguments[0].focus()", chosen)
        chosen.send_keys(Keys.SPACE)
        self.fill("#child_age", str(age))
        for name, value in more.items():
            field = self.find(f"#{name}")
            if field.tag_name == "select":
                Select(field).select_by_value(value)
            else:
                self.fill(f"#{name}", value)
        self.find("#case_code").send_keys(Keys.ENTER)

    def errors(self) -> dict[str, str]:
        return {
            error.get_attribute("id").removesuffix("-error"): error.text for error in self.all(".error[id]")
        }


class LiveRoom(Page):
    """Keys go to whatever has the focus, as in life."""

    def __init__(self, driver: Chrome, address: str) -> None:
        super().__init__(driver, address)
        self.find("#room[data-ready]")

    @property
    def interview_id(self) -> str:
        return self.driver.current_url.rstrip("/").rsplit("/", 1)[-1]

    def type(self, text: str) -> None:
        ActionChains(self.driver).send_keys(text).perform()

    def start(self) -> None:
        self.press(Keys.F9)
        self.wait(lambda: self.card, "the first card")

    def say(self, speaker: str, text: str) -> None:
        """One turn; returns when it is in the transcript as saved."""
        before = len(self.turns)
        self.press(SPEAKER_KEYS[speaker])
        self.type(text + Keys.ENTER)
        self.wait(lambda: len(self.turns) > before, f"the turn “{text}”")

    @property
    def life(self) -> str:
        return self.attribute("data-life")

    @property
    def quiet(self) -> bool:
        return self.attribute("data-quiet") == "true"

    def attribute(self, name: str) -> str:
        return self.all("#room")[0].get_attribute(name) or ""

    @property
    def turns(self) -> list[str]:
        """What was said, of the saved turns only, in order."""
        return self.texts("#turns .turn-text")

    @property
    def heard(self) -> list[str]:
        """What is being heard while somebody speaks."""
        return self.texts("#being-heard .turn-text")

    @property
    def waiting(self) -> list[str]:
        return self.texts("#waiting-turns .turn-text")

    @property
    def card(self) -> str:
        return "".join(self.texts("#card .card-text"))

    @property
    def next_cards(self) -> list[str]:
        return self.texts("#next-cards .next-text")

    @property
    def phase(self) -> str:
        return "".join(self.texts('#phases [aria-current="step"]')).partition(" (")[0]

    @property
    def ribbon(self) -> str:
        return "".join(self.texts("#ribbon .mark-glyph"))

    @property
    def nudge(self) -> str:
        return "".join(self.texts("#nudge.shown"))

    @property
    def draft(self) -> str:
        """The remark on what stands in the input line."""
        return "".join(self.texts("#draft"))

    @property
    def notices(self) -> list[str]:
        return self.texts("#notices p")

    @property
    def saved(self) -> str:
        return "".join(self.texts("#saved"))

    @property
    def typed(self) -> str:
        return str(self.find("#say-text").get_property("value"))

    @property
    def focus(self) -> str:
        return self.driver.switch_to.active_element.get_attribute("id") or ""

    def dialog(self) -> str:
        """The id of the open window, "" where none is open."""
        return "".join(window.get_attribute("id") or "" for window in self.all("dialog[open]"))

    def texts(self, selector: str) -> list[str]:
        """The text of each element that fits, read in one go: a list being redrawn cannot go stale."""
        script = "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent.trim())"
        found: list[str] = self.driver.execute_script(script, selector)
        return found

    def attributes(self, selector: str, *names: str) -> list[list[str | None]]:
        """These attributes of each element that fits, read in one go like `texts`."""
        script = (
            "const [selector, names] = arguments;"
            "return [...document.querySelectorAll(selector)]"
            ".map((one) => names.map((name) => one.getAttribute(name)))"
        )
        found: list[list[str | None]] = self.driver.execute_script(script, selector, list(names))
        return found

    def network(self, on: bool) -> None:
        """Pull the plug, or put it back."""
        state = {"offline": not on, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", state)

    def block(self, *patterns: str) -> None:
        """Let no request through whose address fits; without patterns, let all through again."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(patterns)})

    def stores(self) -> str:
        """Everything the browser keeps for this address outside memory."""
        return str(
            self.driver.execute_async_script(
                """
                const done = arguments[arguments.length - 1];
                const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
                const open = indexedDB.open("tellmore-sound", 1);
                open.onsuccess = async () => {
                  for (const name of open.result.objectStoreNames) {
                    const all = open.result.transaction(name).objectStore(name).getAll();
                    await new Promise((ok) => (all.onsuccess = ok));
                    for (const row of all.result) {
                      found.push(JSON.stringify(row), String(row?.constructor?.name));
                      if (row.sealed) found.push(new TextDecoder("latin1").decode(row.sealed));
                    }
                  }
                  done(found.join(" "));
                };
                """
            )
        )


class ClosingPage(Page):
    @property
    def owed(self) -> list[str]:
        return [item.text for item in self.all(".owed li")]

    def end(self, reason: str = "") -> None:
        if reason:
            self.fill("#reason", reason)
        self.find("main form button").send_keys(Keys.ENTER)
