"""The machine parts of this process and how they are. Models load in the background; importing is light."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from web.store import Database, Heartbeat
from web.store.base import now

if TYPE_CHECKING:
    from protocols.labels import Guidance, Label
    from web.language.conversation import Conversation
    from web.language.model import Coding, Cue, Turn

log = logging.getLogger(__name__)

WATCH_S = 2.0
STALE = timedelta(seconds=15)
"""A worker that has not been heard for longer is down."""


class CoderPort(Protocol):
    """What the interview needs of web.language.coder.Coder."""

    def code(self, conversation: Conversation, turn: Turn) -> Coding: ...

    def look(self, conversation: Conversation, turn: Turn) -> Coding: ...

    def recall(self, conversation: Conversation, turns: Sequence[tuple[Turn, Coding]]) -> None: ...

    def cues(self, conversation: Conversation) -> list[Cue]: ...

    def likeness(self, conversation: Conversation, texts: Mapping[str, str]) -> dict[str, float]: ...


class DialoguePort(Protocol):
    """What the interview needs of web.dialogue.Dialogue."""

    def advance(  # noqa: PLR0917 - the port's own signature
        self,
        conversation: str,
        protocol: str,
        age: int | None,
        history: Callable[[], list[Label]],
        seen: int,
        new: list[Label],
        edition: str | None = None,
    ) -> Guidance: ...

    def ready(self) -> bool: ...


@dataclass(frozen=True)
class EngineState:
    """`name`: language, bot, speech, translation; `state`: absent, loading, ready, failed or down."""

    name: str
    state: str
    detail: str = ""


class Engines:
    """`coder` is None until its models are there. `languages` gives installed translation pairs, if any."""

    def __init__(
        self,
        database: Database,
        dialogue: DialoguePort,
        load_coder: Callable[[], CoderPort],
        languages: Callable[[], list[tuple[str, str]]] = list,
    ) -> None:
        self.dialogue = dialogue
        self.coder: CoderPort | None = None
        self._database, self._load_coder, self._languages = database, load_coder, languages
        self._language, self._why = "loading", ""
        self._bot_was_ready = False
        self._listeners: list[Callable[[], None]] = []
        self._stop = threading.Event()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call this, in a thread of ours, whenever a part has become ready."""
        self._listeners.append(listener)

    def start(self, after_s: float = 0.0) -> None:
        """Load and watch in the background, from `after_s` seconds on; returns at once."""
        thread = threading.Timer(after_s, self._run)
        thread.name, thread.daemon = "engines", True
        thread.start()

    def load(self) -> None:
        """Load the language models now; on failure the state says why."""
        try:
            self.coder = self._load_coder()
            self._language = "ready"
        except Exception as error:  # noqa: BLE001 - whatever it is, the interview goes on without
            log.error("language models: %s", type(error).__name__)
            self._language, self._why = "failed", f"{type(error).__name__}: {error}"
        self._changed()

    def stop(self) -> None:
        self._stop.set()

    def bot_state(self, answered: bool) -> str:
        """In words for events: an engine that has never answered is still starting."""
        self._bot_was_ready = self._bot_was_ready or answered
        if answered:
            return "ready"
        return "down" if self._bot_was_ready else "loading"

    def summary(self) -> dict[str, str]:
        """What the live room is told: the two parts that guidance rests on."""
        return {"bot": self.bot_state(self.dialogue.ready()), "language": self._language}

    def states(self) -> list[EngineState]:
        """Every part, for the status page."""
        return [
            EngineState("language", self._language, self._why),
            EngineState("bot", self.summary()["bot"]),
            self._speech(),
            self._translation(),
        ]

    def worker_is_up(self) -> bool:
        """Whether the process that listens and translates has given a sign of life of late."""
        with self._database.read() as session:
            beat = session.get(Heartbeat, "worker")
        return beat is not None and now() - beat.at <= STALE

    def _speech(self) -> EngineState:
        with self._database.read() as session:
            beat = session.get(Heartbeat, "worker")
        if beat is None:
            return EngineState("speech", "loading")
        if now() - beat.at > STALE:
            return EngineState("speech", "down")
        main = beat.detail.get("reason", beat.detail.get("speech", ""))
        voices = beat.detail.get("voices")
        return EngineState("speech", beat.state, f"{main}; voices: {voices}" if voices else str(main))

    def _translation(self) -> EngineState:
        pairs = self._languages()
        detail = ", ".join(f"{source} → {target}" for source, target in pairs)
        return EngineState("translation", "ready" if pairs else "absent", detail)

    def _run(self) -> None:
        watcher = threading.Thread(target=self._watch, name="engines-watch", daemon=True)
        watcher.start()
        self.load()

    def _watch(self) -> None:
        """Notice when the bot comes, so that nobody has to say something first."""
        before = False
        while not self._stop.wait(WATCH_S if before else WATCH_S / 4):
            ready = self.dialogue.ready()
            if ready != before:
                before = ready
                self._changed()

    def _changed(self) -> None:
        for listener in self._listeners:
            try:
                listener()
            except Exception as error:  # noqa: BLE001 - one interview's trouble must not end the watch
                log.error("after a change of engines: %s", type(error).__name__)
