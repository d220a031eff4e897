"""Turns with an engine in this process, so that its event log can be read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.libraries import library
from bot.request import read_turn
from bot.tracker_store import ShortTrackerStore
from bot.turns import Answer, Turns


class Talk:
    def __init__(self, model: Path) -> None:
        store = ShortTrackerStore(Domain.empty(), keep_events=12, keep_conversations=3)
        self.agent = Agent.load(model_path=str(model), tracker_store=store)
        self.turns, self.loop = Turns(), asyncio.new_event_loop()

    def take(self, name: str, *labels: dict[str, Any], **more: Any) -> Answer:
        body = {"conversation": name, "protocol": "nichd_revised_2014", "age": 9, "labels": list(labels)}
        flows = library(more.get("edition")).flows
        return self.loop.run_until_complete(self.turns.take(self.agent, read_turn({**body, **more}, flows)))

    def tracker(self, name: str) -> DialogueStateTracker:
        return self.loop.run_until_complete(self.agent.tracker_store.retrieve(name))
