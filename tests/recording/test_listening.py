"""Sound becomes turns: the real detector and the real model, on the stored voices."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from tests.interview.parts import Room, make_room
from web.config import Config
from web.recording.files import SealedFiles
from web.recording.listening import Listener
from web.recording.service import RecordingService
from web.review import reading
from web.speech.audio import Recording
from web.speech.model import RATE, Samples
from web.speech.model import Segment as Heard
from web.speech.transcriber import Transcriber
from web.store import Database, EventKind, Interview, Segment, Track, Turn

AUDIO = Path(__file__).parents[1] / "speech" / "audio"
CHUNK = 2 * RATE
LIVE = RATE // 5
SPOKEN: list[dict[str, Any]] = json.loads((AUDIO / "dialogue.json").read_text())["turns"]
SHORT_MS = 13_800  # the first four turns
Said = tuple[str, str, int, int]


def sound(name: str, until_ms: int) -> Samples:
    with Recording(AUDIO / name) as recording:
        return np.concatenate(list(recording.chunks()), axis=1)[:, : until_ms * RATE // 1000]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber.load(threads=1)


class Studio:
    """A worker's side and a page's side of one interview."""

    def __init__(self, room: Room, transcriber: Transcriber, **interview: object) -> None:
        self.room, self.transcriber = room, transcriber
        self.now = 0.0
        self.busy = False
        self.told: list[list[dict[str, Any]]] = []
        files = SealedFiles(room.config.home)
        self.recordings = RecordingService(room.database, room.vault, files, 1 << 20)
        self.interview: Interview = room.new(**interview)
        self.sent: dict[str, int] = {}
        self.restart()

    def restart(self) -> None:
        """A worker that knows nothing but what is in the record."""
        self.listener = Listener(
            self.room.database,
            self.recordings,
            self.room.service,
            lambda: self.transcriber,
            clock=lambda: self.now,
            tell=lambda _, lines: self.told.append(lines),
            busy=lambda: self.busy,
        )

    def open(self, track: str, speaker: str | None, offset_ms: int = 0) -> None:
        self.recordings.open_track(self.interview.id, track, speaker, offset_ms, None)
        self.sent[track] = 0

    def send(self, track: str, samples: Samples) -> None:
        body, number = np.ascontiguousarray(samples).astype("<i2").tobytes(), self.sent[track]
        digest = hashlib.sha256(body).hexdigest()
        self.recordings.add_chunk(self.interview.id, track, number, body, digest)
        self.sent[track] += 1

    def end(self) -> None:
        for track, count in self.sent.items():
            self.recordings.end_track(self.interview.id, track, count, None)
        self.listen()

    def listen(self) -> None:
        while self.listener.listen(self.interview.id):
            pass

    def mark(self, at_ms: int, speaker: str) -> None:
        self.recordings.mark_speaker(self.interview.id, f"m{at_ms}", at_ms, speaker, None)

    def mark_all(self) -> None:
        for turn in SPOKEN:
            self.mark(turn["start_ms"] - 300, turn["speaker"])

    def play(self, tracks: dict[str, Samples], chunk: int = CHUNK) -> None:
        """As it comes in from a page, in parts of two seconds or less, listened to all the while."""
        longest = max(len(samples) for samples in tracks.values())
        for start in range(0, longest, chunk):
            self.now += chunk / RATE
            for track, samples in tracks.items():
                self.send(track, samples[start : start + chunk])
            self.listen()

    @property
    def said(self) -> list[Said]:
        shown = self.room.service.history(self.interview.id, kinds=(EventKind.TURN,))
        names = ("speaker", "text", "started_ms", "ended_ms")
        return [tuple(event.payload[name] for name in names) for event in shown]  # type: ignore[misc]

    @property
    def unheard(self) -> list[tuple[int, int]]:
        sealer = self.room.vault.sealer(self.interview.id, self.interview.wrapped_key)
        with self.room.database.read() as session:
            found = reading.talk(session, sealer, self.interview).unheard
        return [(one.from_ms, one.to_ms) for one in found]

    def segments(self) -> list[Segment]:
        with self.room.database.read() as session:
            return list(session.scalars(select(Segment).order_by(Segment.start_ms)))

    def heard_out(self) -> bool:
        with self.room.database.read() as session:
            return all(session.scalars(select(Track.heard_out)))


@pytest.fixture
def room(config: Config) -> Iterator[Room]:
    opened = Database(config.database_url)
    yield make_room(config, opened)
    opened.close()


@pytest.fixture
def studio(room: Room, transcriber: Transcriber) -> Studio:
    return Studio(room, transcriber)


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
