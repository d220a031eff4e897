"""Notes about interpreters: who may not interpret, nothing overwritten, everything sealed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.interview.parts import Room, make_room
from web.config import Config
from web.interpreting.checklists import checklists
from web.interpreting.notes import NoteIn
from web.interpreting.service import InterpretingService, present
from web.interview.errors import Conflict, Invalid, KeyReused, NotFound
from web.store import Database, EventKind, InterpreterNote, Interview

WHO: dict[str, Any] = {
    "name": "Tolk 4711", "agency": "Språkbyrån", "language": "uk", "dialect": "Poltava", "gender": "woman",
    "relation": "none", "witness": False, "sworn": True, "place": "video",
}  # fmt: skip


@pytest.fixture
def room(any_config: Config, database: Database) -> Room:
    return make_room(any_config, database)


@pytest.fixture
def service(room: Room) -> InterpretingService:
    return InterpretingService(room.database, room.vault, room.service.feed)


@pytest.fixture
def interview(room: Room) -> Interview:
    return room.new(child_language="uk")


def note(kind: str, key: str = "n1", **values: Any) -> NoteIn:
    return NoteIn(key, kind, values)


def test_who_interprets_is_on_record_and_in_the_running_order(
    room: Room, service: InterpretingService, interview: Interview
) -> None:
    seq = service.write(interview.id, room.user.id, note("present", **WHO))
    [written] = service.read(interview)
    assert (written.number, written.kind, written.by) == (1, "present", "Anna")
    assert written.values == WHO
    [event] = room.service.history(interview.id, kinds=(EventKind.INTERPRETER,))
    assert (event.seq, event.actor_id) == (seq, room.user.id)
    assert event.payload == {"note": "present", **WHO}
    with room.database.read() as session:
        row = session.scalars(select(InterpreterNote)).one()
    assert b"4711" not in row.sealed_payload


@pytest.mark.parametrize("relation", sorted(checklists().refused))
def test_somebody_from_the_childs_circle_is_refused_with_the_reason(
    room: Room, service: InterpretingService, interview: Interview, relation: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        service.write(interview.id, room.user.id, note("present", **{**WHO, "relation": relation}))
    assert "another interpreter" in refusal.value.detail
    assert refusal.value.extra["field"] == "relation"
    assert service.read(interview) == []
    assert room.service.history(interview.id, kinds=(EventKind.INTERPRETER,)) == []


def test_a_witness_is_refused(room: Room, service: InterpretingService, interview: Interview) -> None:
    with pytest.raises(Invalid) as refusal:
        service.write(interview.id, room.user.id, note("present", **{**WHO, "witness": True}))
    assert refusal.value.detail.startswith("A witness")


@pytest.mark.parametrize(("kind", "values", "field"), [
    ("present", {**WHO, "name": " "}, "name"),
    ("present", {**WHO, "name": "x" * 121}, "name"),
    ("present", {**WHO, "language": "klingon"}, "language"),
    ("present", {**WHO, "relation": ""}, "relation"),
    ("present", {**WHO, "relation": None}, "relation"),
    ("present", {**WHO, "witness": None}, "witness"),
    ("present", {name: value for name, value in WHO.items() if name != "witness"}, "witness"),
    ("present", {**WHO, "gender": ["man"]}, "gender"),
    ("present", {**WHO, "sworn": "yes"}, "sworn"),
    ("present", {**WHO, "salary": "1"}, "salary"),
    ("briefing", {"done": ["unheard_of"]}, "done"),
    ("briefing", {"done": "everything"}, "done"),
    ("objection", {"by": "child", "about": "the weather"}, "about"),
    ("objection", {"by": "child", "about": "tie", "words": "x" * 4001}, "words"),
    ("objection", {"by": "child", "about": "tie", "words": "\ud800"}, "words"),
    ("replaced", {"words": "  "}, "words"),
    ("gossip", {}, "kind"),
])  # fmt: skip
def test_a_field_that_cannot_be_used_is_named_and_nothing_is_written(
    room: Room, service: InterpretingService, interview: Interview, kind: str, values: Any, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        service.write(interview.id, room.user.id, NoteIn("n1", kind, values))
    assert refusal.value.extra["field"] == field
    assert service.read(interview) == []


def test_nothing_is_overwritten(room: Room, service: InterpretingService, interview: Interview) -> None:
    def write(*given: NoteIn) -> None:
        for one in given:
            service.write(interview.id, room.user.id, one)

    write(
        note("briefing", "k1", done=["unclear", "first_person"], words="tried two examples"),
        note("present", "k2", **WHO),
        note("objection", "k3", by="child", about="dialect", words="speaks like on TV"),
        note("replaced", "k4", words="the child asked for another"),
    )
    assert present(service.read(interview)) is None
    write(note("present", "k5", **{**WHO, "name": "Tolk 12"}), note("debriefing", "k6", done=["papers"]))
    notes = service.read(interview)
    assert [one.number for one in notes] == [1, 2, 3, 4, 5, 6]
    assert notes[0].values == {"done": ["first_person", "unclear"], "words": "tried two examples"}
    now = present(notes)
    assert now is not None
    assert now.values["name"] == "Tolk 12"


def test_the_same_key_is_one_note(room: Room, service: InterpretingService, interview: Interview) -> None:
    first = service.write(interview.id, room.user.id, note("present", **WHO))
    assert service.write(interview.id, room.user.id, note("present", **WHO)) == first
    assert len(service.read(interview)) == 1
    with pytest.raises(KeyReused):
        service.write(interview.id, room.user.id, note("present", **{**WHO, "name": "another"}))


def test_nobody_is_replaced_where_nobody_interprets(
    room: Room, service: InterpretingService, interview: Interview
) -> None:
    with pytest.raises(Conflict):
        service.write(interview.id, room.user.id, note("replaced", words="ill"))
    with pytest.raises(NotFound):
        service.write("nowhere", room.user.id, note("present", **WHO))


def test_checklists_say_what_the_research_asks_for() -> None:
    known = checklists()
    for name, items in known.lists.items():
        assert len({item.id for item in items}) == len(items) >= 7, name
    assert {"first_person", "question_form", "no_softening", "register", "no_side_talk", "unclear"} <= {
        item.id for item in known.lists["briefing"]
    }
