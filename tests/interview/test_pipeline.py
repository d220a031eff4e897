"""What happens when a part is away, comes back, or the process dies between two steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.interview.parts import Room
from tests.interview.test_service import assert_dense, count
from web.interview import findings, pipeline
from web.language.model import Cue
from web.store import Coding, DialogueLabel, Interview, Turn


def engine_events(room: Room, interview: Interview) -> list[tuple[str, str]]:
    return [
        (event.payload["engine"], event.payload["state"])
        for event in room.service.history(interview.id)
        if event.kind.value == "engine"
    ]


def test_a_bot_that_goes_is_told_once_and_the_cards_stay(room: Room) -> None:
    interview = room.new()
    room.press(interview, "start")
    room.dialogue.away = True
    shown = [room.say(interview, "interviewer", "Did you see it?").guidance for _ in range(3)]
    assert engine_events(room, interview) == [("bot", "down")]
    for guidance in shown:
        assert guidance is not None
        assert guidance["cards"]
        assert guidance["phase"] == "opening"
        assert guidance["engines"]["bot"] == "down"
        assert guidance["missing"]


def test_a_bot_that_comes_back_is_told_everything(room: Room) -> None:
    interview = room.new()
    room.press(interview, "start")
    room.dialogue.away = True
    room.press(interview, "break")
    room.say(interview, "child", "I am thirsty.")
    room.dialogue.away = False
    room.press(interview, "resume")
    assert engine_events(room, interview) == [("bot", "down"), ("bot", "ready")]
    assert room.dialogue.rebuilt == 2  # once at the start, once from the record
    assert room.dialogue.calls[-1] == (2, 1)


def test_pages_see_a_returned_bot_without_a_word_being_said(room: Room) -> None:
    interview = room.new()
    room.dialogue.away = True
    room.press(interview, "start")
    assert engine_events(room, interview) == [("bot", "loading")]
    room.dialogue.away = False
    room.service.catch_up_all()
    assert engine_events(room, interview)[-1] == ("bot", "ready")
    shown = room.service.guidance(interview.id)
    assert shown is not None
    assert shown["explain"]["rule"] != "fallback"
    before = room.kinds(interview)
    room.service.catch_up_all()
    assert room.kinds(interview) == before, "nothing new is no event"


@pytest.mark.parametrize(("action", "values", "phase"), [
    ("go_to", {"step": "welcome", "reason": "again"}, "opening"),
    ("next_step", {}, "rapport"),
])  # fmt: skip
def test_without_the_bot_the_interviewer_still_moves(
    lite: Room, action: str, values: dict[str, Any], phase: str
) -> None:
    interview = lite.new()
    lite.dialogue.away = True
    lite.press(interview, "start")
    shown = lite.press(interview, action, **values).guidance
    assert shown is not None
    assert shown["phase"] == phase
    assert [item["state"] for item in shown["phases"] if item["id"] == phase] == ["now"]


def test_without_the_bot_taken_cards_make_room(lite: Room) -> None:
    interview = lite.new()
    lite.dialogue.away = True
    first = lite.press(interview, "start").guidance
    assert first is not None
    taken = first["cards"][0]["id"]
    shown = lite.press(interview, "take_card", card=taken).guidance
    assert shown is not None
    assert taken not in [card["id"] for card in shown["cards"]]


def test_without_the_bot_a_break_shows_as_one(lite: Room) -> None:
    interview = lite.new()
    lite.dialogue.away = True
    assert interrupt(lite, interview, "break") == "break"
    assert interrupt(lite, interview, "resume") is None


def interrupt(room: Room, interview: Interview, action: str) -> str | None:
    shown = room.press(interview, action).guidance
    assert shown is not None
    found: str | None = shown["interrupt"]
    return found


def test_turns_wait_for_the_coder_and_are_not_lost(room: Room) -> None:
    interview = room.new()
    room.engines.coder, loaded = None, room.engines.coder
    room.engines._language = "loading"
    for text in ("Tell me about school.", "Who was there?"):
        out = room.say(interview, "interviewer", text)
        assert out.coding is None
    assert engine_events(room, interview) == [("language", "loading")]
    room.engines.coder, room.engines._language = loaded, "ready"
    room.service.catch_up_all()
    assert_dense(room.database, interview.id, turns=2)
    assert engine_events(room, interview)[-1] == ("language", "ready")
    assert room.coder.heard == ["Tell me about school.", "Who was there?"]


def test_a_coder_that_cannot_load_leaves_the_rest_working(lite: Room) -> None:
    def broken() -> Any:
        raise OSError("no such file")

    lite.engines._load_coder, lite.engines.coder = broken, None
    lite.engines.load()
    interview = lite.new()
    out = lite.say(interview, "child", "Hello.")
    assert out.guidance is not None
    assert ("language", "failed") in engine_events(lite, interview)
    state = next(state for state in lite.engines.states() if state.name == "language")
    assert (state.state, "no such file" in state.detail) == ("failed", True)


class Killed(BaseException):
    """The process is gone: nothing after this point happens."""


def kill_coder(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(room.coder, "code", _die)


def kill_dialogue(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(room.dialogue, "advance", _die)


def kill_before_write(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(findings, "write", _die)


def kill_in_write(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(findings, "_write_guidance", _die)


def kill_before_notice(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(room.service._pipeline._feed, "announce", _die)


def _die(*args: object, **kwargs: object) -> Any:
    raise Killed


KILLS: list[Callable[[Room, pytest.MonkeyPatch], None]] = [
    kill_coder,
    kill_dialogue,
    kill_before_write,
    kill_in_write,
    kill_before_notice,
]


@pytest.mark.parametrize("kill", KILLS)
def test_a_kill_at_any_step_loses_nothing(
    room: Room, kill: Callable[[Room, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = room.new()
    room.say(interview, "interviewer", "Tell me about school.")
    with monkeypatch.context() as patch:
        kill(room, patch)
        with pytest.raises(Killed):
            room.say(interview, "child", "We swim.", key="mine")
    risen = room.again()
    again = risen.say(interview, "child", "We swim.", key="mine")
    assert (again.created, again.number) == (False, 2)
    assert again.coding is not None
    assert again.guidance is not None
    assert again.guidance["labels"] == 2
    assert_dense(risen.database, interview.id, turns=2)


def test_a_kill_after_a_press_keeps_the_press(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    interview = room.new()
    room.press(interview, "start")
    with monkeypatch.context() as patch:
        kill_dialogue(room, patch)
        with pytest.raises(Killed):
            room.press(interview, "break")
    risen = room.again()
    risen.service.catch_up(interview.id)
    shown = risen.service.guidance(interview.id)
    assert shown is not None
    assert shown["interrupt"] == "break"


def test_a_turn_that_cannot_be_coded_does_not_hold_up_the_rest(
    lite: Room, caplog: pytest.LogCaptureFixture
) -> None:
    interview = lite.new()
    lite.coder.fail_on = "poison"
    assert lite.say(interview, "interviewer", "A poison sentence.").coding is not None
    after = lite.say(interview, "interviewer", "Did you go?")
    assert after.coding is not None
    assert after.coding["type"] == "yes_no"
    assert "RuntimeError" in caplog.text
    assert "poison" not in caplog.text
    assert_dense(lite.database, interview.id, turns=2)


def test_another_process_is_noticed(room: Room) -> None:
    interview = room.new()
    room.say(interview, "interviewer", "Tell me about school.")
    other = room.again()
    other.say(interview, "child", "We swim.")
    other.press(interview, "reluctance")
    room.say(interview, "interviewer", "Tell me about swimming.")
    assert room.coder.heard == ["Tell me about school.", "Tell me about swimming."]
    assert room.coder.recalled == ["We swim."]
    assert room.dialogue.calls[-1] == (3, 1)
    with room.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Coding)) == 3


def test_work_that_another_process_finished_first_is_dropped(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = room.new()
    other = room.again()
    written = findings.write
    raced = []

    def late(*args: Any, **kwargs: Any) -> int:
        if not raced:
            raced.append(True)
            other.service.catch_up(interview.id)
        return written(*args, **kwargs)

    monkeypatch.setattr(findings, "write", late)
    out = room.say(interview, "interviewer", "Tell me about school.")
    assert out.coding is not None
    assert_dense(room.database, interview.id, turns=1)
    assert room.kinds(interview).count("guidance") == 1


def test_a_later_turn_costs_what_an_early_one_costs(lite: Room) -> None:
    """No work per turn grows with the turns before it: what each side is handed is what is new."""
    interview = lite.new()
    for number in range(60):
        lite.say(interview, "child", f"Word {number}.")
    assert len(lite.coder.heard) == 60
    assert lite.dialogue.calls == [(number, 1) for number in range(60)]
    seen = pipeline.snapshot(
        lite.database, lite.vault, interview.id, lite.service._pipeline._memories.of(interview.id), 50
    )
    assert (seen.turns, seen.new_labels) == ([], [])


def test_a_fresh_process_takes_in_a_long_interview_before_it_judges(
    lite: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 5)
    interview = lite.new()
    texts = [f"Word {number}." for number in range(23)]
    for text in texts:
        lite.say(interview, "child", text)
    risen = lite.again()
    out = risen.say(interview, "interviewer", "Did you go?")
    assert out.coding is not None
    assert out.guidance is not None
    assert out.guidance["labels"] == 24
    assert risen.coder.heard == ["Did you go?"]
    assert risen.coder.recalled == texts
    assert risen.kinds(interview).count("guidance") == 24


def test_many_turns_without_a_coder_end_in_one_guidance(lite: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 5)
    interview = lite.new()
    lite.engines.coder, loaded = None, lite.engines.coder
    for number in range(12):
        assert lite.say(interview, "child", f"Word {number}.").coding is None
    before = lite.kinds(interview).count("guidance")
    lite.engines.coder = loaded
    lite.service.catch_up(interview.id)
    assert_dense(lite.database, interview.id, turns=12)
    assert lite.kinds(interview).count("guidance") == before + 1


def test_a_bot_that_dies_in_silence_leaves_the_cards_alone(lite: Room) -> None:
    interview = lite.new()
    lite.press(interview, "start")
    shown = lite.say(interview, "interviewer", "Hello.").guidance
    lite.dialogue.away = True
    lite.service.catch_up_all()
    after = lite.service.guidance(interview.id)
    assert shown is not None
    assert after is not None
    assert after["cards"] == shown["cards"]
    assert after["engines"]["bot"] == "down"
    lite.say(interview, "interviewer", "Did you see it?")
    later = lite.service.guidance(interview.id)
    assert later is not None
    assert [card["id"] for card in later["cards"]][:1] == [shown["cards"][0]["id"]]


def test_a_cue_is_offered_from_the_childs_turn(lite: Room) -> None:
    interview = lite.new()
    lite.say(interview, "child", "We went to the lake.")
    conversation = lite.service._pipeline._memories.of(interview.id).conversation
    lite.coder.offer(conversation, Cue(0, 12, 20, "the lake", "Tell me about the lake.", 1.0))
    shown = lite.say(interview, "interviewer", "Who was there?").guidance
    assert shown is not None
    cue = {"turn": 1, "start": 12, "end": 20, "words": "the lake", "prompt": "Tell me about the lake."}
    assert shown["cues"] == [cue]
    elsewhere = lite.again()
    pressed = elsewhere.press(interview, "use_cue", turn=1, start=12).guidance
    assert pressed is not None
    assert elsewhere.kinds(interview)[-1] == "action"


def test_a_slot_nobody_can_work_on_stays_in_the_record(lite: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    interview = lite.new()

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(lite.service._pipeline, "catch_up", broken)
        out = lite.say(interview, "child", "We swim.")
    assert (out.created, out.coding, out.guidance) == (True, None, None)
    assert count(lite.database, Turn) == 1
    assert count(lite.database, DialogueLabel) == 0
    lite.service.catch_up(interview.id)
    assert count(lite.database, DialogueLabel) == 1
