"""The idempotency of what was written: one key stands for one event."""

from __future__ import annotations

import pytest

from tests.interview.parts import Room
from web.interview import events
from web.interview.errors import KeyReused
from web.store import EventKind

SAID = {"action": "quiet", "on": True}


def test_a_key_leads_back_to_the_one_event_it_made(lite: Room) -> None:
    interview = lite.new()
    sealer = lite.vault.sealer(interview.id, interview.wrapped_key)

    def again(key: str, payload: dict[str, object], kind: EventKind) -> int | None:
        with lite.database.read() as session:
            return events.again(session, sealer, interview.id, key, payload, kind)

    assert again("q", SAID, EventKind.ACTION) is None
    seq = lite.press(interview, "quiet", "q", on=True).seq
    assert again("q", SAID, EventKind.ACTION) == seq
    for payload, kind in ((SAID | {"on": False}, EventKind.ACTION), (SAID, EventKind.STATE)):
        with pytest.raises(KeyReused):
            again("q", payload, kind)
