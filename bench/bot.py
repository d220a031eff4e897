"""Measures the dialogue engine: `python -m bench.bot [LABELS]` prints one JSON object.

Times are milliseconds over HTTP on loopback, a label a turn; memory is MiB.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from protocols.library import load_library
from tests.bot.labels import random_labels
from tests.bot.server import TOKEN, BotServer, bot_python

INTERVIEWS = 20
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    python = bot_python()
    if python is None:
        sys.exit("Set TELLMORE_BOT_PYTHON to the Python that holds Rasa.")
    with tempfile.TemporaryDirectory() as folder:
        server = BotServer(python, Path(folder))
        trained = timed(lambda: server.run("--train-only"))
        started = timed(server.start)
        try:
            result = {"training_s": round(trained, 1), "start_s": round(started, 1), **measure(server, count)}
        finally:
            server.kill()
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def timed(call: Any) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def measure(server: BotServer, count: int) -> dict[str, Any]:
    flow = load_library().flows["nichd_revised_2014"]
    before, cpu = rss_mb(server), cpu_s(server)
    at: dict[int, list[float]] = {}
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for interview in range(INTERVIEWS):
        for seen, label in enumerate(random_labels(flow, count, random.Random(interview))):
            at.setdefault(seen, []).append(post(connection, f"i{interview}", seen, [label]))
    worked = (cpu_s(server) - cpu) * 1000 / (INTERVIEWS * count)
    labels = random_labels(flow, count, random.Random(99))
    replay = post(connection, "replay", 0, labels, restart=True)
    return {
        "turn_3": summary(at, 3),
        f"turn_{count}": summary(at, count),
        "all_turns": percentiles([ms for times in at.values() for ms in times]),
        "cpu_ms_a_turn": round(worked, 2),
        f"replay_of_{count}_ms": round(replay, 1),
        "rss_mb_at_start": before,
        f"rss_mb_after_{INTERVIEWS * count}_labels": rss_mb(server),
    }


def summary(at: dict[int, list[float]], turn: int) -> dict[str, float]:
    """The turns around one number, so that a percentile has something to stand on."""
    return percentiles([ms for n in range(turn - 3, turn + 2) for ms in at.get(n, [])])


def percentiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=20)
    return {"p50_ms": round(cuts[9], 2), "p95_ms": round(cuts[18], 2)}


def post(
    connection: http.client.HTTPConnection,
    conversation: str,
    seen: int,
    labels: list[dict[str, Any]],
    restart: bool = False,
) -> float:
    """Milliseconds for one request."""
    subject = {"conversation": conversation, "protocol": "nichd_revised_2014", "age": 9}
    body = json.dumps({**subject, "seen": seen, "labels": labels, "restart": restart})
    start = time.perf_counter()
    connection.request("POST", "/webhooks/labels/turn", body, HEADERS)
    response = connection.getresponse()
    answer = response.read()
    taken = (time.perf_counter() - start) * 1000
    if response.status != 200:
        sys.exit(f"{response.status}: {answer.decode()}")
    return taken


def rss_mb(server: BotServer) -> int:
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def cpu_s(server: BotServer) -> float:
    """Processor seconds of the server so far: what a turn costs however busy the machine is."""
    assert server.process is not None
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
