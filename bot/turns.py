"""One turn: check that bot and console agree on what was said so far, then let Rasa decide."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.names import ASK, SLOT
from bot.request import Turn

CHANNEL = "labels"


@dataclass(frozen=True)
class Answer:
    """HTTP status and JSON body."""

    status: int
    body: dict[str, Any]


class Turns:
    """Takes turns of many interviews; those of one interview strictly one after the other."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, agent: Agent, turn: Turn) -> Answer:
        """Answer 200 with the guidance, or 409 with what the bot has seen when the counts differ.

        Labels but the last are folded in; the last is the turn that Rasa answers, so a replay of
        a whole interview costs one turn. A failure drops the conversation: the console rebuilds it.
        """
        lock = self._locks.setdefault(turn.conversation, asyncio.Lock())
        async with lock:
            tracker = await agent.tracker_store.retrieve(turn.conversation)
            kept = tracker.get_slot(SLOT) if tracker else None
            if not turn.restart and not _agree(kept, turn):
                return Answer(409, {"seen": kept["seen"] if kept else 0})
            try:
                await agent.handle_message(_message(turn))
                tracker = await agent.tracker_store.retrieve(turn.conversation)
                return Answer(200, _result(tracker))
            except BaseException:
                fresh = agent.tracker_store.init_tracker(turn.conversation)
                await agent.tracker_store.save(fresh)
                raise


def _agree(kept: Mapping[str, Any] | None, turn: Turn) -> bool:
    """Whether the bot stands where the console believes it stands."""
    if kept is None:
        return turn.seen == 0
    return all(kept[name] == getattr(turn, name) for name in ("edition", "protocol", "age", "seen"))


def _message(turn: Turn) -> UserMessage:
    intent = turn.labels[-1]["intent"] if turn.labels else ASK
    entities = turn.labels[-1]["entities"] if turn.labels else {}
    request = {name: getattr(turn, name) for name in ("edition", "protocol", "age", "labels", "restart")}
    return UserMessage(
        text=f"/{intent}",
        sender_id=turn.conversation,
        input_channel=CHANNEL,
        output_channel=CollectingOutputChannel(),
        # With parse data given, Rasa interprets no text at all.
        parse_data={
            "text": f"/{intent}",
            "intent": {"name": intent, "confidence": 1.0},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "request": request,
        },
    )


def _result(tracker: DialogueStateTracker) -> dict[str, Any]:
    kept = tracker.get_slot(SLOT)
    decided = next(
        event
        for event in reversed(tracker.events)
        if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME
    )
    return {
        "seen": kept["seen"],
        "guidance": kept["guidance"],
        "action": decided.action_name,
        "policy": decided.policy,
    }
