"""Sound becomes turns: the real detector and the real model, on the stored voices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from tests.interview.parts import Room
from tests.recording.studio import CHUNK, LIVE, SHORT_MS, SPOKEN, Said, Studio, sound, words
from web.recording.listening import Listener
from web.speech.model import RATE, Samples
from web.speech.model import Segment as Heard
from web.speech.transcriber import Transcriber
from web.store import Turn


def expect(said: list[Said], spoken: list[dict[str, Any]]) -> None:
    """Each turn once, by its speaker, in order, in its words, at its time."""
    assert [(speaker, words(text)) for speaker, text, *_ in said] == [
        (turn["speaker"], words(turn["text"])) for turn in spoken
    ]
    for (_, _, start, end), turn in zip(said, spoken, strict=True):
        assert abs(start - turn["start_ms"]) < 500
        assert abs(end - turn["end_ms"]) < 500


def test_two_tracks_become_turns_in_the_order_they_were_spoken(studio: Studio) -> None:
    left, right = sound("two-tracks.opus", SHORT_MS)
    studio.open("left", "interviewer")
    studio.open("right", "child")
    studio.play({"left": left, "right": right})
    assert studio.said, "turns come while the recording goes on"
    studio.end()
    expect(studio.said, SPOKEN[:4])
    assert studio.heard_out()
    assert not studio.unheard


def test_a_track_that_began_later_is_placed_on_the_interview_s_clock(studio: Studio) -> None:
    studio.open("room", "interviewer", offset_ms=60_000)
    studio.play({"room": sound("one-track.opus", 3_800)[0]})
    studio.end()
    ((_, _, start, _),) = studio.said
    assert abs(start - 60_000 - SPOKEN[0]["start_ms"]) < 500
    assert studio.segments()[0].start_ms < 1_000, "a segment is a place in the track"


def test_a_track_that_was_left_is_heard_to_its_end_and_goes_on_should_more_come(studio: Studio) -> None:
    """A browser that died and came back; a file that was stopped and is read on."""
    left, right = sound("two-tracks.opus", SHORT_MS)
    studio.open("left", "interviewer")
    studio.open("right", "child")
    cut = 7 * RATE
    studio.play({"left": left[:cut], "right": right[:cut]})
    for track in studio.sent:
        studio.recordings.end_track(studio.interview.id, track, None, None, left=True)
    studio.listen()
    assert studio.heard_out()
    studio.play({"left": left[cut:], "right": right[cut:]})
    studio.end()
    assert studio.heard_out()
    for speaker in ("interviewer", "child"):
        heard = [word for who, text, *_ in studio.said if who == speaker for word in words(text)]
        spoken = [word for turn in SPOKEN[:4] if turn["speaker"] == speaker for word in words(turn["text"])]
        assert abs(len(heard) - len(spoken)) <= 2, "nothing twice, nothing lost but at the cut"
        assert len(set(spoken) - set(heard)) <= 2


def test_a_worker_that_starts_anew_again_and_again_hears_the_same_and_nothing_twice(studio: Studio) -> None:
    samples = sound("one-track.opus", SHORT_MS)[0]
    studio.mark_all()
    studio.open("room", None)
    for start in range(0, len(samples), CHUNK):
        studio.send("room", samples[start : start + CHUNK])
        studio.listen()
        studio.restart()
    studio.end()
    expect(studio.said, SPOKEN[:4])


def test_a_worker_killed_between_hearing_and_writing_loses_no_word(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    studio.mark_all()
    studio.open("room", None)
    studio.send("room", sound("one-track.opus", 3_900)[0])
    with monkeypatch.context() as patched:
        patched.setattr(Listener, "_add_turn", killed)
        with pytest.raises(KeyboardInterrupt):
            studio.listen()
    assert not studio.said
    studio.restart()
    studio.listen()
    expect(studio.said, SPOKEN[:1])


@pytest.mark.parametrize("moved", [False, True], ids=["same marks", "a mark that came late"])
def test_a_worker_killed_between_a_turn_and_its_note_doubles_no_word(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    first = SPOKEN[0]
    studio.open("room", None)
    studio.send("room", sound("one-track.opus", 3_900)[0])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Listener, "_save", killed)
        with pytest.raises(KeyboardInterrupt):
            studio.listen()
    assert len(studio.said) == 1
    if moved:
        studio.mark((first["start_ms"] + first["end_ms"]) // 2, "child")
    studio.restart()
    studio.end()
    expect(studio.said, [first])
    assert [segment.turn_id is not None for segment in studio.segments()] == [True]


def test_where_the_speaker_key_falls_into_an_utterance_it_is_cut_and_each_part_has_its_sound(
    studio: Studio,
) -> None:
    studio.mark(0, "interviewer")
    studio.mark(1_700, "child")  # after “Hello.”
    studio.open("room", None)
    studio.play({"room": sound("one-track.opus", 3_900)[0]})
    studio.end()
    assert [speaker for speaker, *_ in studio.said] == ["interviewer", "child"]
    assert words(" ".join(text for _, text, *_ in studio.said)) == words(SPOKEN[0]["text"])
    first, second = studio.segments()
    assert first.turn_id != second.turn_id
    assert None not in (first.turn_id, second.turn_id)
    assert first.start_ms < first.end_ms <= second.start_ms < second.end_ms


def test_for_a_language_the_model_does_not_know_nothing_is_made_up(
    room: Room, transcriber: Transcriber
) -> None:
    studio = Studio(room, transcriber, child_language="uk")
    left, right = sound("two-tracks.opus", SHORT_MS)
    studio.open("left", "interviewer")
    studio.open("right", "child")
    studio.play({"left": left, "right": right})
    studio.end()
    expect(studio.said, [turn for turn in SPOKEN[:4] if turn["speaker"] == "interviewer"])
    child = [turn for turn in SPOKEN[:4] if turn["speaker"] == "child"]
    assert len(studio.unheard) == len(child)
    for (start, end), turn in zip(studio.unheard, child, strict=True):
        assert start < turn["start_ms"] + 100
        assert end > turn["end_ms"] - 200


def test_nor_where_one_microphone_hears_both(room: Room, transcriber: Transcriber) -> None:
    studio = Studio(room, transcriber, child_language="uk")
    studio.mark_all()
    studio.open("room", None)
    studio.play({"room": sound("one-track.opus", 6_800)[0]})
    studio.end()
    expect(studio.said, SPOKEN[:1])
    assert len(studio.unheard) == 1


def test_silence_is_no_turn(studio: Studio) -> None:
    quiet = np.random.default_rng(7).normal(0, 6, 4 * CHUNK).astype(np.int16)
    studio.open("room", None)
    studio.play({"room": quiet})
    studio.end()
    assert (studio.said, studio.segments(), studio.heard_out()) == ([], [], True)


def test_a_track_that_falls_silent_holds_the_other_back_for_a_moment_only(studio: Studio) -> None:
    left, right = sound("two-tracks.opus", 10_300)
    studio.open("left", "interviewer")
    studio.open("right", "child")
    studio.send("right", right[:CHUNK])
    for start in range(0, len(left), CHUNK):
        studio.send("left", left[start : start + CHUNK])
    studio.listen()
    expect(studio.said, SPOKEN[:1])  # of the child's track nothing is known after two seconds
    assert studio.listener.held_back() == [studio.interview.id]
    studio.now += 7
    studio.listen()
    expect(studio.said, [SPOKEN[0], SPOKEN[2]])
    assert not studio.listener.held_back()


def test_a_worker_knows_what_was_left_unheard(studio: Studio) -> None:
    studio.open("room", None)
    studio.send("room", sound("one-track.opus", 2_000)[0])
    assert studio.listener.unfinished() == [studio.interview.id]
    studio.end()
    assert studio.listener.unfinished() == []


class Noting:
    """The real model, and a note of what it was asked for."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self.calls: list[tuple[str, int]] = []

    def transcribe(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Heard:
        self.calls.append(("whole", offset_ms))
        return self._transcriber.transcribe(samples, offset_ms, language)

    def sketch(self, samples: Samples, offset_ms: int = 0, language: str | None = None) -> Heard:
        self.calls.append(("sketch", offset_ms))
        return self._transcriber.sketch(samples, offset_ms, language)


@pytest.fixture
def noting(studio: Studio, transcriber: Transcriber) -> Noting:
    noting = Noting(transcriber)
    studio.transcriber = noting  # type: ignore[assignment]
    return noting


def test_the_text_is_there_before_the_pause_that_makes_it_final_is_over(
    studio: Studio, noting: Noting
) -> None:
    first = SPOKEN[0]
    studio.busy = True
    studio.mark_all()
    studio.open("room", None)
    samples = sound("one-track.opus", first["end_ms"] + 450)[0]
    studio.play({"room": samples}, LIVE)
    assert not studio.said
    assert [kind for kind, _ in noting.calls] == ["whole"], "written in the pause, which is not over"
    studio.send("room", sound("one-track.opus", first["end_ms"] + 1000)[0][len(samples) :])
    studio.listen()
    expect(studio.said, [first])
    assert len(noting.calls) == 1


def test_words_of_somebody_speaking_are_told_never_taken_back_and_gone_with_the_turn(
    studio: Studio, noting: Noting
) -> None:
    studio.mark_all()
    studio.open("room", None)
    studio.play({"room": sound("one-track.opus", SHORT_MS)[0]}, LIVE)
    shown = [lines[0] for lines in studio.told if lines]
    assert {line["speaker"] for line in shown} == {"interviewer", "child"}
    for before, after in zip(shown, shown[1:], strict=False):
        assert after["start_ms"] > before["start_ms"] or after["text"].startswith(before["text"])
    starts = [start for _, _, start, _ in studio.said]
    assert {line["start_ms"] for line in shown} <= set(starts), "each stands where its turn will stand"
    assert [] in studio.told, "gone when the turn is there"
    sketches = [at for kind, at in noting.calls if kind == "sketch"]
    assert len(sketches) <= SHORT_MS / 1000, "at most one a second"
    with studio.room.database.read() as session:
        assert len(list(session.scalars(select(Turn)))) == len(studio.said), "and stored nowhere"


def test_while_other_work_waits_nobody_is_told_what_is_being_heard(studio: Studio, noting: Noting) -> None:
    studio.busy = True
    studio.mark_all()
    studio.open("room", None)
    studio.play({"room": sound("one-track.opus", 6_800)[0]}, LIVE)
    assert not any(studio.told)
    assert {kind for kind, _ in noting.calls} == {"whole"}
    assert studio.said


def test_a_track_that_fell_silent_in_a_pause_keeps_no_words_from_another_room(
    room: Room, transcriber: Transcriber
) -> None:
    """The lid of the laptop was closed there."""
    left, here = Studio(room, transcriber), Studio(room, transcriber)
    here.listener = left.listener
    for studio in (left, here):
        studio.mark_all()
        studio.open("room", None)
    samples = sound("one-track.opus", SHORT_MS)[0]
    left.play({"room": samples[: (SPOKEN[0]["end_ms"] + 200) * RATE // 1000]}, LIVE)
    left.told.clear()
    left.now += 60
    for start in range(0, 5 * RATE, LIVE):
        left.now += 0.2
        here.send("room", samples[start : start + LIVE])
        here.listen()
    assert any(left.told)


def test_the_size_of_the_parts_changes_no_word(room: Room, transcriber: Transcriber) -> None:
    said = []
    for chunk in (LIVE, CHUNK):
        studio = Studio(room, transcriber)
        studio.mark_all()
        studio.open("room", None)
        studio.play({"room": sound("one-track.opus", SHORT_MS)[0]}, chunk)
        studio.end()
        said.append(studio.said)
    assert said[0] == said[1]
