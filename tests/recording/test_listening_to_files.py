"""Nobody waits for the words of a file: they are heard together with what was said around them."""

from __future__ import annotations

import pytest

from tests.interview.parts import Room
from tests.recording.studio import CHUNK, SPOKEN, Studio, sound, words
from tests.recording.test_listening import Noting
from web.recording.listening import Listener
from web.speech.model import RATE, Samples
from web.speech.transcriber import Transcriber

LEFT, RIGHT = "file-0123456789-0", "file-0123456789-1"


@pytest.fixture(scope="module")
def both() -> Samples:
    return sound("two-tracks.opus", 41_000)


def note(studio: Studio) -> Noting:
    noting = Noting(studio.transcriber)
    studio.transcriber = noting  # type: ignore[assignment]
    return noting


def read(studio: Studio, both: Samples) -> None:
    """As a file is read: ten seconds of each channel, and then listened to."""
    studio.open(LEFT, "interviewer")
    studio.open(RIGHT, "child")
    for start in range(0, both.shape[1], 10 * RATE):
        for name, samples in zip((LEFT, RIGHT), both, strict=True):
            studio.send(name, samples[start : start + 10 * RATE])
        studio.listen()
        studio.now += 1


def test_turns_of_two_channels_stand_in_their_order(studio: Studio, both: Samples) -> None:
    read(studio, both)
    studio.end()
    assert [speaker for speaker, *_ in studio.said] == [turn["speaker"] for turn in SPOKEN]
    for (_, text, start, end), turn in zip(studio.said, SPOKEN, strict=True):
        assert words(text)[-2:] == words(turn["text"])[-2:]
        assert abs(start - turn["start_ms"]) < 500
        assert abs(end - turn["end_ms"]) < 500
    assert studio.heard_out()
    assert not studio.unheard


def test_few_pieces_are_heard_and_a_worker_that_starts_anew_writes_the_same_and_nothing_twice(
    room: Room, transcriber: Transcriber
) -> None:
    said = []
    for again in (False, True):
        studio = Studio(room, transcriber)
        noting = note(studio)
        studio.open(LEFT, None, offset_ms=60_000)
        samples = sound("one-track.opus", 41_000)[0]
        for start in range(0, len(samples), CHUNK):
            studio.send(LEFT, samples[start : start + CHUNK])
            studio.listen()
            if again:
                studio.restart()
        studio.end()
        assert studio.heard_out()
        assert len(noting.calls) < len(SPOKEN) / 2
        said.append(studio.said)
    assert said[0] == said[1]
    assert len(said[0]) == len(SPOKEN)


def test_a_worker_killed_within_a_window_doubles_and_loses_nothing(
    studio: Studio, both: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, left = Listener._write_down, [2]
    one = both[:1].repeat(2, axis=0)

    def dying(self: Listener, *given: object) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        plain(self, *given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Listener, "_write_down", dying)
        with pytest.raises(KeyboardInterrupt):
            read(studio, one)
    assert len(studio.said) == 2
    studio.restart()
    for name in (LEFT, RIGHT):
        for start in range(studio.sent[name] * 10 * RATE, one.shape[1], 10 * RATE):
            studio.send(name, one[0][start : start + 10 * RATE])
    studio.end()
    assert len(studio.said) == 2 * len([turn for turn in SPOKEN if turn["speaker"] == "interviewer"])
    assert studio.heard_out()


def test_in_two_languages_on_one_track_each_is_heard_alone(room: Room, transcriber: Transcriber) -> None:
    studio = Studio(room, transcriber, child_language="uk")
    noting = note(studio)
    studio.open(LEFT, None)
    studio.send(LEFT, sound("one-track.opus", 13_800)[0])
    studio.end()
    starts = [at for _, at in noting.calls]
    assert len(starts) == len(set(starts)) == len(studio.segments())


def test_a_file_of_which_no_more_comes_holds_nothing_back(studio: Studio) -> None:
    studio.open(LEFT, "interviewer")
    studio.send(LEFT, sound("one-track.opus", 10_000)[0])
    studio.listen()
    assert not studio.said, "more may belong to it"
    studio.now += 7
    studio.listen()
    assert len(studio.said) >= 2
