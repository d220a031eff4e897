"""A further meeting: offered where there was one, begun on its own way, with what the one before covered."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import csrf_token, sign_in
from tests.interview.parts import Room
from web.interview import earlier
from web.interview.earlier import Covered
from web.interview.errors import Invalid
from web.interview.new import NewInterview
from web.interview.turns import TurnIn
from web.language.model import Cue
from web.services import Services
from web.store import AuditEntry, DialogueLabel, Interview, InterviewState, Role, Track, User

BALL = "We play ball in the yard behind the school with my friends every single day."
MET = {"intent": "observe", "entities": {"condition": "met_before"}}


def held(room: Room, unsure: bool = False, **changes: object) -> Interview:
    """An interview that was closed after some talk about what the child likes; `unsure`: it may be another
    voice that tells of it."""
    interview = room.new(protocol="extended", **changes)
    room.press(interview, "start")
    room.press(interview, "go_to", step="likes", reason="The child knows the room.")
    room.say(interview, "interviewer", "Tell me about things you like to do.")
    room.say(interview, "child", "No.")
    room.say(interview, "interviewer", "Tell me more about that.")
    told = TurnIn("ball", "child", BALL, 1000, 4000, source="speech", unsure=unsure)
    room.service.add_turn(interview.id, room.user.id, told)
    room.service.close(interview.id, room.user.id, "end", "The child is tired.")
    return interview


def labels(room: Room, interview: Interview) -> list[object]:
    wanted = select(DialogueLabel.label).where(DialogueLabel.interview_id == interview.id)
    with room.database.read() as session:
        return list(session.scalars(wanted.order_by(DialogueLabel.number)))


def covered(room: Room, interview: Interview) -> Covered:
    with room.database.read() as session:
        row = session.get_one(Interview, interview.id)
        assert row.wrapped_key is not None
        sealer = room.vault.sealer(row.id, row.wrapped_key)
        return earlier.covered(session, sealer, row, room.service.setting(row), "en")


# --- the record


@pytest.mark.parametrize(("protocol", "phase"), [("extended", "back"), ("nichd_revised_2014", "opening")])
def test_a_further_meeting_begins_where_its_flow_has_it(room: Room, protocol: str, phase: str) -> None:
    first = held(room)
    second = room.new(protocol=protocol, continues=first.id)
    shown = room.press(second, "start").guidance
    assert labels(room, second) == [MET]
    assert shown is not None
    assert (shown["phase"], shown["step"]) == (phase, "back")
    noted = [event.payload for event in room.service.history(second.id) if event.kind.value == "action"]
    assert noted == [{"action": "start"}, {"action": "observe", "condition": "met_before"}]
    assert room.service.details(second)["continues"] == first.id


def test_words_before_any_key_begin_it_there_too(room: Room) -> None:
    second = room.new(protocol="extended", continues=held(room).id)
    out = room.say(second, "interviewer", "Hello.")
    assert labels(room, second)[0] == MET
    assert out.guidance is not None
    assert out.guidance["phase"] == "back"


def test_a_flow_without_such_a_way_is_told_nothing(room: Room) -> None:
    second = room.new(protocol="minimal_facts", continues=held(room).id)
    room.press(second, "start")
    assert labels(room, second) == []


def test_a_talk_of_its_own_begins_at_the_beginning(room: Room) -> None:
    held(room)
    alone = room.new(protocol="extended")
    room.press(alone, "start")
    assert labels(room, alone) == []
    assert not {"continues", "observed"} & set(room.service.details(alone))


def test_only_a_closed_interview_of_this_case_and_person_can_be_continued(room: Room) -> None:
    first, other = held(room), held(room, case_code="K-18")
    under_way = room.new(protocol="extended")
    room.press(under_way, "start")
    stranger = User(name="berit", full_name="Berit", role=Role.INTERVIEWER, password_hash="-")
    with room.database.write() as session:
        session.add(stranger)
    for wrong in (other.id, under_way.id, "no_such", first.id[:-1]):
        with pytest.raises(Invalid) as caught:
            room.new(protocol="extended", continues=wrong)
        assert caught.value.extra["field"] == "continues"
    with pytest.raises(Invalid):
        room.service.create(stranger, NewInterview("K-17", "extended", 8, continues=first.id))
    assert room.new(protocol="extended", continues=first.id).id


def test_the_newest_meeting_comes_first(lite: Room) -> None:
    made = [held(lite) for _ in range(3)]
    with lite.database.read() as session:
        found = [one.id for one in earlier.meetings(session, lite.user, "K-17")]
    assert found == [one.id for one in reversed(made)]


# --- what it covered


def test_what_was_finished_and_what_is_open_is_told_by_phase(lite: Room) -> None:
    found = covered(lite, held(lite))
    assert (found.done, found.begun) == ([], ["Rapport"])
    assert found.left[0] == "Opening"
    assert "Ground rules" in found.left


def test_of_what_the_child_likes_its_own_first_account_is_shown(lite: Room) -> None:
    assert covered(lite, held(lite)).pleasant == BALL


def test_words_that_may_be_somebody_elses_are_not_shown_as_the_childs(lite: Room) -> None:
    first = held(lite, unsure=True)
    with lite.database.write() as session:
        session.add(Track(interview_id=first.id, name="room"))
    assert covered(lite, first).pleasant == ""


@pytest.mark.parametrize("sign", ["substantive", "reluctance"])
def test_nothing_that_may_be_about_it_is_taken_for_a_neutral_topic(lite: Room, sign: str) -> None:
    first = held(lite)
    with lite.database.write() as session:
        rows = session.scalars(select(DialogueLabel).where(DialogueLabel.interview_id == first.id))
        for row in rows:
            if row.label["intent"] == "child_turn":
                row.label = {**row.label, "entities": {**row.label["entities"], sign: True}}
    assert covered(lite, first).pleasant == ""


def test_the_childs_names_for_separate_times_are_kept(lite: Room) -> None:
    first = lite.new(protocol="nichd_revised_2014")
    lite.press(first, "start")
    lite.press(first, "go_to", step="last_time", reason="The child told of it.")
    lite.say(first, "child", "It was at the lake.")
    conversation = lite.service._pipeline._memories.of(first.id).conversation
    for cue in (Cue(0, 7, 18, "at the lake", "Tell me about the lake.", 1.0), Cue(0, 0, 2, "It", "", 0.1)):
        lite.coder.offer(conversation, cue)
    lite.say(first, "interviewer", "Tell me about the lake.")
    lite.press(first, "use_cue", turn=1, start=7)
    lite.press(first, "use_cue", turn=1, start=7)
    lite.press(first, "go_to", step="rules", reason="Back to the rules.")
    lite.press(first, "use_cue", turn=1, start=0)
    assert covered(lite, first).times == ("at the lake",)


def test_words_for_times_that_may_be_somebody_elses_are_left_out(lite: Room) -> None:
    first = lite.new(protocol="nichd_revised_2014")
    lite.press(first, "start")
    lite.press(first, "go_to", step="last_time", reason="The child told of it.")
    told = TurnIn("lake", "child", "It was at the lake.", 1000, 4000, source="speech", unsure=True)
    lite.service.add_turn(first.id, lite.user.id, told)
    conversation = lite.service._pipeline._memories.of(first.id).conversation
    lite.coder.offer(conversation, Cue(0, 7, 18, "at the lake", "Tell me about the lake.", 1.0))
    lite.say(first, "interviewer", "Tell me about the lake.")
    lite.press(first, "use_cue", turn=1, start=7)
    assert covered(lite, first).times == ("at the lake",)
    with lite.database.write() as session:
        session.add(Track(interview_id=first.id, name="room"))
    assert covered(lite, first).times == ()


def test_a_case_code_that_no_database_keeps_has_no_meetings(room: Room) -> None:
    with room.database.read() as session:
        assert earlier.meetings(session, room.user, "K\0") == []


# --- the page


FORM = {
    "case_code": "K-17",
    "protocol": "extended",
    "child_age": "8",
    "interviewer_language": "en",
    "child_language": "en",
    "assent": "not_asked",
}


@pytest.fixture
def services(app: Flask) -> Services:
    found: Services = app.extensions["tellmore"]
    return found


@pytest.fixture
def first(services: Services, users: dict[Role, User]) -> Interview:
    service, user = services.interviews, users[Role.INTERVIEWER]
    interview = service.create(user, NewInterview("K-17", "extended", 8))
    service.add_turn(
        interview.id, user.id, TurnIn("a", "interviewer", "Tell me about things you like to do.")
    )
    service.add_turn(interview.id, user.id, TurnIn("b", "child", BALL))
    service.close(interview.id, user.id, "end", "The child is tired.")
    return interview


def sent(client: FlaskClient, **changes: str) -> tuple[int, str]:
    token = csrf_token(client, "/interviews/new")
    answer = client.post("/interviews/new", data={"csrf_token": token, **FORM, **changes})
    return answer.status_code, html.unescape(answer.text)


def made(services: Services) -> list[Interview]:
    planned = select(Interview).where(Interview.state == InterviewState.PLANNED)
    with services.database.read() as session:
        return list(session.scalars(planned))


def test_the_page_asks_whether_it_is_a_further_meeting(
    client: FlaskClient, anna: User, services: Services, first: Interview
) -> None:
    status, page = sent(client)
    assert status == 200
    assert "Say whether this continues an earlier interview." in page
    assert f'value="{first.id}"' in page
    assert "Extended interview" in page.split("What the meeting of")[1]
    assert "<dt>Not done</dt>" in page
    assert made(services) == []
    with services.database.read() as session:
        entries = session.scalars(select(AuditEntry.action)).all()
    assert "interview:open" in entries


@pytest.mark.parametrize("chosen", ["first", "no"])
def test_the_answer_is_kept(
    client: FlaskClient, anna: User, services: Services, first: Interview, chosen: str
) -> None:
    status, _page = sent(client, continues=first.id if chosen == "first" else chosen)
    assert status == 302
    (second,) = made(services)
    details = services.interviews.details(second)
    assert details.get("continues") == (first.id if chosen == "first" else None)


def test_another_case_code_asks_nothing_and_continues_nothing(
    client: FlaskClient, anna: User, services: Services, first: Interview
) -> None:
    status, _page = sent(client, case_code="K-99", continues=first.id)
    assert status == 302
    assert "continues" not in services.interviews.details(made(services)[0])


def test_an_invented_meeting_is_refused(client: FlaskClient, anna: User, first: Interview) -> None:
    status, page = sent(client, continues="something")
    assert status == 200
    assert "Not a valid choice." in page


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.SUPERVISOR])
def test_of_meetings_of_others_only_a_supervisor_learns(
    client: FlaskClient, services: Services, users: dict[Role, User], first: Interview, role: Role
) -> None:
    known = users[Role.INTERVIEWER].password_hash
    other = User(name="berit", full_name="Berit", role=role, password_hash=known)
    with services.database.write() as session:
        session.add(other)
    sign_in(client, other)
    status, page = sent(client)
    assert status == (200 if role is Role.SUPERVISOR else 302)
    assert (first.id in page) is (role is Role.SUPERVISOR)
