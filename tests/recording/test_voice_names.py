"""A recording with two people on one track: their voices are asked for, and said by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import sign_in
from tests.recording.studio import Studio
from tests.recording.test_by_voice import FIRST, key, sides, unsure, whole
from web.interview.errors import Conflict, Invalid
from web.interview.new import NewInterview
from web.interview.turns import TurnIn
from web.recording import by_voice
from web.recording.by_voice import ByVoice
from web.recording.listening import IDLE_S
from web.recording.voice_names import VoiceNames
from web.services import Services
from web.speech import voice
from web.speech.model import RATE
from web.store import AuditEntry, EventKind, Interview, Role, Segment, Track, Turn, User
from web.store.base import new_id
from web.transcript import record, uncertain
from web.transcript.service import StepIn
from web.worker import Worker

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
    for found_voice, speaker in ((first, "interviewer"), (second, "child")):
        assert {spoken[(one.turn or 0) - 1] for one in found_voice.segments} == {speaker}
    assert len(first.segments) + len(second.segments) >= len(FIRST) - 1
    roles = {(TRACK, 1): "interviewer", (TRACK, 2): "child"}
    with studio.room.database.read() as session:
        user = session.get_one(User, interview.interviewer_id)
    seen = first.seq
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


MARKER = voice.unit(np.random.default_rng(5).normal(size=256).astype(np.float32))


def marked(samples: object) -> voice.Heard:
    """A voice that is found again wherever it is written."""
    return voice.Heard(MARKER, MARKER[None], (0,), 2000)


def test_nothing_a_voice_is_known_by_is_kept(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(by_voice, "listen", marked)
    key(studio, 0)
    studio.open("room", None)
    studio.play({"room": whole()[: 14 * RATE]})
    ours = studio.listener._by_voice
    kept = ours._memories[studio.interview.id]
    assert kept.turns
    assert kept.vectors
    assert ours._last
    studio.end()
    assert not ours._memories
    assert ours._last is None
    shown = studio.room.service.history(studio.interview.id, kinds=(EventKind.ACTION,))
    noted = [event.payload for event in shown if event.payload["action"] == "voices"]
    assert [set(payload) for payload in noted] == [{"action", "track", "voices"}]
    assert all(isinstance(turn, int) for found in noted[0]["voices"] for turn in found)
    opened = "".join(str(event.payload) for event in studio.room.service.history(studio.interview.id))
    places = [file.read_bytes() for file in studio.room.config.home.rglob("*") if file.is_file()]
    assert places
    for sign in (f"{MARKER[7]}", f"{float(MARKER[7])}"):
        assert not any(sign.encode() in content for content in places)
        assert sign not in opened + caplog.text
    assert not any(MARKER[7:10].tobytes() in content for content in places)


def test_the_voices_of_an_erased_interview_are_forgotten(studio: Studio) -> None:
    key(studio, 0)
    studio.open("room", None)
    studio.play({"room": whole()[: 8 * RATE]})
    ours = studio.listener
    assert ours._by_voice._memories
    assert ours._ears
    with studio.room.database.write() as session:
        session.get_one(Interview, studio.interview.id).wrapped_key = None
    assert ours.held_back() == [studio.interview.id], "the beat has it looked at though no sound comes"
    assert not ours.listen(studio.interview.id)
    assert not ours._by_voice._memories
    assert ours._by_voice._last is None
    assert not ours._ears
    assert not ours._told
    assert not ours._ahead._kept
    assert not ours.held_back()


def test_the_voices_of_a_track_that_nobody_ends_are_forgotten(studio: Studio) -> None:
    key(studio, 0)
    studio.open("room", None)
    studio.play({"room": whole()[: 8 * RATE]})
    studio.now += IDLE_S + 1
    assert studio.listener.held_back() == [studio.interview.id]
    studio.listen()
    assert not studio.listener._ears
    assert not studio.listener._by_voice._memories
    assert not studio.listener.held_back()


def test_where_putting_voices_together_fails_it_is_done_again(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OSError("database is locked")

    studio.open(TRACK, None)
    studio.play({TRACK: whole()[: 14 * RATE]})
    with monkeypatch.context() as patch:
        patch.setattr(by_voice, "groups", locked)
        with pytest.raises(OSError, match="locked"):
            studio.end()
        assert not studio.listener._by_voice._memories
    studio.restart()
    assert studio.interview.id in studio.listener.unfinished()
    studio.listen()
    names = VoiceNames(studio.room.database, studio.room.vault, lambda *_: None, lambda *_: None)
    assert len(names.voices(studio.room.service.get(studio.interview.id))) == 2
    assert not studio.listener.unfinished()


def test_without_the_encoder_words_are_still_written_down(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(_: object) -> None:
        raise ValueError("not the file")

    monkeypatch.setattr(by_voice, "listen", missing)
    key(studio, 0)
    studio.open("room", None)
    studio.play({"room": whole()[: FIRST[3]["start_ms"] * RATE // 1000]})
    studio.end()
    assert unsure(studio) == [False, True, True]
    assert caplog.text.count("no voice can be told from another") == 1


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


def seq(here: Services, interview: Interview) -> int:
    return here.voice_names.voices(interview)[0].seq


def test_the_page_asks_and_the_transcript_shows_the_answer(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    token = sign_in(client, users[Role.INTERVIEWER])
    transcript, page = (f"/interviews/{interview.id}/{name}" for name in ("transcript", "voices"))
    assert client.get(transcript).text.count("speaker uncertain") == 3
    asked = client.get(page).text
    assert asked.count("<fieldset>") == 2
    assert f"{TRACK}.wav?from_ms=2000&amp;to_ms=2900" in asked
    seen = here.voice_names.voices(interview)[0].seq
    answer = {f"{TRACK}.2": "child", "seen": str(seen), "csrf_token": token}
    assert client.post(page, data=answer).status_code == 302
    shown = client.get(transcript).text
    assert shown.count("speaker uncertain") == 2
    assert 'data-speaker="child"' in shown
    with here.database.read() as session:
        actions = list(session.scalars(select(AuditEntry.action)))
    assert "transcript:voices_shown" in actions, "the page shows words of a child"
    assert client.post(page, data={**answer, "seen": str(seen - 1)}).status_code == 409
    assert client.post(page, data={**answer, f"{TRACK}.1": "nobody"}).status_code == 422


def test_what_a_person_said_of_a_turn_stays(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    here.transcripts.take(interview.id, user, StepIn("p", "speaker", 0, segment="1", speaker="interpreter"))
    steps = here.voice_names.name(interview.id, user, {(TRACK, 1): "child"}, seq(here, interview))
    assert steps == 1
    assert [one.speaker for one in here.transcripts.read(interview).now.segments] == [
        "interpreter", "interviewer", "child",
    ]  # fmt: skip


def taken(here: Services, interview: Interview, user: User, kind: str, **fields: Any) -> None:
    seen = here.transcripts.read(interview).now.number
    here.transcripts.take(interview.id, user, StepIn(new_id(), kind, seen, **fields))


def speakers(here: Services, interview: Interview) -> dict[str, str]:
    return {one.id: one.speaker for one in here.transcripts.read(interview).now.segments}


def test_a_turn_whose_words_were_corrected_goes_with_its_voice(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    taken(here, interview, user, "text", segment="2", text="I saw the cat.")
    assert here.voice_names.name(interview.id, user, {(TRACK, 2): "child"}, seq(here, interview)) == 1
    assert speakers(here, interview)["2"] == "child"
    assert here.voice_names.unsure(interview) == {1, 3}


def test_parts_of_a_turn_that_was_split_are_said_one_by_one(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    taken(here, interview, user, "split", segment="2", at=len("I saw"))
    assert here.voice_names.name(interview.id, user, {(TRACK, 2): "child"}, seq(here, interview)) == 0
    assert here.voice_names.unsure(interview) == {1, 2, 3}, "two persons may be in it"


def test_what_naming_a_voice_did_can_be_undone_and_done_again(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user, child = users[Role.INTERVIEWER], {(TRACK, 2): "child"}
    assert here.voice_names.name(interview.id, user, child, seq(here, interview)) == 1
    taken(here, interview, user, "undo", of=1)
    assert speakers(here, interview)["2"] == "interviewer"
    assert here.voice_names.unsure(interview) == {1, 2, 3}, "what was undone was not said"
    assert here.voice_names.name(interview.id, user, child, seq(here, interview)) == 1
    assert speakers(here, interview)["2"] == "child"
    assert here.voice_names.unsure(interview) == {1, 3}


def test_of_two_turns_made_one_it_can_be_said_that_it_is_right(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    here.voice_names.right(interview.id, user, 1)
    taken(here, interview, user, "merge", segment="1", other="2")
    assert here.voice_names.unsure(interview) == {1, 2, 3}, "its second half may still be somebody else's"
    here.voice_names.right(interview.id, user, 1, "1")
    assert here.voice_names.unsure(interview) == {3}


def test_a_name_for_nobody_and_a_grouping_that_changed_are_refused(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    with pytest.raises(Invalid):
        here.voice_names.name(interview.id, user, {(TRACK, 1): "uncle"}, seq(here, interview))
    before = seq(here, interview)
    here.recordings.note_voices(interview.id, TRACK, [[1], [2, 4]])  # as many voices, but not the same
    with pytest.raises(Conflict):
        here.voice_names.name(interview.id, user, {(TRACK, 1): "child"}, before)
    assert not here.transcripts.read(interview).now.steps


def test_what_a_key_said_and_what_is_too_short_does_not_go_with_a_voice(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    """Four clear turns, a short answer, and one that was certain when it was written down."""
    for number in range(4, 8):
        long = (number * 10_000, number * 10_000 + 2000)
        turn = TurnIn(f"k{number}", "interviewer", "I saw it.", *long, source="speech", unsure=True)
        here.interviews.add_turn(interview.id, None, turn)
    short = TurnIn("k8", "interviewer", "Yes.", 90_000, 90_400, source="speech", unsure=True)
    here.interviews.add_turn(interview.id, None, short)
    keyed = TurnIn("k9", "interviewer", "And then, what did you do?", 95_000, 98_000, source="speech")
    here.interviews.add_turn(interview.id, None, keyed)
    here.recordings.note_voices(interview.id, TRACK, [[4, 5, 6, 7, 8, 9]])
    user = users[Role.INTERVIEWER]
    (voice,) = here.voice_names.voices(interview)
    assert {one.turn for one in voice.examples} <= {4, 5, 6, 7}
    assert here.voice_names.name(interview.id, user, {(TRACK, 1): "child"}, voice.seq) == 4
    now = here.transcripts.read(interview).now
    assert [one.speaker for one in now.segments][3:] == ["child"] * 4 + ["interviewer"] * 2
    assert {4, 5, 6, 7, 8, 9} & here.voice_names.unsure(interview) == {8}


def test_a_voice_that_was_named_wrongly_is_named_again(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    for speaker in ("child", "interpreter"):
        here.voice_names.name(interview.id, user, {(TRACK, 2): speaker}, seq(here, interview))
        assert here.transcripts.read(interview).now.segments[1].speaker == speaker


def test_what_a_person_said_stays_when_the_turns_are_put_together_anew(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    here.voice_names.name(interview.id, user, {(TRACK, 2): "child"}, seq(here, interview))
    here.voice_names.right(interview.id, user, 1)
    token = sign_in(client, user)
    page = f"/interviews/{interview.id}/voices"
    asked = {"track": TRACK, "voices": "3", "csrf_token": token}
    assert client.post(f"{page}/count", data=asked).status_code == 302
    (track,) = here.voice_names.tracks(interview)
    assert (track.count, track.waits) == (3, True)
    assert "put together anew" in client.get(page).text
    assert here.jobs.waits("group")
    with here.database.read() as session:
        found = uncertain.by_track(session, here.recordings.sealer(interview), interview.id)[TRACK]
    here.recordings.note_voices(interview.id, TRACK, [[1], [2, 3]], found.asked)
    (track,) = here.voice_names.tracks(interview)
    assert not track.waits
    assert [voice.before for voice in track.voices] == [None, "child"]
    assert here.voice_names.unsure(interview) == {3}, "the child's turn and the right one stay settled"
    shown = client.get(page).text
    assert "No more than 2 voices can be told apart here." in shown
    answer = {f"{TRACK}.1": "child", f"{TRACK}.2": "child", "seen": str(track.seq), "csrf_token": token}
    assert client.post(page, data=answer).status_code == 302
    now = here.transcripts.read(interview).now
    assert [one.speaker for one in now.segments] == ["interviewer", "child", "child"]
    for wrong in ({"voices": "9"}, {"track": "room"}):
        assert client.post(f"{page}/count", data={**asked, **wrong}).status_code == 422


def one_of(person: str) -> voice.Heard:
    """A voice for each letter: b and c are near each other, a is far."""
    axes = np.eye(256, dtype=np.float32)
    vector = {"a": axes[0], "b": axes[1], "c": voice.unit(axes[1] + 0.6 * axes[2])}[person]
    return voice.Heard(vector, vector[None], (0,), 2000)


def test_turns_are_put_together_anew_by_the_worker_in_steps(
    here: Services, users: dict[Role, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    people, user = "abcabcabc", users[Role.INTERVIEWER]
    new = NewInterview(case_code="K-18", protocol="minimal_facts", child_age=8)
    interview = here.interviews.create(user, new)
    here.recordings.open_track(interview.id, TRACK, None, 0, None)
    for number in range(1, len(people) + 1):
        turn = TurnIn(
            f"k{number}", "interviewer", "And then?", number * 3000, number * 3000 + 2000, unsure=True
        )
        here.interviews.add_turn(interview.id, None, replace(turn, source="speech"))
    with here.database.write() as session:
        track = session.scalars(select(Track)).one()
        track.heard_out = True
        for row in session.scalars(select(Turn)):
            span = {"start_ms": row.started_ms, "end_ms": row.ended_ms}
            session.add(Segment(track_id=track.id, turn_id=row.id, confidence=1.0, **span))
    who = {f"{number * 3000}": one for number, one in enumerate(people, 1)}
    ours = ByVoice(here.database, here.recordings)
    monkeypatch.setattr(ours, "_sound", lambda _, start_ms, __: who[str(start_ms)])
    monkeypatch.setattr(by_voice, "listen", one_of)
    monkeypatch.setattr(by_voice, "STEP", 4)
    ours.finish(track)
    names = here.voice_names
    assert [len(one.segments) for one in names.voices(interview)] == [3, 6]
    assert not ours.regroup(interview.id), "nobody asked for it"
    names.count(interview.id, user, TRACK, 3)
    assert [ours.regroup(interview.id) for _ in range(3)] == [True, True, False]
    assert [len(one.segments) for one in names.voices(interview)] == [3, 3, 3]
    assert not names.tracks(interview)[0].waits
    assert not ours._memories, "nothing a voice is known by is left"
    names.count(interview.id, user, TRACK, None)
    assert ours.regroup(interview.id)
    with here.database.write() as session:
        session.get_one(Interview, interview.id).wrapped_key = None
    assert not ours.regroup(interview.id)
    assert not ours._memories


def test_a_worker_killed_while_voices_were_put_together_anew_goes_on(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    with here.database.write() as session:
        session.scalars(select(Track)).one().heard_out = True
    here.voice_names.count(interview.id, users[Role.INTERVIEWER], TRACK, 2)
    while here.jobs.queue.dequeue():  # the killed worker had taken it out of the queue
        pass
    worker = Worker(here)
    worker.recover()
    while (task := worker.jobs.queue.dequeue()) is not None:
        worker.jobs.queue.execute(task)
    assert not here.voice_names.tracks(interview)[0].waits
    assert not worker._listener.ungrouped()
