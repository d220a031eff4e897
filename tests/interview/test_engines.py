"""The machine parts: light to import, loaded in the background, honest about how they are."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from threading import Event

from tests.interview.parts import PlainCoder, Room, WalkingDialogue
from web.engines import Engines
from web.store import Heartbeat
from web.store.base import now

HEAVY = ("torch", "spacy", "sentence_transformers", "faster_whisper", "ctranslate2", "argostranslate")


def test_importing_the_console_loads_no_engine() -> None:
    """The sign-in page must be there within seconds of a start."""
    code = (
        "import sys, importlib; from web.app import ROOMS\n"
        "for name in ('web.services', *ROOMS): importlib.import_module(name)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def states(engines: Engines) -> dict[str, str]:
    return {state.name: state.state for state in engines.states()}


def test_parts_are_named_while_they_load_and_after(lite: Room) -> None:
    told = Event()
    gate = Event()

    def load() -> PlainCoder:
        gate.wait(10)
        return PlainCoder()

    engines = Engines(lite.database, WalkingDialogue(), load)
    engines.on_change(lambda: told.set() if engines.coder else None)
    engines.start()
    assert states(engines)["language"] == "loading"
    gate.set()
    assert told.wait(10)
    assert states(engines) == {
        "language": "ready",
        "bot": "ready",
        "speech": "loading",
        "translation": "absent",
    }
    engines.stop()


def test_a_bot_that_never_answered_is_still_starting(lite: Room) -> None:
    dialogue = WalkingDialogue()
    dialogue.away = True
    engines = Engines(lite.database, dialogue, PlainCoder)
    assert engines.summary()["bot"] == "loading"
    dialogue.away = False
    assert engines.summary()["bot"] == "ready"
    dialogue.away = True
    assert engines.summary()["bot"] == "down"


def test_the_worker_is_known_by_its_heartbeat(lite: Room) -> None:
    for age, state, shown in ((0, "ready", "ready"), (0, "failed", "failed"), (60, "ready", "down")):
        with lite.database.write() as session:
            at = now() - timedelta(seconds=age)
            session.merge(Heartbeat(name="worker", at=at, state=state, detail={"speech": "tiny.en"}))
        assert states(lite.engines)["speech"] == shown


def test_installed_languages_are_named(lite: Room) -> None:
    engines = Engines(lite.database, WalkingDialogue(), PlainCoder, lambda: [("ar", "en")])
    found = engines.states()[-1]
    assert (found.state, found.detail) == ("ready", "ar → en")


def test_one_failing_listener_does_not_stop_the_others(lite: Room) -> None:
    heard = []
    engines = Engines(lite.database, WalkingDialogue(), PlainCoder)

    def broken() -> None:
        raise RuntimeError("no")

    engines.on_change(broken)
    engines.on_change(lambda: heard.append(True))
    engines.load()
    assert heard == [True]
