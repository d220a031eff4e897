"""How soon spoken words are on the page: `python -m bench.live [--times N]` prints one JSON object.

Starts Tellmore as a user does and sends it the stored interview (40 s, two tracks) N times as the page would:
in pieces of 200 ms, each when its last sample has sounded. Milliseconds from the end of an utterance to its
turn on the stream of events (target: p95 within 1000; 600 of it are the pause that ends it), and from its
beginning to the first of its words; `upload`: what acknowledging a piece takes. The load of the machine when
it began is given: other work on it makes all of it slower.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.e2e.interviews import Held
from tests.e2e.stack import Stack
from web.speech.audio import Recording
from web.speech.model import RATE, Samples
from web.store import Role

AUDIO = Path(__file__).parents[1] / "tests" / "speech" / "audio"
TURNS: list[dict[str, Any]] = json.loads((AUDIO / "dialogue.json").read_text())["turns"]
PIECE = RATE // 5
TRACKS = {"left": "interviewer", "right": "child"}
TARGET_MS = 1000
PATIENCE_S = 20.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    load = os.getloadavg()[0]
    found: dict[str, list[float]] = {"final": [], "first_words": [], "upload": []}
    missed = 0
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a socket's path must be short
        stack = Stack(Path(folder))
        stack.start()
        try:
            stack.wait_ready("language", "speech")
            client = stack.client(stack.add_user("bench", Role.INTERVIEWER))
            for number in range(times + 1):
                told = Told(Held(client, case_code=f"K-2026-{number + 1}"))
                if number:  # the first warms up
                    missed += told.measure(found)
        finally:
            stack.stop()
    result = {
        "interviews": times,
        "utterances": len(found["final"]),
        "missed": missed,
        "load": round(load, 1),
        "final_target_p95_ms": TARGET_MS,
        **{f"{name}_ms": percentiles(values) for name, values in found.items()},
    }
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


class Told:
    """One interview played in real time, with the moment of all that was told of it."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.turns: list[tuple[float, dict[str, Any]]] = []
        self.words: list[tuple[float, dict[str, Any]]] = []
        self.uploads: list[float] = []
        follower = threading.Thread(target=self._follow, daemon=True)
        follower.start()
        self._play()

    def measure(self, found: dict[str, list[float]]) -> int:
        """Add the milliseconds of each utterance; returns how many became no turn."""
        found["upload"] += self.uploads
        missed = 0
        for spoken in TURNS:
            middle = (spoken["start_ms"] + spoken["end_ms"]) / 2
            heard = [at for at, turn in self.turns if turn["started_ms"] < middle < turn["ended_ms"]]
            missed += not heard
            found["final"] += [(at - self.began) * 1000 - spoken["end_ms"] for at in heard[:1]]
            first = [at for at, line in self.words if line["start_ms"] < middle <= line["start_ms"] + 30_000]
            first = [at for at in first if not heard or at < heard[0]]
            first = [at for at in first if (at - self.began) * 1000 > spoken["start_ms"]]
            found["first_words"] += [(at - self.began) * 1000 - spoken["start_ms"] for at in first[:1]]
        return missed

    def _follow(self) -> None:
        with (
            httpx.Client(base_url=self.held.client.base_url, headers=self.held.client.headers) as client,
            client.stream("GET", f"{self.held.path}/events?after=0", timeout=None) as stream,
        ):
            kind = ""
            for row in stream.iter_lines():
                if row.startswith("event: "):
                    kind = row.removeprefix("event: ")
                elif row.startswith("data: ") and kind in ("turn", "hearing"):
                    body, at = json.loads(row.removeprefix("data: ")), time.monotonic()
                    if kind == "turn":
                        self.turns.append((at, body))
                    else:
                        self.words += [(at, line) for line in body["lines"]]

    def _play(self) -> None:
        with Recording(AUDIO / "two-tracks.opus") as recording:
            sound = np.concatenate(list(recording.chunks()), axis=1)
        for name, speaker in TRACKS.items():
            body = {"speaker": speaker, "offset_ms": 0}
            self.held.client.post(f"{self.held.path}/audio/{name}", json=body).raise_for_status()
        self.began = time.monotonic()
        pairs = zip(TRACKS, sound, strict=True)
        senders = [threading.Thread(target=self._send, args=pair) for pair in pairs]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        until = time.monotonic() + PATIENCE_S
        while len(self.turns) < len(TURNS) and time.monotonic() < until:
            time.sleep(0.1)

    def _send(self, name: str, samples: Samples) -> None:
        pieces = range(0, len(samples), PIECE)
        for number, start in enumerate(pieces):
            piece = samples[start : start + PIECE]
            time.sleep(max(0.0, self.began + (start + len(piece)) / RATE - time.monotonic()))
            began = time.monotonic()
            answer = self.held.put_chunk(name, number, np.ascontiguousarray(piece).astype("<i2").tobytes())
            answer.raise_for_status()
            self.uploads.append((time.monotonic() - began) * 1000)
        end = {"chunks": len(pieces)}
        self.held.client.post(f"{self.held.path}/audio/{name}/end", json=end).raise_for_status()


def percentiles(values: list[float]) -> dict[str, int] | None:
    if len(values) < 2:
        return None
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {"p50": round(cuts[9]), "p95": round(cuts[18])}


if __name__ == "__main__":
    main()
