"""Facts from the file in the record, on both kinds of database."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from tests.interview.parts import Room
from tests.interview.reveal_parts import FACTS, SECRET, WHY, answer, planned, ready, show, told
from web.interview.actions import ActionIn
from web.interview.errors import Conflict, Invalid, KeyReused, NotFound
from web.interview.reveal_record import Locked
from web.language.model import Cue
from web.store import EventKind, Interview


def shown(room: Room, interview: Interview) -> list[dict[str, object]]:
    found = room.service.history(interview.id, kinds=(EventKind.ACTION,))
    return [one.payload for one in found if one.payload["action"].startswith("reveal")]


def ids(caught: pytest.ExceptionInfo[Locked]) -> list[str]:
    return list(caught.value.extra["locks"])


def test_facts_come_one_by_one_in_their_order_and_are_on_record(room: Room) -> None:
    interview = ready(room)
    first = show(room, interview)
    assert first["fact"] | {"advice": []} == {**FACTS[0], "number": 1, "reason": WHY, "advice": []}  # type: ignore[operator]
    with pytest.raises(Locked) as caught:
        show(room, interview)
    assert ids(caught) == ["not_answered"]
    answer(room, interview)
    assert show(room, interview)["fact"]["text"] == FACTS[1]["text"]  # type: ignore[index]
    answer(room, interview)
    with pytest.raises(Locked) as caught:
        show(room, interview)
    assert ids(caught) == ["all_put"]
    one, two = shown(room, interview)
    assert (one["number"], one["turn"], one["reason"]) == (1, 6, WHY)
    assert one["decided"]["by"] == "Anna"  # type: ignore[index]
    assert (two["number"], two["turn"]) == (2, 8)


def test_while_locked_nothing_is_written_and_the_reasons_are_plain(room: Room) -> None:
    interview = planned(room)
    with pytest.raises(Locked) as caught:
        show(room, interview)
    assert ids(caught) == ["not_live"]
    told(room, interview, prompts=1)
    before = room.service.get(interview.id).next_seq
    with pytest.raises(Locked) as caught:
        show(room, interview)
    assert ids(caught) == ["part", "open_first", "not_decided"]
    assert "Open prompts still to try on this incident: 2." in caught.value.detail
    assert room.service.get(interview.id).next_seq == before
    assert room.service.reveals(interview.id)["put"] == []


def test_the_same_key_is_one_showing(room: Room) -> None:
    interview = ready(room)
    first = show(room, interview, key="once")
    assert show(room, interview, key="once") == first
    assert len(shown(room, interview)) == 1
    for changes in ({"reason": "another"}, {"needed": False}):
        with pytest.raises(KeyReused):
            show(room, interview, key="once", **changes)  # type: ignore[arg-type]
    room.press(interview, "observe", key="press", condition="approved")
    with pytest.raises(KeyReused):
        show(room, interview, key="press")


def test_two_presses_at_once_show_one_fact(room: Room) -> None:
    interview = ready(room)

    def press(key: str) -> str:
        try:
            return str(show(room, interview, key=key)["fact"]["text"])  # type: ignore[index]
        except Locked:
            return "locked"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(press, ("a", "b", "c", "d")))
    assert outcomes == sorted([FACTS[0]["text"], "locked", "locked", "locked"])
    assert len(shown(room, interview)) == 1


def test_the_file_may_be_left_alone(room: Room) -> None:
    interview = planned(room)
    room.press(interview, "start")
    before = room.service.guidance(interview.id)
    assert show(room, interview, "The child told it all", needed=False)["fact"] is None
    assert shown(room, interview) == [{"action": "reveal_not_needed", "reason": "The child told it all"}]
    assert room.service.reveals(interview.id)["not_needed"] == "The child told it all"
    assert room.service.guidance(interview.id) == before


def test_without_facts_there_is_nothing_to_show_or_leave(lite: Room) -> None:
    interview = ready(lite, facts=[])
    for needed in (True, False):
        with pytest.raises(Locked) as caught:
            show(lite, interview, needed=needed)
        assert ids(caught) == ["none_listed"]


def test_a_closed_interview_shows_nothing_more(room: Room) -> None:
    interview = ready(room)
    first = show(room, interview, key="once")
    room.service.close(interview.id, room.user.id, "end", reason="over")
    for needed in (True, False):
        with pytest.raises(Conflict) as caught:
            show(room, interview, needed=needed)
        assert caught.value.extra["state"] == "closed"
    assert show(room, interview, key="once") == first
    assert room.service.reveals(interview.id)["locks"][0]["id"] == "not_live"


def test_an_erased_interview_is_as_if_it_had_never_been(room: Room) -> None:
    interview = ready(room)
    with room.database.write() as session:
        session.execute(update(Interview).where(Interview.id == interview.id).values(wrapped_key=None))
    with pytest.raises(NotFound):
        show(room, interview)
    with pytest.raises(NotFound):
        room.service.reveals(interview.id)
    with pytest.raises(NotFound):
        room.service.reveals("0" * 32)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 4001, "half \ud800"])
def test_a_showing_needs_a_reason_that_can_be_kept(lite: Room, reason: str) -> None:
    interview = ready(lite)
    with pytest.raises(Invalid) as caught:
        show(lite, interview, reason)
    assert caught.value.extra["field"] == "reason"
    assert shown(lite, interview) == []


def test_before_it_is_shown_no_event_answer_or_log_has_a_word_of_it(
    lite: Room, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    interview = ready(lite)
    answers = [lite.service.reveals(interview.id), show(lite, interview)]
    answer(lite, interview)
    answers += [lite.service.reveals(interview.id), lite.service.guidance(interview.id) or {}]
    record = lite.service.history(interview.id, kinds=tuple(EventKind))
    assert FACTS[0]["text"] in str(record)
    assert SECRET not in str(record) + str(answers)
    show(lite, interview)
    assert SECRET in str(lite.service.history(interview.id))
    assert SECRET not in caplog.text
    files = [path for path in lite.config.home.rglob("*") if path.is_file()]
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []


def test_okay_is_no_putting_and_does_not_open_the_next(room: Room) -> None:
    interview = ready(room)
    show(room, interview)
    room.say(interview, "interviewer", "Okay.")
    room.say(interview, "child", "I hid in the shed.")
    room.say(interview, "interviewer", "Tell me about the shed.")
    room.say(interview, "child", "It was dark in the shed.")
    with pytest.raises(Locked) as caught:
        show(room, interview)
    assert ids(caught) == ["not_answered"]
    show(room, interview, "The child told it alone", needed=False)
    assert show(room, interview)["fact"]["text"] == FACTS[1]["text"]  # type: ignore[index]
    with pytest.raises(Locked):
        show(room, interview)


def test_an_interpreter_may_put_it_and_then_only_an_answer_opens_the_next(room: Room) -> None:
    interview = ready(room)
    show(room, interview)
    room.say(interview, "child", "I am cold.")
    room.say(interview, "interpreter", "Somebody spoke of a garden.")
    show(room, interview, "It was put already", needed=False)
    assert [lock["id"] for lock in room.service.reveals(interview.id)["locks"]] == ["not_answered"]
    room.say(interview, "child", "I do not know.")
    assert room.service.reveals(interview.id)["locks"] == []


@pytest.mark.parametrize("put", [True, False])
def test_a_process_that_has_just_started_knows_what_was_brought_in(lite: Room, put: bool) -> None:
    interview = ready(lite)
    show(lite, interview)
    lite.say(interview, "interviewer", "I heard of a shed." if put else "Okay.")
    lite.say(interview, "child", "I was at home.")

    def cues(room: Room) -> list[str]:
        said = room.say(interview, "child", "It was dark and it was in the shed with the yellow door.")
        assert said.guidance is not None
        return [cue["words"] for cue in said.guidance["cues"]]

    for room in (lite, lite.again()):
        room.coder.cues = lambda conversation: [  # type: ignore[method-assign]
            Cue(8, 15, 25, "in the shed", "…", 2.0),
            Cue(8, 30, 40, "yellow door", "…", 1.0),
            Cue(1, 0, 8, "old shed", "…", 0.5),
        ]
        assert cues(room) == [*([] if put else ["in the shed"]), "yellow door", "old shed"]


def test_a_press_of_the_same_name_is_no_action(lite: Room) -> None:
    """Facts have an address of their own: the general one does not take them."""
    interview = ready(lite)
    with pytest.raises(Invalid):
        lite.service.act(interview.id, lite.user.id, ActionIn("k", "reveal", {"reason": WHY}))
