from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from web.speech.model import RATE, Samples, Utterance
from web.speech.segment import FRAME_MS, Pace, Segmenter


def listen(samples: Samples, size: int, pace: Pace | None = None) -> list[Utterance]:
    segmenter = Segmenter(pace)
    said = [u for at in range(0, len(samples), size) for u in segmenter.feed(samples[at : at + size])]
    return said + segmenter.flush()


def edges(utterances: list[Utterance]) -> list[tuple[int, int]]:
    return [(utterance.start_ms, utterance.end_ms) for utterance in utterances]


@pytest.fixture(scope="module")
def whole(one_track: Samples) -> list[Utterance]:
    return listen(one_track, 16_000)


def test_every_turn_becomes_one_utterance_around_its_words(
    whole: list[Utterance], dialogue: list[dict[str, Any]]
) -> None:
    assert len(whole) == len(dialogue)
    for utterance, turn in zip(whole, dialogue, strict=True):
        assert turn["start_ms"] - 500 <= utterance.start_ms <= turn["start_ms"] + 60
        assert turn["end_ms"] - 60 <= utterance.end_ms <= turn["end_ms"] + 500


def test_samples_are_the_sound_at_the_stated_time(whole: list[Utterance], one_track: Samples) -> None:
    for utterance in whole:
        start, end = (ms * RATE // 1000 for ms in (utterance.start_ms, utterance.end_ms))
        assert np.array_equal(utterance.samples, one_track[start:end])


@pytest.mark.parametrize("size", [160, 511, 4_001, 700_000])
def test_the_size_of_the_chunks_changes_nothing(
    size: int, one_track: Samples, whole: list[Utterance]
) -> None:
    assert edges(listen(one_track[: 14 * RATE], size)) == edges(listen(one_track[: 14 * RATE], 16_000))


def test_bytes_and_arrays_are_the_same_sound(one_track: Samples) -> None:
    piece = one_track[: 5 * RATE]
    segmenter = Segmenter()

    said = segmenter.feed(piece.astype("<i2").tobytes()) + segmenter.flush()

    assert edges(said) == edges(listen(piece, 1000))


def test_an_utterance_is_handed_out_as_soon_as_the_silence_is_long_enough(
    one_track: Samples, dialogue: list[dict[str, Any]]
) -> None:
    segmenter = Segmenter()
    for at_ms in range(0, 6_000, 20):
        if segmenter.feed(one_track[at_ms * 16 : (at_ms + 20) * 16]):
            break

    assert dialogue[0]["end_ms"] + 400 <= at_ms <= dialogue[0]["end_ms"] + 900


def test_after_a_restart_the_rest_is_the_same(one_track: Samples, whole: list[Utterance]) -> None:
    segmenter, before = Segmenter(), list[Utterance]()
    for at in range(0, 25 * RATE, 1600):  # dies in the middle of an utterance
        before += segmenter.feed(one_track[at : at + 1600])
    position = segmenter.position_ms

    fresh = Segmenter(at_ms=position)
    after = fresh.feed(one_track[position * 16 :]) + fresh.flush()

    assert before
    assert edges(before + after) == edges(whole)


def test_nothing_comes_that_begins_before_the_certain_time(one_track: Samples) -> None:
    segmenter, certain = Segmenter(), 0
    for at in range(0, 14 * RATE, 1600):
        for utterance in segmenter.feed(one_track[at : at + 1600]):
            assert utterance.start_ms >= certain
        assert segmenter.certain_ms >= certain
        certain = segmenter.certain_ms

    assert certain > 12_000


def test_a_position_that_was_never_given_out_is_refused() -> None:
    for wrong in (-32, 5):
        with pytest.raises(ValueError, match="multiple of 32"):
            Segmenter(at_ms=wrong)


@pytest.mark.parametrize("gain", [0.3, 0.05, 0.01])
def test_a_child_who_speaks_softly_is_heard(gain: float, one_track: Samples) -> None:
    soft = listen((one_track[: 14 * RATE] * gain).astype(np.int16), 16_000)

    assert len(soft) == len(listen(one_track[: 14 * RATE], 16_000))


def test_silence_and_a_faint_hum_hold_no_utterance() -> None:
    hum = (60 * np.sin(np.arange(20 * RATE) * 2 * np.pi * 50 / RATE)).astype(np.int16)

    assert listen(np.zeros(20 * RATE, np.int16), 1600) == []
    assert listen(hum, 1600) == []


def test_long_silence_moves_the_position_on_and_holds_no_memory() -> None:
    segmenter = Segmenter()
    for _ in range(90):
        segmenter.feed(np.zeros(RATE, np.int16))

    assert 90_000 - segmenter.position_ms <= segmenter.pace.idle_ms + 500
    assert len(segmenter._frames) <= segmenter.pace.pad


def test_endless_speech_is_cut_without_losing_a_sample(one_track: Samples) -> None:
    speech = np.concatenate([u.samples for u in listen(one_track, 16_000)])
    pace = Pace(silence_ms=3_000, max_ms=6_000)

    said = listen(speech, 1600, pace)

    assert all(u.end_ms - u.start_ms <= 6_000 for u in said)
    assert len(said) >= 4
    for one, following in zip(said, said[1:], strict=False):
        assert following.start_ms == one.end_ms


def test_neighbours_never_overlap_even_with_short_silences(one_track: Samples) -> None:
    said = listen(one_track, 1600, Pace(silence_ms=200, pad_ms=400))

    assert all(a.end_ms <= b.start_ms for a, b in zip(said, said[1:], strict=False))


def test_a_recording_that_ends_in_mid_word_gives_its_last_words(one_track: Samples) -> None:
    said = listen(one_track[: 12 * RATE + 77], 1600)

    assert said[-1].end_ms >= 12_000
    assert said[-1].end_ms % FRAME_MS == 0


def test_what_is_open_says_before_the_pause_is_over_what_will_be_handed_out(one_track: Samples) -> None:
    segmenter, foreseen, done = Segmenter(), list[Utterance](), list[Utterance]()
    for at in range(0, 14 * RATE, 1600):
        done += segmenter.feed(one_track[at : at + 1600])
        now = segmenter.open()
        if now is not None and now.settled:
            assert now.pausing
            foreseen.append(now.utterance)
    assert len(done) == 4
    for utterance in done:
        same = [one for one in foreseen if edges([one]) == edges([utterance])]
        assert len(same) >= 2, "a third of a second before it was certain"
        assert all(np.array_equal(one.samples, utterance.samples) for one in same)


def test_while_somebody_speaks_the_utterance_is_open_and_grows(
    one_track: Samples, dialogue: list[dict[str, Any]]
) -> None:
    segmenter = Segmenter()
    assert segmenter.open() is None
    said = dialogue[0]
    segmenter.feed(one_track[: (said["start_ms"] + 1000) * 16])
    first = segmenter.open()
    segmenter.feed(one_track[(said["start_ms"] + 1000) * 16 : (said["end_ms"] - 200) * 16])
    second = segmenter.open()
    assert first is not None
    assert second is not None
    assert first.utterance.start_ms == second.utterance.start_ms
    assert first.utterance.end_ms < second.utterance.end_ms
    assert not second.settled
    segmenter.flush()
    assert segmenter.open() is None
