"""Measures transcription: `python -m bench.speech [--threads N] [--few] [FILE...]` prints one JSON object.

Without files it uses samples with known words: an invented interview, the English samples of `tellmore
models measure`, and (not with --few) those of bench/heard.py. "bare" is faster-whisper with its own defaults
over the whole sound, in the same run; "live" hears each utterance alone, as in an interview; "file" hears
utterances together with their neighbours, as in a recording that is brought in. `real_time_factor` is by the
clock; `processor` is processor time for each second of sound, which other work on the machine changes less.

`final_ms` is the wait for the text after the end of an utterance in a live interview: sound arrives in pieces
of 200 ms, and 600 ms of pause end an utterance. What lies between the worker and the page `bench.live` adds.
`total` pools the words; its intervals (95 %, Wilson) take words for independent: they are too narrow.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import tempfile
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from bench.heard import RECORDED, Known, made, recorded
from web.speech.ahead import Ahead
from web.speech.audio import Recording
from web.speech.errors import word_error_rate, words
from web.speech.files import transcribe_file
from web.speech.measure import samples
from web.speech.model import RATE, Samples
from web.speech.models import find
from web.speech.segment import Segmenter
from web.speech.transcriber import Transcriber

AUDIO = Path(__file__).parents[1] / "tests" / "speech" / "audio"
ONE_TRACK = AUDIO / "one-track.opus"
PIECE = RATE // 5
T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--few", action="store_true", help="only samples that the project carries")
    parser.add_argument("--recorded", type=Path, default=RECORDED, help="where pocketsphinx-testdata is")
    parser.add_argument("files", nargs="*", type=Path)
    given = parser.parse_args()
    started = time.perf_counter()
    transcriber = Transcriber.load(given.threads)
    load_s = time.perf_counter() - started
    turns: list[dict[str, Any]] = json.loads((AUDIO / "dialogue.json").read_text())["turns"]
    if given.files:
        known, turns = [Known(one.name, "", sound_of(one), "") for one in given.files], []
    else:
        known = [Known("one-track", "made", sound_of(ONE_TRACK), " ".join(turn["text"] for turn in turns))]
        english = [sample for sample in samples() if sample.language == "en"]
        known += [Known(one.file.stem, one.kind, sound_of(one.file), one.text) for one in english]
        known += [] if given.few else [*recorded(given.recorded), *made()]
    results = [measure(one, transcriber, [] if at else turns, given) for at, one in enumerate(known)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answer = {
        "threads": given.threads,
        "load_s": round(load_s, 2),
        "samples": results,
        "total": totals(results),
        "peak_rss_mb": peak,
    }
    print(json.dumps(answer, indent=2))


def measure(
    known: Known, transcriber: Transcriber, turns: list[dict[str, Any]], given: argparse.Namespace
) -> dict[str, Any]:
    seconds = len(known.sound) / RATE
    ours, live_spent = timed(lambda: live(known.sound, transcriber, turns))
    together, file_spent = timed(lambda: as_file(known.sound, transcriber))
    bare = Bare(given.threads)
    alone, bare_spent = timed(lambda: bare.whole(known.sound))
    result: dict[str, Any] = {
        "sample": known.name,
        "kind": known.kind,
        "seconds": round(seconds, 1),
        "voice_detection_share": round(ours.listening_s / ours.spent_s, 3),
        **({"final_ms": percentiles(ours.final_ms)} if ours.final_ms else {}),
        "words": len(words(known.text)),
    }
    heard = {
        "live": (" ".join(ours.texts), live_spent),
        "file": (together, file_spent),
        "bare": (alone, bare_spent),
    }
    for name, (text, (clock, processor)) in heard.items():
        result[name] = {
            "real_time_factor": round(clock / seconds, 3),
            "processor": round(processor / seconds, 3),
        }
        if known.text:
            result[name]["word_error_rate"] = word_error_rate(known.text, text)
    return result


def timed(work: Callable[[], T]) -> tuple[T, tuple[float, float]]:
    """With the seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    found = work()
    return found, (time.perf_counter() - clock, time.process_time() - processor)


def totals(results: list[dict[str, Any]]) -> dict[str, Any]:
    """By kind and in all: words, and for each way of hearing the part that was wrong, with its interval."""
    found: dict[str, Any] = {}
    for kind in sorted({one["kind"] for one in results if one["words"]}) + ["all"]:
        group = [one for one in results if one["words"] and kind in (one["kind"], "all")]
        count = sum(one["words"] for one in group)
        found[kind] = {"words": count}
        for name in ("live", "file", "bare") if count else ():
            wrong = sum(one[name]["word_error_rate"] * one["words"] for one in group)
            found[kind][name] = [round(wrong / count, 4), *wilson(wrong, count)]
    return found


def wilson(wrong: float, count: int, z: float = 1.96) -> tuple[float, float]:
    share = min(1.0, wrong / count)
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return round(middle - half, 4), round(middle + half, 4)


def sound_of(file: Path) -> Samples:
    with Recording(file, mono=True) as recording:
        whole: Samples = np.concatenate(list(recording.chunks()), axis=1)[0]
    return whole


def as_file(sound: Samples, transcriber: Transcriber) -> str:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        with wave.open(file.name, "wb") as target:
            target.setnchannels(1)
            target.setsampwidth(2)
            target.setframerate(RATE)
            target.writeframes(sound.astype("<i2").tobytes())
        segments = transcribe_file(Path(file.name), transcriber).segments
    return " ".join(segment.text for _, segment in segments)


@dataclass
class Live:
    """`final_ms`: from the end of each utterance to its text. Seconds spent on all, and on finding them."""

    texts: list[str] = field(default_factory=list)
    final_ms: list[float] = field(default_factory=list)
    spent_s: float = 0.0
    listening_s: float = 0.0


def live(sound: Samples, transcriber: Transcriber, turns: list[dict[str, Any]]) -> Live:
    """As the worker does it, on a clock that stands still while nothing is to be done."""
    segmenter, ahead, found = Segmenter(), Ahead(lambda: transcriber), Live()
    transcriber.transcribe(sound[:RATE])  # warm
    now = 0.0
    for at in range(0, len(sound) + 1, PIECE):
        began = time.perf_counter()
        arrived = max(now, (at + PIECE) / RATE)
        said = segmenter.feed(sound[at : at + PIECE]) if at < len(sound) else segmenter.flush()
        found.listening_s += time.perf_counter() - began
        for utterance in said:
            found.texts.append(ahead.transcribe(utterance.samples, utterance.start_ms, None).text)
            done_ms = (arrived + time.perf_counter() - began) * 1000
            ends = [t["end_ms"] for t in turns if utterance.start_ms < t["end_ms"] <= utterance.end_ms]
            found.final_ms += [done_ms - end for end in ends[-1:]]
        soon = segmenter.open()
        if soon is not None and soon.settled:
            ahead.keeping.transcribe(soon.utterance.samples, soon.utterance.start_ms, None)
        took = time.perf_counter() - began
        found.spent_s += took
        now = arrived + took
    return found


class Bare:
    """faster-whisper alone, with its defaults, in the same number format and number of threads."""

    def __init__(self, threads: int) -> None:
        from faster_whisper import WhisperModel

        path = str(find().path)
        self._model = WhisperModel(
            path, device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )

    def whole(self, sound: Samples) -> str:
        parts, _ = self._model.transcribe(sound.astype(np.float32) / 32768)
        return " ".join(part.text for part in parts)


def percentiles(values: list[float]) -> dict[str, int]:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {"p50": round(cuts[9]), "p95": round(cuts[18])}


if __name__ == "__main__":
    main()
