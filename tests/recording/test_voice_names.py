"""A recording with two people on one track: their voices are asked for, and said by a person."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import sign_in
from tests.recording.test_by_voice import FIRST, room, sides, studio, transcriber, unsure, whole
from tests.recording.test_listening import Studio
from web.interview.errors import Conflict, Invalid
from web.interview.new import NewInterview
from web.interview.turns import TurnIn
from web.recording.voice_names import VoiceNames
from web.services import Services
from web.store import EventKind, Interview, Role, User
from web.transcript import record

__all__ = ["room", "studio", "transcriber"]
TRACK = "file-0123456789-0"


@pytest.mark.parametrize("restarted", [False, True], ids=["in one go", "by a worker that starts anew"])
def test_the_voices_of_a_file_are_put_together_and_named_by_a_person(studio: Studio, restarted: bool) -> None:
    studio.open(TRACK, None)
    studio.play({TRACK: whole()})
    if restarted:
        studio.restart()
    studio.end()
    assert all(unsure(studio))
    assert set(sides(studio)) == {"interviewer"}
    found = studio.room.database, studio.room.vault
    names = VoiceNames(*found, lambda *_: None, lambda *_: None)
    interview = studio.room.service.get(studio.interview.id)
    first, second = names.voices(interview)
    spoken = [turn["speaker"] for turn in FIRST]
    for voice, speaker in ((first, "interviewer"), (second, "child")):
        assert {spoken[(one.turn or 0) - 1] for one in voice.segments} == {speaker}
    assert len(first.segments) + len(second.segments) >= len(FIRST) - 1
    roles = {(TRACK, 1): "interviewer", (TRACK, 2): "child"}
    with studio.room.database.read() as session:
        user = session.get_one(User, interview.interviewer_id)
    seen = len(first.segments) + len(second.segments)
    assert names.name(interview.id, user, roles, seen) == len(second.segments)
    assert names.name(interview.id, user, roles, seen) == 0
    interview = studio.room.service.get(studio.interview.id)
    with studio.room.database.read() as session:
        sealer = studio.room.vault.sealer(interview.id, interview.wrapped_key)
        now = record.read(session, sealer, interview).now
    told = {one.turn for voice in (first, second) for one in voice.segments}
    assert [one.speaker for one in now.segments if one.turn in told] == [
        speaker for number, speaker in enumerate(spoken, 1) if number in told
    ]
    assert not names.unsure(interview) & told


def test_nothing_a_voice_is_known_by_is_kept(studio: Studio) -> None:
    studio.open(TRACK, None)
    studio.play({TRACK: whole()})
    assert studio.listener._by_voice._listened
    studio.end()
    ours = studio.listener._by_voice
    assert (dict(ours._listened), dict(ours._vectors)) == ({}, {})
    shown = studio.room.service.history(studio.interview.id, kinds=(EventKind.ACTION,))
    noted = [event.payload for event in shown if event.payload["action"] == "voices"]
    assert [set(payload) for payload in noted] == [{"action", "track", "voices"}]
    assert all(isinstance(turn, int) for voice in noted[0]["voices"] for turn in voice)


@pytest.fixture
def here(app: Flask) -> Services:
    found: Services = app.extensions["tellmore"]
    return found


@pytest.fixture
def interview(here: Services, users: dict[Role, User]) -> Interview:
    """Three uncertain turns, two of one voice."""
    new = NewInterview(case_code="K-17", protocol="minimal_facts", child_age=8)
    made = here.interviews.create(users[Role.INTERVIEWER], new)
    here.recordings.open_track(made.id, TRACK, None, 0, None)
    for number, text in enumerate(("Tell me more.", "I saw a cat.", "And then?"), 1):
        span = (number * 1000, number * 1000 + 900)
        here.interviews.add_turn(
            made.id, None, TurnIn(f"k{number}", "interviewer", text, *span, source="speech", unsure=True)
        )
    here.recordings.note_voices(made.id, TRACK, [[1, 3], [2]])
    return here.interviews.get(made.id)


def test_the_page_asks_and_the_transcript_shows_the_answer(
    client: FlaskClient, users: dict[Role, User], interview: Interview
) -> None:
    token = sign_in(client, users[Role.INTERVIEWER])
    transcript, page = (f"/interviews/{interview.id}/{name}" for name in ("transcript", "voices"))
    assert client.get(transcript).text.count("speaker uncertain") == 3
    asked = client.get(page).text
    assert asked.count("<fieldset>") == 2
    assert f"{TRACK}.wav?from_ms=2000&amp;to_ms=2900" in asked
    answer = {f"{TRACK}.2": "child", "seen": "3", "csrf_token": token}
    assert client.post(page, data=answer).status_code == 302
    shown = client.get(transcript).text
    assert shown.count("speaker uncertain") == 2
    assert 'data-speaker="child"' in shown
    assert client.post(page, data={**answer, "seen": "2"}).status_code == 409
    assert client.post(page, data={**answer, f"{TRACK}.1": "nobody"}).status_code == 422


def test_what_a_person_said_of_a_turn_stays(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    from web.transcript.service import StepIn

    user = users[Role.INTERVIEWER]
    here.transcripts.take(interview.id, user, StepIn("p", "speaker", 0, segment="1", speaker="interpreter"))
    steps = here.voice_names.name(interview.id, user, {(TRACK, 1): "child"}, 3)
    assert steps == 1
    assert [one.speaker for one in here.transcripts.read(interview).now.segments] == [
        "interpreter", "interviewer", "child",
    ]  # fmt: skip


def test_a_name_for_nobody_and_a_grouping_that_changed_are_refused(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    with pytest.raises(Invalid):
        here.voice_names.name(interview.id, user, {(TRACK, 1): "uncle"}, 3)
    with pytest.raises(Conflict):
        here.voice_names.name(interview.id, user, {(TRACK, 1): "child"}, 7)
    assert not here.transcripts.read(interview).now.steps
