"""What the interviewer is about to say: looked at, never said, and on record when a remark was shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interview.parts import Room
from web.interview.audience import MONITOR
from web.interview.errors import Conflict, Invalid, NotFound, TooLarge
from web.store import EventKind, Interview, InterviewState


def drafts(room: Room, interview: Interview) -> list[dict[str, object]]:
    found = room.service.history(interview.id, kinds=(EventKind.ACTION,))
    return [one.payload for one in found if one.payload["action"] == "draft"]


def started(room: Room) -> Interview:
    interview = room.new()
    room.press(interview, "start")
    return interview


def look(room: Room, interview: Interview, text: str) -> dict[str, Any]:
    return room.service.look(interview.id, text)


def test_a_closed_draft_gets_its_remark_and_a_good_one_none(room: Room) -> None:
    interview = started(room)
    answer = look(room, interview, "Did he touch you?")
    assert answer["type"] == "yes_no"
    assert "touch" in answer["remark"]["reason"]
    answer = look(room, interview, "Tell me what happened.")
    assert (answer["type"], answer["remark"]) == ("invitation", None)


def test_a_look_leaves_no_trace_and_what_was_shown_is_on_record(room: Room) -> None:
    interview = started(room)
    before = room.service.get(interview.id).next_seq
    reason = look(room, interview, "Did he touch you?")["remark"]["reason"]
    assert room.service.get(interview.id).next_seq == before
    for _ in range(2):
        room.press(interview, "draft", key="shown", text="Did he touch you?", reason=reason)
    assert drafts(room, interview) == [{"action": "draft", "text": "Did he touch you?", "reason": reason}]


def test_a_draft_begins_no_interview(room: Room) -> None:
    interview = room.new()
    room.press(interview, "draft", text="Did he touch you?", reason="closed")
    assert room.service.get(interview.id).state is InterviewState.PLANNED


def test_the_monitor_room_never_gets_a_draft(room: Room) -> None:
    interview = started(room)
    room.press(interview, "draft", text="Did he touch you?", reason="closed")
    (shown,) = [one for one in room.service.history(interview.id) if one.payload.get("action") == "draft"]
    assert not MONITOR.gets(shown)


def test_a_draft_moves_nothing(room: Room) -> None:
    interview = started(room)
    said = room.say(interview, "interviewer", "Tell me what happened.")
    shown = room.service.guidance(interview.id)
    look(room, interview, "Did he touch you?")
    assert room.service.guidance(interview.id) == shown
    assert room.say(interview, "child", "my dog ran off").number == said.number + 1


def test_after_an_invitation_a_draft_is_told_to_wait(room: Room) -> None:
    interview = started(room)
    room.say(interview, "interviewer", "Tell me what happened.")
    answer = look(room, interview, "Where was that?")
    assert answer["remark"]["kind"] == "silence"


def test_what_cannot_be_a_draft_is_refused(room: Room) -> None:
    interview = started(room)
    with pytest.raises(Invalid) as empty:
        look(room, interview, " \n")
    assert "no words" in empty.value.detail
    with pytest.raises(Invalid) as broken:
        look(room, interview, "half \ud800")
    assert "broken characters" in broken.value.detail
    with pytest.raises(TooLarge):
        look(room, interview, "word " * 20_000)
    with pytest.raises(NotFound):
        room.service.look("0" * 32, "Did he touch you?")


def test_a_closed_interview_takes_no_draft(room: Room) -> None:
    interview = started(room)
    room.service.close(interview.id, room.user.id, "end", reason="over")
    with pytest.raises(Conflict):
        room.press(interview, "draft", text="Did he touch you?", reason="closed")


def test_without_the_coder_a_draft_is_not_remarked_on(room: Room) -> None:
    interview = started(room)
    room.engines.coder = None
    answer = look(room, interview, "Did he touch you?")
    assert answer == {"type": None, "label": "", "remark": None}
