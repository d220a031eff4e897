"""The record of an interview: nothing lost, nothing twice, nothing half."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.interview.parts import Room, make_room
from web.config import Config
from web.interview.actions import ActionIn
from web.interview.closing import ClosingOwed
from web.interview.errors import Conflict, Invalid, KeyReused, NotFound, TooLarge
from web.interview.turns import TurnIn
from web.problems import Problem
from web.store import Coding, Database, DialogueLabel, Event, InterviewState, Turn, User


def test_a_turn_is_saved_coded_and_answered(room: Room) -> None:
    interview = room.new()
    room.press(interview, "start")
    out = room.say(interview, "interviewer", "Did you go there?")
    assert (out.number, out.created) == (1, True)
    assert out.coding is not None
    assert (out.coding["type"], out.coding["label"]) == ("yes_no", "Closed question")
    assert out.guidance is not None
    assert out.guidance["cards"]
    assert room.kinds(interview) == ["state", "action", "state", "guidance", "turn", "coding", "guidance"]


def test_every_event_comes_before_what_follows_from_it(room: Room) -> None:
    interview = room.new()
    out = room.say(interview, "interviewer", "Tell me about your day.")
    events = {event.kind.value: event for event in room.service.history(interview.id)}
    assert events["turn"].seq == out.seq < events["coding"].seq < events["guidance"].seq
    assert events["turn"].actor_id == room.user.id
    assert events["coding"].actor_id is None


def test_the_same_key_is_the_same_turn(room: Room) -> None:
    interview = room.new()
    first = room.say(interview, "child", "I like swimming.", key="once")
    before = room.kinds(interview)
    second = room.say(interview, "child", "I like swimming.", key="once")
    assert (second.seq, second.number, second.created) == (first.seq, first.number, False)
    assert second.coding == first.coding
    assert room.kinds(interview) == before


@pytest.mark.parametrize(
    ("speaker", "text"), [("child", "Other words."), ("interviewer", "I like swimming.")]
)
def test_a_key_used_for_something_else_is_refused(room: Room, speaker: str, text: str) -> None:
    interview = room.new()
    room.say(interview, "child", "I like swimming.", key="once")
    with pytest.raises(KeyReused):
        room.say(interview, speaker, text, key="once")
    with pytest.raises(KeyReused):
        room.press(interview, "break", key="once")
    assert count(room.database, Turn) == 1


def test_keys_of_different_interviews_do_not_meet(room: Room) -> None:
    one, two = room.new(), room.new()
    assert room.say(one, "child", "Red.", key="same").created
    assert room.say(two, "child", "Blue.", key="same").created


def test_what_is_said_before_start_begins_the_interview(room: Room) -> None:
    interview = room.new()
    room.say(interview, "child", "Hello.")
    assert room.service.get(interview.id).state is InterviewState.LIVE
    state = room.service.history(interview.id)[1]
    assert state.payload == {"state": "live", "reason": "first_turn"}


SCRIPTS = (
    "Привіт, мене звати Оля",
    "مرحبا، اسمي ليلى",
    "我叫小明",
    "👧🏽🏊",
    "ẓ̌\u200d\u202e",
    "naïve \x00 end",
)


def test_any_script_comes_back_as_it_was(room: Room) -> None:
    interview = room.new()
    for text in SCRIPTS:
        room.say(interview, "child", text)
    events = room.service.history(interview.id)
    assert tuple(event.payload["text"] for event in events if event.kind.value == "turn") == SCRIPTS


BAD_TURNS: list[tuple[dict[str, Any], str]] = [
    ({"text": ""}, "text"),
    ({"text": " \n\t"}, "text"),
    ({"text": "half \ud800 a letter"}, "text"),
    ({"text": 7}, "text"),
    ({"speaker": "lawyer"}, "speaker"),
    ({"key": ""}, "key"),
    ({"key": "x" * 81}, "key"),
    ({"key": "два"}, "key"),
    ({"started_ms": -1}, "started_ms"),
    ({"started_ms": True}, "started_ms"),
    ({"started_ms": 5000, "ended_ms": 4000}, "ended_ms"),
    ({"ended_ms": 10**12}, "ended_ms"),
    ({"language": "klingonese"}, "language"),
    ({"source": "rumour"}, "source"),
]


def test_a_bad_turn_names_its_field_and_leaves_nothing(lite: Room) -> None:
    interview = lite.new()
    before = lite.kinds(interview)
    for change, field in BAD_TURNS:
        values: dict[str, Any] = {"key": "k", "speaker": "child", "text": "Hello."} | change
        with pytest.raises(Invalid) as caught:
            lite.service.add_turn(interview.id, None, TurnIn(**values))
        assert (caught.value.status, caught.value.extra["field"]) == (422, field)
    assert lite.kinds(interview) == before
    assert lite.service.get(interview.id).state is InterviewState.PLANNED


def test_a_turn_of_a_megabyte_is_too_long(lite: Room) -> None:
    interview = lite.new()
    with pytest.raises(TooLarge) as caught:
        lite.say(interview, "child", "ä" * 524_288)
    assert (caught.value.status, caught.value.extra["limit"]) == (413, lite.config.max_turn_bytes)
    assert count(lite.database, Turn) == 0


def test_an_unknown_interview_is_not_found(lite: Room) -> None:
    for work in (
        lambda: lite.service.add_turn("nobody", None, TurnIn("k", "child", "Hello.")),
        lambda: lite.service.act("nobody", None, ActionIn("k", "break")),
        lambda: lite.service.close("nobody", None, "k"),
        lambda: lite.service.history("nobody"),
    ):
        with pytest.raises(NotFound):
            work()


def test_eight_threads_lose_nothing(room: Room) -> None:
    interview = room.new()
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda n: room.say(interview, "child", f"Word {n}."), range(48)))
    assert sorted(out.number for out in done) == list(range(1, 49))
    assert_dense(room.database, interview.id, turns=48)


def add_from_elsewhere(config: Config, user: User, interview_id: str, name: str) -> None:
    database = Database(config.database_url)
    room = make_room(config, database, user)
    for number in range(15):
        room.service.add_turn(interview_id, None, TurnIn(f"{name}-{number}", "child", f"Word {number}."))
    database.close()


def test_two_processes_lose_nothing(room: Room) -> None:
    interview = room.new()
    context = multiprocessing.get_context("spawn")
    others = [
        context.Process(target=add_from_elsewhere, args=(room.config, room.user, interview.id, name))
        for name in ("web", "worker")
    ]
    for process in others:
        process.start()
    for number in range(15):
        room.say(interview, "interviewer", f"Tell me about {number}.")
    for process in others:
        process.join(60)
        assert process.exitcode == 0
    room.service.catch_up(interview.id)
    assert_dense(room.database, interview.id, turns=45)


def assert_dense(database: Database, interview_id: str, turns: int) -> None:
    """Numbers without a gap, every turn coded once and told to the dialogue once, in order."""
    with database.read() as session:
        seqs = session.scalars(
            select(Event.seq).where(Event.interview_id == interview_id).order_by(Event.seq)
        ).all()
        numbers = session.scalars(
            select(Turn.number).where(Turn.interview_id == interview_id).order_by(Turn.number)
        ).all()
        coded = session.scalars(select(Coding.turn_id).where(Coding.interview_id == interview_id)).all()
        labels = session.scalars(
            select(DialogueLabel.number)
            .where(DialogueLabel.interview_id == interview_id)
            .order_by(DialogueLabel.number)
        ).all()
    assert list(seqs) == list(range(1, len(seqs) + 1))
    assert list(numbers) == list(range(1, turns + 1))
    assert len(coded) == len(set(coded)) == turns
    assert list(labels) == list(range(1, turns + 1))


def test_break_and_resume_change_the_state(room: Room) -> None:
    interview = room.new()
    room.press(interview, "start")
    shown = room.press(interview, "break").guidance
    assert shown is not None
    assert (shown["interrupt"], room.service.get(interview.id).state) == ("break", InterviewState.BREAK)
    shown = room.press(interview, "resume").guidance
    assert shown is not None
    assert (shown["interrupt"], room.service.get(interview.id).state) == (None, InterviewState.LIVE)
    assert shown["cards"][0]["says"] == "invitation"
    states = [e.payload["state"] for e in room.service.history(interview.id) if e.kind.value == "state"]
    assert states == ["planned", "live", "break", "live"]


def test_a_press_twice_is_one_press(room: Room) -> None:
    interview = room.new()
    first = room.press(interview, "break", key="b")
    assert room.press(interview, "break", key="b").seq == first.seq
    assert room.kinds(interview).count("action") == 1
    assert count(room.database, DialogueLabel) == 1
    with pytest.raises(KeyReused):
        room.press(interview, "stop", key="b")


def test_what_a_child_wants_is_followed(lite: Room) -> None:
    for what, intent in (("toilet", "break"), ("pain", "break"), ("stop", "stop"), ("safety", "safety")):
        shown = lite.press(lite.new(), "child_wants", what=what).guidance
        assert shown is not None
        assert shown["interrupt"] == intent


def test_a_question_of_the_child_is_noted_and_moves_nothing(lite: Room) -> None:
    interview = lite.new()
    lite.press(interview, "child_wants", what="question")
    assert count(lite.database, DialogueLabel) == 0
    assert lite.kinds(interview)[1] == "action"


BAD_PRESSES: list[tuple[str, dict[str, Any], str]] = [
    ("dance", {}, "action"),
    ("take_card", {}, "card"),
    ("take_card", {"card": "no_such_card"}, "card"),
    ("go_to", {"step": "welcome"}, "reason"),
    ("go_to", {"step": "no_such_step", "reason": "because"}, "step"),
    ("observe", {"condition": "bored"}, "condition"),
    ("child_wants", {"what": "a pony"}, "what"),
    ("use_cue", {"turn": "first", "start": 0}, "turn"),
    ("quiet", {"on": "yes"}, "on"),
    ("break", {"card": "x"}, "card"),
]


def test_a_bad_press_names_its_field(lite: Room) -> None:
    interview = lite.new()
    for action, values, field in BAD_PRESSES:
        with pytest.raises(Invalid) as caught:
            lite.press(interview, action, **values)
        assert caught.value.extra["field"] == field, action
    assert lite.kinds(interview) == ["state"]


def test_going_elsewhere_keeps_its_reason_in_the_record_only(lite: Room) -> None:
    interview = lite.new()
    lite.press(interview, "go_to", step="welcome", reason="The child asked")
    action = lite.service.history(interview.id)[1]
    assert action.payload == {"action": "go_to", "step": "welcome", "reason": "The child asked"}
    with lite.database.read() as session:
        assert session.scalars(select(DialogueLabel.label)).one()["entities"] == {"step": "welcome"}


def test_closing_is_owed_to_the_child(room: Room) -> None:
    interview = room.new()
    room.press(interview, "start")
    with pytest.raises(ClosingOwed) as caught:
        room.service.close(interview.id, room.user.id, "end")
    assert [phase["id"] for phase in caught.value.extra["missing"]] == ["closing", "neutral"]
    assert room.service.get(interview.id).state is InterviewState.LIVE


def test_closing_early_keeps_the_reason(room: Room) -> None:
    interview = room.new()
    room.press(interview, "start")
    for _ in range(2):
        room.service.close(interview.id, room.user.id, "end", "The child ran to the bus")
    row = room.service.get(interview.id)
    assert (row.state, room.service.details(row)["end_reason"]) == (
        InterviewState.CLOSED,
        "The child ran to the bus",
    )
    assert row.ended_at is not None
    last = room.service.history(interview.id)[-1]
    assert last.payload == {
        "state": "closed",
        "reason": "The child ran to the bus",
        "missing": ["closing", "neutral"],
    }
    with pytest.raises(Conflict):
        room.service.close(interview.id, room.user.id, "other", "Again")


def test_a_closed_interview_takes_no_typed_turn_but_late_speech(room: Room) -> None:
    interview = room.new()
    room.say(interview, "child", "Hello.")
    room.service.close(interview.id, room.user.id, "end", "Done")
    with pytest.raises(Conflict):
        room.say(interview, "child", "Wait.")
    with pytest.raises(Conflict):
        room.press(interview, "break")
    before = room.kinds(interview).count("guidance")
    late = room.service.add_turn(interview.id, None, TurnIn("late", "child", "Bye.", source="speech"))
    assert late.coding is not None
    assert room.kinds(interview).count("guidance") == before


def test_problems_say_what_and_never_quote(lite: Room) -> None:
    interview = lite.new()
    for text in ("marker sentence \ud800", "marker sentence " * 9000):
        with pytest.raises(Problem) as caught:
            lite.say(interview, "child", text)
        assert (
            "marker" not in f"{caught.value} {caught.value.title} {caught.value.detail} {caught.value.extra}"
        )


def count(database: Database, kind: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0
