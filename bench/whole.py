"""Start-up and memory of everything together: `python -m bench.whole` prints one JSON object.

Starts Tellmore twice as a user does (the first start prepares, the second is warm), holds a short interview,
and adds up the proportional memory (PSS) of all processes. Targets: warm sign-in page within 5 s, bot ready
within 30 s, 3 GB for everything.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.interviews import Held
from tests.e2e.stack import Stack
from web.store import Role

MIB = 1024 * 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder))
        result: dict[str, Any] = {"first_start": _start(stack)}
        stack.stop()
        result["warm_start"] = _start(stack)
        try:
            _talk(stack)
            result["memory_mib"] = _memory(stack)
        finally:
            stack.stop()
    result["targets"] = {"warm_sign_in_s": 5, "warm_bot_ready_s": 30, "memory_mib": 3072}
    sys.stdout.write(json.dumps(result, indent=2) + "\n")


def _start(stack: Stack) -> dict[str, float]:
    """Seconds from the command to: the sign-in page, the bot, and the language models."""
    began = time.monotonic()
    stack.start()
    times = {"sign_in_s": round(time.monotonic() - began, 1)}
    for name in ("bot", "language", "speech"):
        stack.wait_ready(name)
        times[f"{name}_ready_s"] = round(time.monotonic() - began, 1)
    return times


def _talk(stack: Stack) -> None:
    held = Held(stack.client(stack.add_user("bench", Role.INTERVIEWER)))
    for number in range(30):
        held.say("interviewer", "Tell me more about that.")
        held.say("child", f"we went to the lake and my brother fell in, that was day {number}")


def _memory(stack: Stack) -> dict[str, int]:
    names = {stack.pid(name): name for name in ("web", "worker", "bot")}
    used: dict[str, int] = {}
    for pid, name in names.items():
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        used[name] = sum(member.memory_full_info().pss for member in family) // MIB
    used["all"] = sum(used.values())
    return used


if __name__ == "__main__":
    main()
