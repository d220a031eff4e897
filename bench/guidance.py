"""Measures posted turn to guidance: `python -m bench.guidance [TURNS]` prints one JSON object.

Real parts: gunicorn with gthread, SQLite on disk, the language models and, where TELLMORE_BOT_PYTHON names
the Python that holds Rasa, the real dialogue engine. Times are milliseconds, over HTTP on loopback; stages
come from the server's own Server-Timing header.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.bot.server import TOKEN, BotServer, free_port
from web.config import Config
from web.security import sessions
from web.store import Database, Role, User, migrate

TURNS = 300
INTERVIEWS = 3
WINDOW = 25
PATIENCE_S = 180
TALK = [
    ("interviewer", "Tell me about things you like to do."),
    ("child", "I like swimming and I play with my dog in the garden behind our house when it is warm."),
    ("interviewer", "You said you play with your dog. Tell me more about that."),
    ("child", "He brings the ball back and then we run to the big tree."),
    ("interviewer", "Did you go to the lake with your uncle on Sunday?"),
    ("child", "No."),
    ("interviewer", "What happened after you came home?"),
    ("child", "We ate soup and my brother was angry because the bike was broken, so he went to his room."),
    ("interviewer", "Where were you when he was angry?"),
    ("child", "In the kitchen."),
]


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    with tempfile.TemporaryDirectory() as folder:
        bot = _bot(Path(folder) / "bot")
        config, token = _prepare(Path(folder) / "home", bot)
        server = _serve(config)
        try:
            result = _measure(config, token, turns, server.pid, bot is not None)
        finally:
            server.terminate()  # a killed master would leave its worker behind
            server.wait(30)
            if bot is not None:
                bot.kill()
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def _bot(home: Path) -> BotServer | None:
    python = os.environ.get("TELLMORE_BOT_PYTHON")
    if python is None:
        return None
    home.mkdir(parents=True)
    bot = BotServer(python, home)
    bot.start()
    return bot


def _prepare(home: Path, bot: BotServer | None) -> tuple[Config, str]:
    os.environ |= {"TELLMORE_HOME": str(home), "TELLMORE_PORT": str(free_port()), "TELLMORE_BOT_TOKEN": TOKEN}
    os.environ["TELLMORE_BOT_PORT"] = str(bot.port if bot else free_port())
    config = Config.from_environment()
    migrate.upgrade(config)
    database = Database(config.database_url)
    with database.write() as session:
        user = User(name="bench", role=Role.INTERVIEWER, password_hash="-")
        session.add(user)
        session.flush()
        token, _ = sessions.open_session(session, user, 3600, sessions.TOKEN)
    database.close()
    return config, token


def _serve(config: Config) -> subprocess.Popen[bytes]:
    address = f"{config.host}:{config.port}"
    options = ["-k", "gthread", "--threads", str(config.threads), "-w", "1", "-b", address]
    command = [sys.executable, "-m", "gunicorn", *options, "--log-level", "warning", "web.wsgi:app"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _measure(config: Config, token: str, turns: int, pid: int, with_bot: bool) -> dict[str, Any]:
    url = f"http://{config.host}:{config.port}"
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=url, headers=headers, timeout=30.0, trust_env=False) as http:
        _wait(http, with_bot)
        _interview(http, 12)  # the first words a process codes are slower
        before = _cpu_s(pid)
        runs = [_interview(http, turns) for _ in range(INTERVIEWS)]
        worked = _cpu_s(pid) - before
    early = [turn for run in runs for turn in run[2 : 2 + WINDOW]]
    late = [turn for run in runs for turn in run[-WINDOW:]]
    every = [turn for run in runs for turn in run]
    return {
        "turns": turns,
        "interviews": INTERVIEWS,
        "bot": with_bot,
        "load_average": os.getloadavg()[0],
        "console_cpu_ms_per_turn": round(worked * 1000 / (turns * INTERVIEWS), 1),
        "all": _summary(every),
        f"turns_3_to_{2 + WINDOW}": _summary(early),
        f"last_{WINDOW}": _summary(late),
    }


def _cpu_s(pid: int) -> float:
    """Seconds of processor time of the server and its workers: a figure that other load does not change."""
    server = psutil.Process(pid)
    spent = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(times.user + times.system for times in spent)


def _wait(http: httpx.Client, with_bot: bool) -> None:
    wanted = {"language", "bot"} if with_bot else {"language"}
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            states = http.get("/ready").json()
            if all(states.get(name) == "ready" for name in wanted):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    sys.exit(f"Not ready within {PATIENCE_S} s: {', '.join(sorted(wanted))}")


def _interview(http: httpx.Client, turns: int) -> list[dict[str, float]]:
    """Milliseconds of each turn: `total` as the client sees it, and by stage."""
    made = http.post(
        "/api/interviews", json={"case_code": "B-1", "protocol": "nichd_revised_2014", "child_age": 9}
    )
    path = made.raise_for_status().json()["url"]
    http.post(f"{path}/actions", json={"key": "start", "action": "start"}).raise_for_status()
    return [_turn(http, path, number) for number in range(turns)]


def _turn(http: httpx.Client, path: str, number: int) -> dict[str, float]:
    speaker, text = TALK[number % len(TALK)]
    body = {"key": f"k{number}", "speaker": speaker, "text": text}
    began = time.perf_counter()
    answer = http.post(f"{path}/turns", json=body)
    total = (time.perf_counter() - began) * 1000
    shown = answer.raise_for_status().json()
    assert shown["coding"] is not None, "a turn came back without its coding"
    assert shown["guidance"] is not None, "a turn came back without guidance"
    stages = (part.split(";dur=") for part in answer.headers["Server-Timing"].split(", "))
    return {"total": total, **{name: float(spent) for name, spent in stages}}


def _summary(turns: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    return {
        stage: {
            "p50": round(statistics.median(values), 1),
            "p95": round(statistics.quantiles(values, n=20)[-1], 1),
        }
        for stage in turns[0]
        if (values := [turn.get(stage, 0.0) for turn in turns])
    }


if __name__ == "__main__":
    main()
