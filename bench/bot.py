"""Measures the dialogue engine: `python -m bench.bot [LABELS]` prints one JSON object.

Times are milliseconds over HTTP on loopback, a label a turn; memory is MiB. `shipped` is a protocol as it is
installed, `own` an agency's copy of it in an edition made while the engine runs.
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

from protocols.library import Library, load_library
from tests.bot.editions import OWN, SHIPPED, make_edition, merged, own_files
from tests.bot.labels import random_labels
from tests.bot.server import TOKEN, BotServer, bot_python

INTERVIEWS = 20
EDITIONS = 6
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
            result = {
                "training_s": round(trained, 1),
                "start_s": round(started, 1),
                "rss_mb_at_start": rss_mb(server),
                "shipped": measure(server, count, {"protocol": SHIPPED}, load_library()),
                "first_turn_of_each_edition_ms": first_turns(server),
                "rss_mb_with_editions": rss_mb(server),
                "own": measure(server, count, own(server), load_library(merged(own_files()))),
            }
        finally:
            server.kill()
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def timed(call: Any) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def own(server: BotServer) -> dict[str, Any]:
    return {"protocol": OWN, "edition": make_edition(server.home)}


def first_turns(server: BotServer) -> list[float]:
    """An edition is read with the first turn that asks for it; more of them than the engine keeps."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    taken = []
    for number in range(EDITIONS):
        name = make_edition(server.home, own_files(f"own_house_{number}"))
        subject = {"conversation": f"e{number}", "protocol": OWN, "edition": name}
        taken.append(round(post(connection, subject, 0, []), 1))
    return taken


def measure(server: BotServer, count: int, protocol: dict[str, Any], library: Library) -> dict[str, Any]:
    flow = library.flows[protocol["protocol"]]
    cpu = cpu_s(server)
    at: dict[int, list[float]] = {}
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    for interview in range(INTERVIEWS):
        for seen, label in enumerate(random_labels(flow, count, random.Random(interview))):
            subject = {"conversation": f"{flow.id}-{interview}", **protocol}
            at.setdefault(seen, []).append(post(connection, subject, seen, [label]))
    worked = (cpu_s(server) - cpu) * 1000 / (INTERVIEWS * count)
    labels = random_labels(flow, count, random.Random(99))
    replay = post(connection, {"conversation": "replay", **protocol}, 0, labels, restart=True)
    return {
        "turn_3": summary(at, 3),
        f"turn_{count}": summary(at, count),
        "all_turns": percentiles([ms for times in at.values() for ms in times]),
        "cpu_ms_a_turn": round(worked, 2),
        f"replay_of_{count}_ms": round(replay, 1),
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
    subject: dict[str, Any],
    seen: int,
    labels: list[dict[str, Any]],
    restart: bool = False,
) -> float:
    """Milliseconds for one request."""
    body = json.dumps({**subject, "age": 9, "seen": seen, "labels": labels, "restart": restart})
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
