"""One microphone, two voices, few keys: the real detector, speech model and voice encoder on stored sound."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select

from tests.recording.studio import CHUNK, SPOKEN, Studio, sound, words
from web.interview.new import NewInterview
from web.recording import by_voice
from web.recording.by_voice import ByVoice
from web.services import Services
from web.speech.model import RATE, Samples, Utterance
from web.speech.voice import Heard
from web.speech.voice_who import Run
from web.store import EventKind, Role, Track, User

UNTIL_MS = 27_000
FIRST = [turn for turn in SPOKEN if turn["end_ms"] < UNTIL_MS]


def unsure(studio: Studio) -> list[bool]:
    shown = studio.room.service.history(studio.interview.id, kinds=(EventKind.TURN,))
    return [bool(event.payload.get("unsure")) for event in shown]


def key(studio: Studio, place: int) -> None:
    """As a person presses it, a moment before this turn."""
    studio.mark(FIRST[place]["start_ms"] - 300, FIRST[place]["speaker"])


def once_each(studio: Studio) -> None:
    """A key for the first turn of each of the two."""
    for speaker in ("interviewer", "child"):
        key(studio, [turn["speaker"] for turn in FIRST].index(speaker))


def sides(studio: Studio) -> list[str]:
    return [speaker for speaker, *_ in studio.said]


def whole() -> Samples:
    samples: Samples = sound("one-track.opus", UNTIL_MS)[0]
    return samples


def test_after_one_key_each_two_people_on_one_microphone_are_told_apart(studio: Studio) -> None:
    once_each(studio)
    studio.open("room", None)
    studio.play({"room": whole()})
    studio.end()
    assert sides(studio) == [turn["speaker"] for turn in FIRST]
    assert not any(unsure(studio))


def test_a_worker_that_starts_anew_all_the_time_finds_the_same(studio: Studio) -> None:
    once_each(studio)
    studio.open("room", None)
    samples = whole()
    for start in range(0, len(samples), CHUNK):
        studio.send("room", samples[start : start + CHUNK])
        studio.listen()
        studio.restart()
    studio.end()
    assert sides(studio) == [turn["speaker"] for turn in FIRST]
    assert not any(unsure(studio))


def test_a_voice_nobody_named_is_never_silently_the_interviewers(studio: Studio) -> None:
    key(studio, 0)
    studio.open("room", None)
    studio.play({"room": whole()})
    studio.end()
    assert unsure(studio) == [turn["speaker"] == "child" for turn in FIRST]
    assert set(sides(studio)) == {"interviewer"}


def test_without_any_key_everybody_is_unsure(studio: Studio) -> None:
    studio.open("room", None)
    studio.play({"room": whole()[: 8 * RATE]})
    studio.end()
    assert len(unsure(studio)) > 1
    assert all(unsure(studio))


def test_a_key_wins_over_the_voice(studio: Studio) -> None:
    once_each(studio)
    studio.mark(FIRST[3]["start_ms"] - 300, "interpreter")
    studio.open("room", None)
    studio.play({"room": whole()[: FIRST[4]["start_ms"] * RATE // 1000]})
    studio.end()
    assert sides(studio)[3] == "interpreter"
    assert not unsure(studio)[3]


def test_a_stranger_among_two_known_voices_is_unsure(studio: Studio) -> None:
    once_each(studio)
    studio.open("room", None)
    said = turn(2)
    third = np.interp(np.arange(0, len(said), 0.72), np.arange(len(said)), said)  # deeper and slower
    known = whole()[: (FIRST[1]["end_ms"] + 1200) * RATE // 1000]
    studio.play({"room": np.concatenate([known, third.astype(np.int16), np.zeros(RATE, np.int16)])})
    studio.end()
    assert unsure(studio)[:2] == [False, False]
    assert all(unsure(studio)[2:])


def turn(place: int) -> Samples:
    one = FIRST[place]
    return whole()[one["start_ms"] * RATE // 1000 : one["end_ms"] * RATE // 1000]


def test_a_change_without_a_pause_is_cut_between_words(studio: Studio) -> None:
    once_each(studio)
    studio.open("room", None)
    long = [place for place, one in enumerate(FIRST) if one["end_ms"] - one["start_ms"] > 2500]
    child = next(place for place in long if FIRST[place]["speaker"] == "child")
    mine = next(place for place in long if FIRST[place]["speaker"] == "interviewer")
    known = whole()[: (FIRST[1]["end_ms"] + 1200) * RATE // 1000]
    studio.play({"room": np.concatenate([known, turn(mine), turn(child), np.zeros(RATE, np.int16)])})
    studio.end()
    assert sides(studio)[2:] == ["interviewer", "child"]
    assert words(studio.said[2][1])[-1] == words(FIRST[mine]["text"])[-1]
    assert words(studio.said[3][1])[0] == words(FIRST[child]["text"])[0]


def cut(*places: int) -> Samples:
    """These turns, in this order, with quiet between."""
    quiet = np.zeros(RATE * 6 // 5, np.int16)
    return np.concatenate([quiet, *(piece for place in places for piece in (turn(place), quiet))])


def test_after_a_gap_nobody_is_taken_for_whom_the_last_key_named(studio: Studio) -> None:
    once_each(studio)
    key(studio, 2)  # the interviewer's, minutes ago
    studio.open("room", None)
    studio.play({"room": whole()})
    before = len(studio.said)
    studio.open("room2", None, offset_ms=100_000)
    studio.play({"room2": cut(3, 5, 4)})  # the child speaks first
    studio.end()
    assert sides(studio)[before:] == ["child", "child", "interviewer"]
    assert not any(unsure(studio)[before:]), "who was known before the gap is known after it"


def test_after_a_gap_a_voice_that_was_never_keyed_is_unsure_and_teaches_nothing(studio: Studio) -> None:
    key(studio, 0)
    studio.open("room", None)
    studio.play({"room": whole()[: (FIRST[0]["end_ms"] + 1200) * RATE // 1000]})
    studio.open("room2", None, offset_ms=100_000)
    studio.play({"room2": cut(1, 3, 2)})
    studio.end()
    assert unsure(studio) == [False, True, True, False]


def test_a_key_of_another_time_says_nothing_about_a_file(studio: Studio) -> None:
    studio.mark(0, "interviewer")
    studio.open("file-0123456789-0", None)
    studio.play({"file-0123456789-0": cut(1)})
    studio.end()
    assert unsure(studio) == [True]


def test_the_speaker_a_page_begins_with_was_chosen_by_nobody(studio: Studio) -> None:
    studio.mark(20, "interviewer")
    studio.open("room", None)
    studio.play({"room": cut(1)})
    studio.end()
    assert unsure(studio) == [True]


@pytest.mark.parametrize(
    ("voice", "labels"),
    [
        (Run("interviewer", 0, 0), {"interviewer en"}),
        (Run("interviewer", 0, 0, unsure=True), {"interviewer en ?", "interviewer en"}),
        (Run("child", 0, 0, unsure=True), {"child en ?", "interviewer en"}),
    ],
)
def test_her_own_key_pressed_while_she_speaks_cuts_nothing_off_where_she_is_known(
    here: Services,
    users: dict[Role, User],
    monkeypatch: pytest.MonkeyPatch,
    voice: Run,
    labels: set[str],
) -> None:
    new = NewInterview(case_code="K-17", protocol="minimal_facts", child_age=8)
    interview = here.interviews.create(users[Role.INTERVIEWER], new)
    here.recordings.open_track(interview.id, "room", None, 0, None)
    here.recordings.mark_speaker(interview.id, "k", 6000, "interviewer", None)
    with here.database.read() as session:
        track = session.scalars(select(Track)).one()
    some = Heard(np.ones(256, np.float32), np.ones((1, 256), np.float32), (0,), 2000)
    monkeypatch.setattr(by_voice, "listen", lambda _: some)
    monkeypatch.setattr(by_voice, "who", lambda *_: [voice])
    ours = ByVoice(here.database, here.recordings)
    utterance = Utterance(4000, 8000, np.zeros(4 * RATE, np.int16))
    marks = ours.marks(here.interviews.get(interview.id), track, utterance)
    assert {mark.speaker for mark in marks} == labels
