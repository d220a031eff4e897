"""The room's stream passes over what is the monitor room's, and loses nothing behind it."""

from __future__ import annotations

import pytest

from tests.interview.test_stream import frames, yes
from tests.observe.conftest import OPEN, Monitor
from web.interview import stream
from web.interview.audience import MONITOR, ROOM, Audience
from web.interview.stream import follow


def actions(monitor: Monitor, audience: Audience, number: int) -> list[str]:
    """What the first events of this stream were, actions by their name."""
    pieces = follow(monitor.room.service, monitor.interview.id, 0, yes, audience)
    return [str(event.get("action", event["kind"])) for event in frames(pieces, number)]


@pytest.mark.parametrize("page", [1, 2, 200])
def test_a_page_of_nothing_but_hidden_events_is_passed(
    light: Monitor, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(actions(light, MONITOR, light.room.service.get(light.interview.id).next_seq - 1))
    first = light.suggest()
    light.withdraw(light.suggest("Tell me about the lake.", replaces=first))
    light.suggest(OPEN)
    light.press("break")
    monkeypatch.setattr(stream, "PAGE", page)
    told = ["break", "state", "suggestion_shown"]
    assert actions(light, ROOM, before + 3)[before:] == told
    hidden = ["suggestion", "suggestion", "suggestion_withdrawn", "suggestion"]
    assert actions(light, MONITOR, before + 7)[before:] == [*hidden, *told]
