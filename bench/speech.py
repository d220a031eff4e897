"""Measures transcription: `python -m bench.speech [--threads N] [FILE...]` prints one JSON object.

Without files it uses stored samples and their known words: an invented interview, and the English samples of
`tellmore models measure`, one read by a person and one by a machine voice. "bare" is faster-whisper with its
own defaults over the whole file, in the same run. `final_ms` is the wait for the text after the end of an
utterance in a live interview: sound arrives in pieces of 200 ms, and 600 ms of pause end an utterance. What
lies between the worker and the page `bench.live` adds.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from web.speech.ahead import Ahead
from web.speech.audio import Recording
from web.speech.errors import word_error_rate
from web.speech.measure import samples
from web.speech.model import RATE, Samples
from web.speech.models import find
from web.speech.segment import Segmenter
from web.speech.transcriber import Transcriber

AUDIO = Path(__file__).parents[1] / "tests" / "speech" / "audio"
PIECE = RATE // 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("files", nargs="*", type=Path)
    given = parser.parse_args()
    started = time.perf_counter()
    transcriber = Transcriber.load(given.threads)
    load_s = time.perf_counter() - started
    turns = json.loads((AUDIO / "dialogue.json").read_text())["turns"]
    interview = " ".join(turn["text"] for turn in turns)
    if given.files:
        results = [measure(file, transcriber, [], "", given.threads) for file in given.files]
    else:
        results = [measure(AUDIO / "one-track.opus", transcriber, turns, interview, given.threads)]
        english = [sample for sample in samples() if sample.language == "en"]
        results += [measure(one.file, transcriber, [], one.text, given.threads) for one in english]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answer = {"threads": given.threads, "load_s": round(load_s, 2), "files": results, "peak_rss_mb": peak}
    print(json.dumps(answer, indent=2))


def measure(
    file: Path, transcriber: Transcriber, turns: list[dict[str, Any]], said: str, threads: int
) -> dict[str, Any]:
    with Recording(file, mono=True) as recording:
        sound = np.concatenate(list(recording.chunks()), axis=1)[0]
    seconds = len(sound) / RATE
    ours = live(sound, transcriber, turns)
    bare, bare_s = whole(sound, threads)
    result: dict[str, Any] = {
        "file": file.name,
        "seconds": round(seconds, 1),
        "real_time_factor": round(ours.spent_s / seconds, 3),
        "voice_detection_share": round(ours.listening_s / ours.spent_s, 3),
        "bare_real_time_factor": round(bare_s / seconds, 3),
        **({"final_ms": percentiles(ours.final_ms)} if ours.final_ms else {}),
    }
    if said:
        result |= {
            "word_error_rate": word_error_rate(said, " ".join(ours.texts)),
            "bare_word_error_rate": word_error_rate(said, bare),
        }
    return result


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


def whole(sound: Samples, threads: int) -> tuple[str, float]:
    """faster-whisper alone, with its defaults, in the same number format and number of threads."""
    from faster_whisper import WhisperModel

    bare = WhisperModel(
        str(find().path), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
    )
    started = time.perf_counter()
    parts, _ = bare.transcribe(sound.astype(np.float32) / 32768)
    text = " ".join(part.text for part in parts)
    return text, time.perf_counter() - started


def percentiles(values: list[float]) -> dict[str, int]:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {"p50": round(cuts[9]), "p95": round(cuts[18])}


if __name__ == "__main__":
    main()
