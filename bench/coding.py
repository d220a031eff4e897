"""How fast turns are coded, and in how much memory: `python -m bench.coding [FILE] [--lines N]` prints JSON.

FILE holds whole dialogues; without it the held-out ones are read. Everything is measured in one run, the load
of the machine beside it. Rates are turns a second. RoBERTa-base runs in a process of its own (bench.rivals),
so that its memory does not count.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.dialogues import HELD_OUT, dialogues
from web.language.batch import code_stream
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.learned import Sense
from web.language.model import Speaker, Turn
from web.language.parse import parse_many

WINDOW = 256
LIVE, TALKS = 360, 3
"""Turns of one conversation coded live, and how many such conversations."""
GIVEN = ("session", "turn", "speaker", "text", "age")


class Nowhere:
    def write(self, text: str, /) -> int:
        return len(text)


def rate(run: Callable[[], object], turns: int) -> float:
    began = time.perf_counter()
    run()
    return round(turns / (time.perf_counter() - began), 1)


def lines(rows: Sequence[dict[str, Any]], total: int) -> Iterator[bytes]:
    """`total` turns as they stand in a file: the dialogues again and again, each time as new sessions."""
    for place in range(total):
        again, number = divmod(place, len(rows))
        row = rows[number]
        given = {key: row[key] for key in GIVEN if key in row} | {"session": f"{row['session']}-{again}"}
        yield json.dumps(given).encode() + b"\n"


def live(coder: Coder, turns: Sequence[Turn]) -> dict[str, Any]:
    """Milliseconds for a turn coded by itself, at the beginning and late in an interview."""
    times = np.zeros((TALKS, LIVE))
    for talk in range(TALKS):
        conversation = Conversation(age=8)
        for place in range(LIVE):
            turn = turns[(talk * LIVE + place) % len(turns)]
            began = time.perf_counter()
            coder.code(conversation, turn)
            times[talk, place] = (time.perf_counter() - began) * 1000
    return {"turns_1_to_60": percentiles(times[:, :60]), "turns_300_to_360": percentiles(times[:, 300:])}


def percentiles(times: Any) -> dict[str, float]:
    flat = times.ravel().tolist()
    return {"p50": round(statistics.median(flat), 1), "p95": round(float(np.percentile(flat, 95)), 1)}


def batch(coder: Coder, rows: Sequence[dict[str, Any]]) -> float:
    """As `tellmore code` does it, from a warm start, nothing remembered of these turns."""
    Sense.load().forget()
    given = list(lines(rows, len(rows)))
    return rate(lambda: code_stream(given, Nowhere(), format="jsonl", coder=coder), len(rows))


def parts(texts: Sequence[str]) -> dict[str, float]:
    windows = [texts[start : start + WINDOW] for start in range(0, len(texts), WINDOW)]
    sense = Sense.load()
    sense.forget()
    return {
        "syntax": rate(lambda: [parse_many(window) for window in windows], len(texts)),
        "learned": rate(lambda: [sense.read(window) for window in windows], len(texts)),
    }


def rivals(path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.rivals", str(path)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def memory() -> dict[str, int]:
    """Megabytes of this process: now, and at most so far."""
    status = Path("/proc/self/status").read_text("ascii")
    kilobytes = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if line.startswith("Vm")}
    return {"now": int(kilobytes["VmRSS"]) // 1024, "most": int(kilobytes["VmHWM"]) // 1024}


def growth(coder: Coder, rows: Sequence[dict[str, Any]], total: int) -> dict[str, Any]:
    """Memory after each tenth of a long file."""
    seen: list[int] = []

    def note(done: int) -> None:
        if done % max(total // 10, 1) == 0:
            seen.append(memory()["now"])

    code_stream(lines(rows, total), Nowhere(), format="jsonl", coder=coder, progress=note)
    return {"lines": total, "mb_after_each_tenth": seen}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=HELD_OUT)
    parser.add_argument("--lines", type=int, default=100_000, help="length of the long file; 0 for none")
    given = parser.parse_args()
    rows = [row for turns in dialogues(given.file) for row in turns]
    turns = [Turn(Speaker(row["speaker"]), row["text"]) for row in rows]
    began = time.perf_counter()
    coder = Coder.load()
    report: dict[str, Any] = {"turns": len(rows), "load_s": round(time.perf_counter() - began, 1)}
    report["live_ms"] = live(coder, turns)
    rates = {"batch": batch(coder, rows), **parts([turn.text for turn in turns])}
    rates |= rivals(given.file) | {"batch_again": batch(coder, rows)}
    report["turns_per_s"] = rates
    coded = statistics.mean([rates["batch"], rates["batch_again"]])
    report["times_roberta_base"] = round(coded / rates["roberta_base"], 1)
    report["minilm_times_roberta_base"] = round(rates["minilm_embedding"] / rates["roberta_base"], 1)
    report["memory_mb"] = memory()
    if given.lines:
        report["long_file"] = growth(coder, rows, given.lines) | {"memory_mb": memory()}
    report["load_1_5_15_min"] = [round(load, 1) for load in os.getloadavg()]
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
