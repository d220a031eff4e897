"""Rasa's memory of conversations: the slots and the last dozen events of each, in this process only."""

from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class ShortTrackerStore(TrackerStore):
    """Keeps living trackers whose event log forgets its oldest events.

    The stock in-memory store replays every event on every turn, so a turn grows slower with the
    interview. Here a turn costs the same at label 3 and at label 400. What is forgotten or evicted
    (`keep_conversations`, least recently used first) is rebuilt by the console, which holds the record.
    """

    def __init__(
        self,
        domain: Domain,
        event_broker: EventBroker | None = None,
        keep_events: int = 12,
        keep_conversations: int = 500,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._keep_events = keep_events
        self._keep_conversations = keep_conversations
        self._trackers: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        if tracker.latest_message is not None:
            # Consumed; a replay carries hundreds of labels that need not stay in the log.
            tracker.latest_message.parse_data.pop("request", None)
        if tracker.events.maxlen != self._keep_events:
            # Rasa makes new trackers itself, without a limit, however a store makes them.
            tracker.events = deque(tracker.events, maxlen=self._keep_events)
        self._trackers[tracker.sender_id] = tracker
        self._trackers.move_to_end(tracker.sender_id)
        while len(self._trackers) > self._keep_conversations:
            self._trackers.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return self._trackers.get(sender_id)

    async def keys(self) -> Iterable[str]:
        return list(self._trackers)
