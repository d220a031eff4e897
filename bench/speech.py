"""Measures transcription: `python -m bench.speech [--threads N] [FILE...]` prints one JSON object.

Without files it uses stored samples and their known words: an invented interview, and the English samples of
`tellmore models measure`, one read by a person and one by a machine voice. "bare" is faster-whisper with its
own defaults over the whole file, in the same run. Latencies are those of a live interview: sound arrives in
pieces of 250 ms; `silence_ms` is the wait until the pause is long enough, `work_ms` the transcription.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np

from web.speech.audio import Recording
from web.speech.errors import word_error_rate
from web.speech.measure import samples
from web.speech.model import RATE, Samples
from web.speech.models import find
from web.speech.segment import Segmenter
from web.speech.transcriber import Transcriber

AUDIO = Path(__file__).parents[1] / "tests" / "speech" / "audio"
PIECE = RATE // 4


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
    ours, latency, listening = live(sound, transcriber, turns)
    bare, bare_s = whole(sound, threads)
    spent = sum(latency["work_ms"]) / 1000 + listening
    result: dict[str, Any] = {
        "file": file.name,
        "seconds": round(seconds, 1),
        "real_time_factor": round(spent / seconds, 3),
        "voice_detection_share": round(listening / spent, 3),
        "bare_real_time_factor": round(bare_s / seconds, 3),
        "latency_ms": {name: percentiles(values) for name, values in latency.items() if values},
    }
    if said:
        result |= {
            "word_error_rate": word_error_rate(said, ours),
            "bare_word_error_rate": word_error_rate(said, bare),
        }
    return result


def live(
    sound: Samples, transcriber: Transcriber, turns: list[dict[str, Any]]
) -> tuple[str, dict[str, list[float]], float]:
    """The text, the latencies of each utterance, and the seconds spent on finding utterances."""
    segmenter, texts, listening = Segmenter(), [], 0.0
    latency: dict[str, list[float]] = {"silence_ms": [], "work_ms": [], "total_ms": []}
    transcriber.transcribe(sound[:RATE])  # warm
    for at in range(0, len(sound) + 1, PIECE):
        started = time.perf_counter()
        said = segmenter.feed(sound[at : at + PIECE]) if at < len(sound) else segmenter.flush()
        listening += time.perf_counter() - started
        for utterance in said:
            started = time.perf_counter()
            texts.append(transcriber.transcribe(utterance.samples, utterance.start_ms).text)
            work = (time.perf_counter() - started) * 1000
            latency["work_ms"].append(work)
            ends = [t["end_ms"] for t in turns if utterance.start_ms < t["end_ms"] <= utterance.end_ms]
            if ends:
                silence = (at + PIECE) * 1000 / RATE - ends[-1]
                latency["silence_ms"].append(silence)
                latency["total_ms"].append(silence + work)
    return " ".join(texts), latency, listening


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
