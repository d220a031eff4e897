from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from web.speech.model import RATE, Samples
from web.speech.transcriber import Transcriber, UnsupportedLanguage, _echoes
from web.speech.window import WHOLE, windows


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def turn(one_track: Samples, spoken: dict[str, Any]) -> Samples:
    return one_track[(spoken["start_ms"] - 200) * 16 : (spoken["end_ms"] + 200) * 16]


def test_it_writes_what_was_said_with_times_of_every_word(
    transcriber: Transcriber, one_track: Samples, dialogue: list[dict[str, Any]]
) -> None:
    spoken = dialogue[3]
    offset = spoken["start_ms"] - 200

    segment = transcriber.transcribe(turn(one_track, spoken), offset)

    assert words(segment.text) == words(spoken["text"])
    assert [words(word.text)[0] for word in segment.words] == words(spoken["text"])
    times = [time for word in segment.words for time in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert offset <= times[0] <= spoken["start_ms"] + 300
    assert abs(times[-1] - spoken["end_ms"]) < 500
    assert segment.confidence > 0.8
    assert (segment.language, segment.doubt) == ("en", None)


def test_the_same_sound_gives_the_same_words_from_several_threads(
    transcriber: Transcriber, one_track: Samples, dialogue: list[dict[str, Any]]
) -> None:
    pieces = [turn(one_track, dialogue[index]) for index in (1, 9, 1, 9)]

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(transcriber.transcribe, pieces))

    assert heard[0] == heard[2]
    assert heard[1] == heard[3]
    assert heard[0].text != heard[1].text


@pytest.mark.parametrize("kind", ["silence", "noise", "hum", "click"])
def test_it_invents_no_words_where_nobody_spoke(transcriber: Transcriber, kind: str) -> None:
    time = np.arange(3 * RATE)
    sound = {
        "silence": np.zeros(3 * RATE),
        "noise": np.random.default_rng(3).normal(0, 400, 3 * RATE),
        "hum": 2000 * np.sin(2 * np.pi * 100 * time / RATE),
        "click": np.where(time % 8000 < 30, 9000, 0),
    }[kind].astype(np.int16)

    segment = transcriber.transcribe(sound, 1000)

    assert segment.text == ""
    assert segment.words == ()
    assert segment.confidence == 0
    assert segment.doubt == "noise"
    assert (segment.start_ms, segment.end_ms) == (1000, 4000)


class Stuck:
    """Stands for a model that repeats itself, which the real one does only on some recordings."""

    def __init__(self, *, frees_itself_at: int = 99, tokens: int = 60, ratio: float = 9.0) -> None:
        self.windows: list[int] = []
        self.calls: list[dict[str, Any]] = []
        self.window = 0
        self._frees_itself_at, self._tokens, self._ratio = frees_itself_at, tokens, ratio

    def transcribe(self, _sound: Any, **options: Any) -> tuple[list[Any], Any]:
        self.windows.append(self.window)
        self.calls.append(options)
        stuck = len(self.calls) < self._frees_itself_at
        word = SimpleNamespace(word=" no", start=0.1, end=0.2, probability=0.9)
        part = SimpleNamespace(
            text=" no" * self._tokens if stuck else " no",
            words=[word],
            tokens=[1] * self._tokens if stuck else [1],
            compression_ratio=self._ratio if stuck else 0.5,
            no_speech_prob=0.0,
            avg_logprob=-0.1,
        )
        return [part], SimpleNamespace(language="en")


def test_a_text_that_runs_in_circles_is_withheld(one_track: Samples) -> None:
    model = Stuck()

    segment = Transcriber(model, "stuck", ("en",), "0").transcribe(one_track[:RATE])

    assert (segment.text, segment.words, segment.doubt) == ("", (), "repetition")
    assert model.windows == [1000, 1500, WHOLE, WHOLE]
    assert model.calls[3]["no_repeat_ngram_size"] == 3


@pytest.mark.parametrize("at", [2, 3])
@pytest.mark.parametrize(("tokens", "ratio"), [(60, 9.0), (20, 1.0)])
def test_it_listens_again_with_more_room_before_it_gives_up(
    at: int, tokens: int, ratio: float, one_track: Samples
) -> None:
    model = Stuck(frees_itself_at=at, tokens=tokens, ratio=ratio)

    segment = Transcriber(model, "stuck", ("en",), "0").transcribe(one_track[:RATE])

    assert (segment.text, segment.doubt) == ("no", None)
    assert model.windows == [1000, 1500, WHOLE][:at]
    assert model.calls[0]["max_new_tokens"] == 20


@pytest.mark.parametrize(
    ("spoken", "times", "echoes"),
    [
        ("I was crying", (0.1, 0.5, 0.9), False),
        ("I was crying I was crying", (0.1, 0.5, 0.9, 1.2, 1.5, 1.8), True),
        ("no no", (0.1, 0.5), True),
        ("no I said no", (0.1, 0.4, 0.8, 1.0), False),
        ("I was crying then", (0.1, 0.5, 0.9, 1.98), True),
        ("", (), False),
    ],
)
def test_words_that_come_twice_or_after_the_end_are_not_taken_on_trust(
    spoken: str, times: tuple[float, ...], echoes: bool
) -> None:
    heard = [SimpleNamespace(word=word, start=at) for word, at in zip(spoken.split(), times, strict=True)]

    assert _echoes([SimpleNamespace(words=heard)], 2.0) is echoes


def test_a_short_window_hears_the_same_words_as_the_whole_one(
    transcriber: Transcriber, one_track: Samples, dialogue: list[dict[str, Any]]
) -> None:
    assert [windows(seconds * RATE) for seconds in (1, 10, 22, 28)] == [
        [1000, 1500, WHOLE],
        [1500, 2000, WHOLE],
        [2700, WHOLE],
        [WHOLE],
    ]
    for spoken in dialogue[:4]:
        sound = turn(one_track, spoken)
        short, whole = (
            transcriber._try(sound, 0, "en", window).text for window in (windows(len(sound))[0], WHOLE)
        )
        assert words(short) == words(whole) == words(spoken["text"])


def test_a_language_the_model_cannot_write_is_refused(transcriber: Transcriber, one_track: Samples) -> None:
    with pytest.raises(UnsupportedLanguage, match="tiny.en writes en, not 'uk'"):
        transcriber.transcribe(one_track[:RATE], 0, "uk")
    assert transcriber.check_language("en-GB") == "en"


def test_more_than_thirty_seconds_at_once_are_refused(transcriber: Transcriber) -> None:
    with pytest.raises(ValueError, match=r"31\.0 s"):
        transcriber.transcribe(np.ones(31 * RATE, np.int16))


def test_no_word_reaches_the_log(
    transcriber: Transcriber,
    one_track: Samples,
    dialogue: list[dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    segment = transcriber.transcribe(turn(one_track, dialogue[5]))

    assert "stairs" in segment.text
    assert "stairs" not in caplog.text
    assert "Processing" not in caplog.text


def test_the_voice_detector_does_not_report_to_its_maker(tmp_path: Path) -> None:
    """onnxruntime leaves a queue of events and a device number in the cache folder when it reports."""
    code = "import web.speech\nfrom web.speech.segment import Segmenter\nSegmenter().feed(bytes(4096))"
    folders = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}

    subprocess.run([sys.executable, "-c", code], env=environment | folders, check=True)

    assert list(tmp_path.rglob("*")) == []
