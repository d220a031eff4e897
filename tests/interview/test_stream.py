"""The stream: every event once, in order, whatever happens to the connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.interview.parts import Room
from web.interview import events, stream
from web.interview.audience import MONITOR
from web.interview.feed import Feed
from web.interview.stream import Streams, TooManyStreams, as_text, follow
from web.store import EventKind, Interview


def yes() -> bool:
    return True


def read(text: str) -> dict[str, Any]:
    lines = dict(line.split(": ", 1) for line in text.strip().split("\n"))
    body: dict[str, Any] = json.loads(lines["data"])
    assert int(lines["id"]) == body["seq"]
    assert lines["event"] == body["kind"]
    return body


def frames(pieces: Iterator[str], number: int) -> list[dict[str, Any]]:
    """The next events, heartbeats left out."""
    return [read(text) for text in islice((t for t in pieces if t.startswith("id: ")), number)]


def test_a_stream_begins_with_how_to_come_back(lite: Room) -> None:
    interview = lite.new()
    assert next(follow(lite.service, interview.id, 0, yes)) == "retry: 2000\n\n"


def test_a_stream_replays_and_then_follows(room: Room) -> None:
    interview = room.new()
    room.say(interview, "child", "Before.")
    known = len(room.kinds(interview))
    pieces = follow(room.service, interview.id, 0, yes)
    assert [event["seq"] for event in frames(pieces, known)] == list(range(1, known + 1))
    late = threading.Timer(0.05, lambda: room.say(interview, "child", "After."))
    late.start()
    event = frames(pieces, 1)[0]
    late.join()
    assert (event["seq"], event["kind"], event["text"]) == (known + 1, "turn", "After.")


def test_what_another_process_writes_is_seen_too(room: Room) -> None:
    interview = room.new()
    pieces = follow(room.service, interview.id, 1, yes)
    other = room.again()
    late = threading.Timer(0.05, lambda: other.say(interview, "child", "From elsewhere."))
    late.start()
    assert frames(pieces, 2)[1]["text"] == "From elsewhere."
    late.join()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 9), min_size=1, max_size=12), page=st.integers(1, 7))
def test_a_cut_stream_goes_on_without_gap_or_repeat(
    lite: Room, cuts: list[int], page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = lite.new()
    for number in range(6):
        lite.say(interview, "child", f"Word {number}.")
    every = [event.seq for event in lite.service.history(interview.id)]
    got: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(stream, "PAGE", page)
        for cut in [*cuts, *[9] * len(every)]:
            if len(got) == len(every):
                break
            pieces = follow(lite.service, interview.id, got[-1] if got else 0, yes)
            got += [event["seq"] for event in frames(pieces, min(cut, len(every) - len(got)))]
    assert got == every


def test_suggestions_for_the_reviewer_stay_out_of_the_room(lite: Room) -> None:
    interview = lite.new()
    append(lite, interview, EventKind.TAGS, {"turn": 1, "tags": []})
    append(lite, interview, EventKind.REVIEW, {"turn": 1})
    append(lite, interview, EventKind.STATE, {"state": "live"})
    pieces = follow(lite.service, interview.id, 0, yes)
    assert [event["seq"] for event in frames(pieces, 2)] == [1, 4]


def test_hidden_events_at_the_end_make_no_busy_loop(lite: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    interview = lite.new()
    append(lite, interview, EventKind.TAGS, {"turn": 1, "tags": []})
    looks = []
    plain = lite.service.history

    def counted(*args: Any, **kwargs: Any) -> Any:
        looks.append(args)
        return plain(*args, **kwargs)

    monkeypatch.setattr(lite.service, "history", counted)
    text = list(follow(lite.service, interview.id, 1, yes, life_s=0.2, heartbeat_s=0.05))
    assert set(text[1:]) == {": still here\n\n"}
    assert len(looks) <= len(text)


def test_a_stream_ends_by_itself_so_that_the_browser_comes_back(lite: Room) -> None:
    interview = lite.new()
    text = list(follow(lite.service, interview.id, 0, yes, life_s=0.15, heartbeat_s=0.05))
    assert [read(piece)["seq"] for piece in text if piece.startswith("id")] == [1]
    assert ": still here\n\n" in text


def test_a_stream_asks_before_it_tells(lite: Room) -> None:
    interview = lite.new()
    allowed = [True]
    pieces = follow(lite.service, interview.id, 0, lambda: allowed[0], heartbeat_s=0.05)
    assert frames(pieces, 1)[0]["seq"] == 1
    allowed[0] = False
    lite.say(interview, "child", "A secret.")
    assert not [piece for piece in pieces if "secret" in piece]


def test_streams_have_a_cap_and_places_come_free(lite: Room) -> None:
    interview = lite.new()
    streams = Streams(lite.service, cap=2)
    held = [streams.open(interview.id, 0, yes) for _ in range(2)]
    with pytest.raises(TooManyStreams) as caught:
        streams.open(interview.id, 0, yes)
    assert (caught.value.status, caught.value.headers["Retry-After"]) == (503, "5")
    held[0][1]()
    streams.open(interview.id, 0, yes)


def test_a_line_break_cannot_forge_an_event(lite: Room) -> None:
    interview = lite.new()
    text = "one\n\nid: 99\nevent: state\r\ndata: {}\u2028two"
    lite.say(interview, "child", text)
    happening = next(e for e in lite.service.history(interview.id) if e.kind is EventKind.TURN)
    wire = as_text(happening)
    assert wire.count("\n") == 4
    assert read(wire)["text"] == text


def test_waiting_counts_numbers_and_not_time(lite: Room) -> None:
    interview = lite.new()
    feed = Feed(lite.database)
    assert feed.wait(interview.id, 0, 0.0)
    assert not feed.wait(interview.id, 1, 0.01)
    assert feed.latest("nobody") == 0


def append(room: Room, interview: Interview, kind: EventKind, payload: dict[str, Any]) -> None:
    with room.database.write() as session:
        row = events.lock(session, interview.id)
        events.append(session, room.vault.sealer(row.id, row.wrapped_key), row, kind, payload)


def test_what_is_being_heard_is_passed_on_without_a_number(lite: Room) -> None:
    interview = lite.new()
    line = {"speaker": "child", "language": "en", "dir": "ltr", "start_ms": 0, "text": "we went"}
    room = follow(lite.service, interview.id, 9, yes, stream.ROOM)
    watcher = follow(lite.service, interview.id, 9, yes, MONITOR, heartbeat_s=0.01)
    lite.service.feed.hear(interview.id, [line])
    assert next(room) == "retry: 2000\n\n"
    told = next(room)
    assert told.startswith("event: hearing\ndata: ")
    assert "id:" not in told
    assert json.loads(told.split("data: ")[1])["lines"] == [line]
    lite.service.feed.hear(interview.id, [])
    assert json.loads(next(room).split("data: ")[1])["lines"] == []
    assert [next(watcher), next(watcher)] == ["retry: 2000\n\n", ": still here\n\n"]
    assert len(lite.kinds(interview)) == 1, "no event of the record"
