"""Whose voice, in which language: keys, tracks of interpreters, and the order of a consecutive talk."""

from __future__ import annotations

import pytest

from web.interview.errors import Conflict, Invalid
from web.recording.service import RecordingService
from web.recording.voices import INTERPRETED, Voice, alone, marks, pace
from web.speech.segment import Pace
from web.store import Database, Interview, Segment, SpeakerMark, Track


@pytest.fixture
def interview(database: Database, interview_id: str) -> Interview:
    with database.write() as session:
        found = session.get_one(Interview, interview_id)
        found.child_language = "uk"
    return found


def track(
    database: Database, interview: Interview, name: str, speaker: str | None, offset_ms: int = 0
) -> Track:
    with database.write() as session:
        made = Track(interview_id=interview.id, name=name, speaker=speaker, offset_ms=offset_ms)
        session.add(made)
    return made


def spoke(database: Database, on: Track, start_ms: int, end_ms: int) -> None:
    with database.write() as session:
        session.add(Segment(track_id=on.id, start_ms=start_ms, end_ms=end_ms, confidence=0.0))


def key(
    database: Database, interview: Interview, at_ms: int, speaker: str, language: str | None = None
) -> None:
    with database.write() as session:
        session.add(SpeakerMark(interview_id=interview.id, at_ms=at_ms, speaker=speaker, language=language))


def heard(database: Database, interview: Interview, on: Track, start_ms: int, end_ms: int) -> Voice | None:
    with database.read() as session:
        return alone(session, interview, on, start_ms, end_ms)


def test_sides_speak_their_own_language_and_a_shared_track_nobodys(
    database: Database, interview: Interview
) -> None:
    child, room = track(database, interview, "c", "child"), track(database, interview, "r", None)
    assert heard(database, interview, child, 0, 100) == Voice("child", "uk")
    assert heard(database, interview, room, 0, 100) is None


def test_an_interpreter_says_again_what_the_other_side_said_last(
    database: Database, interview: Interview
) -> None:
    me, child = track(database, interview, "me", "interviewer"), track(database, interview, "c", "child", 500)
    third = track(database, interview, "i", "interpreter")
    assert heard(database, interview, third, 0, 100) == Voice("interpreter", "en")
    spoke(database, me, 1000, 3000)
    assert heard(database, interview, third, 3500, 6000) == Voice("interpreter", "uk")
    spoke(database, child, 7000, 9000)  # 7500 to 9500 on the interview's clock
    assert heard(database, interview, third, 10_000, 12_000) == Voice("interpreter", "en")
    assert heard(database, interview, third, 5000, 6000) == Voice("interpreter", "uk")


def test_the_same_voice_in_the_childs_microphone_is_nobody_who_spoke_before(
    database: Database, interview: Interview
) -> None:
    me, child = track(database, interview, "me", "interviewer"), track(database, interview, "c", "child")
    third = track(database, interview, "i", "interpreter")
    spoke(database, me, 1000, 3000)
    spoke(database, child, 3900, 6100)  # the interpreter, heard from afar
    assert heard(database, interview, third, 4000, 6000) == Voice("interpreter", "uk")


def test_a_key_pressed_since_says_which_language(database: Database, interview: Interview) -> None:
    me, third = (
        track(database, interview, "me", "interviewer"),
        track(database, interview, "i", "interpreter"),
    )
    spoke(database, me, 1000, 3000)
    key(database, interview, 3600, "interpreter", "en")
    assert heard(database, interview, third, 3500, 5000) == Voice("interpreter", "en")
    spoke(database, me, 6000, 7000)
    assert heard(database, interview, third, 8000, 9000) == Voice("interpreter", "uk")


def test_on_one_microphone_the_keys_tell_both_directions_apart(
    database: Database, interview: Interview
) -> None:
    with database.read() as session:
        assert [mark.speaker for mark in marks(session, interview)] == ["interviewer en"]
    for at, speaker, language in ((900, "interpreter", None), (0, "child", None), (400, "interpreter", "uk")):
        key(database, interview, at, speaker, language)
    with database.read() as session:
        found = [(mark.at_ms, Voice.of(mark.speaker)) for mark in marks(session, interview)]
    assert found == [
        (0, Voice("child", "uk")), (400, Voice("interpreter", "uk")), (900, Voice("interpreter", "en")),
    ]  # fmt: skip


def test_turns_may_have_longer_silences_where_somebody_interprets(interview: Interview) -> None:
    assert pace(interview) == INTERPRETED
    assert INTERPRETED.silence_ms == 2 * Pace().silence_ms
    interview.child_language = "en-GB"
    assert pace(interview) == Pace()


def test_a_track_and_a_key_keep_an_interpreters_language(
    database: Database, interview: Interview, recordings: RecordingService
) -> None:
    state = recordings.open_track(interview.id, "i", "interpreter", 0, None, "uk")
    assert state.language == "uk"
    assert recordings.open_track(interview.id, "i", "interpreter", 0, None, "uk") == state
    with pytest.raises(Conflict):
        recordings.open_track(interview.id, "i", "interpreter", 0, None)
    first = recordings.mark_speaker(interview.id, "k", 5, "interpreter", None, "pt_br")
    assert recordings.mark_speaker(interview.id, "k", 5, "interpreter", None, "pt-BR") == first
    with database.read() as session:
        assert [Voice.of(mark.speaker) for mark in marks(session, interview)] == [
            Voice("interpreter", "pt-BR")
        ]


@pytest.mark.parametrize(("speaker", "language"), [("child", "uk"), ("interpreter", "klingon"), (None, "uk")])
def test_a_language_that_says_nothing_is_refused(
    interview: Interview, recordings: RecordingService, speaker: str | None, language: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        recordings.open_track(interview.id, "i", speaker, 0, None, language)
    assert refusal.value.extra["field"] == "language"
