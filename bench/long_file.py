"""Measures a recording of hours: `python -m bench.long_file [--hours H]` prints one JSON object.

A WAV file of quiet noise in which a stored, invented interview is heard every quarter of an hour goes the way
of any upload: sent in parts, sealed, read by a real worker process with all its models, listened to, written
down as turns. Memory is the largest resident size of that process; `sent_s` and `read_s` are times of the two
halves. Nothing is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from web.config import Config
from web.interview.new import NewInterview
from web.services import Services, build_services
from web.speech.audio import Recording
from web.speech.model import RATE, Samples
from web.store import Role, Segment, Track, Turn, User, migrate
from web.store.base import new_id

AUDIO = Path(__file__).parents[1] / "tests" / "speech" / "audio"
EVERY_S = 15 * 60
MIB = 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=3.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tellmore-bench-") as folder:
        print(json.dumps(measure(Path(folder), round(given.hours * 3600)), indent=2))


def measure(folder: Path, seconds: int) -> dict[str, Any]:
    file = folder / "long.wav"
    speech_s = write(file, seconds)
    here = console(folder / "home")
    author, interview_id = interview(here)
    upload_id, began = new_id(), time.perf_counter()
    send(here, file, upload_id, interview_id, author)
    sent_s = time.perf_counter() - began
    worker = subprocess.Popen(
        [sys.executable, "-m", "web.worker"],
        env={**os.environ, "TELLMORE_HOME": str(here.config.home), "DATABASE_URL": here.config.database_url},
    )
    try:
        began = time.perf_counter()
        idle = wait_until_begun(here, worker, interview_id, upload_id)
        peak = wait_until_heard(here, worker, interview_id, upload_id)
        read_s = time.perf_counter() - began
    finally:
        worker.terminate()
        worker.wait()
    return {
        "hours": seconds / 3600,
        "speech_s": speech_s,
        "file_mib": file.stat().st_size // MIB,
        "sent_s": round(sent_s, 1),
        "console_peak_mib": peak_of(os.getpid()),
        "read_s": round(read_s, 1),
        "real_time_factor": round(read_s / seconds, 3),
        "worker_begin_mib": idle,
        "worker_peak_mib": peak,
        **outcome(here, interview_id, upload_id),
    }


def write(file: Path, seconds: int) -> float:
    """The recording, a minute at a time; returns how many seconds of it are the interview."""
    with Recording(AUDIO / "one-track.opus", mono=True) as recording:
        said = np.concatenate(list(recording.chunks()), axis=1)[0]
    with wave.open(str(file), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(RATE)
        for minute in minutes(said, seconds):
            target.writeframes(minute.astype("<i2").tobytes())
    return round(len(said) / RATE * -(-seconds // EVERY_S), 1)


def minutes(said: Samples, seconds: int) -> Iterator[Samples]:
    dice, step = np.random.default_rng(5), 60 * RATE
    for start in range(0, seconds * RATE, step):
        sound = dice.normal(0, 6, min(step, seconds * RATE - start)).astype(np.int16)
        at = start % (EVERY_S * RATE)
        part = said[at : at + len(sound)]
        sound[: len(part)] += part
        yield sound


def console(home: Path) -> Services:
    config = Config.from_environment({**os.environ, "TELLMORE_HOME": str(home)})
    config = replace(config, database_url=f"sqlite:///{home / 'tellmore.sqlite3'}", redis_url=None)
    migrate.upgrade(config)
    return build_services(config)


def interview(here: Services) -> tuple[str, str]:
    user = User(name="bench", full_name="Bench", role=Role.INTERVIEWER, password_hash="-")
    with here.database.write() as session:
        session.add(user)
    new = NewInterview(case_code="BENCH-1", protocol="minimal_facts", child_age=8)
    return user.id, here.interviews.create(user, new).id


def send(here: Services, file: Path, upload_id: str, interview_id: str, author: str) -> None:  # noqa: PLR0917
    known, _ = here.parts.begin(interview_id, upload_id, file.stat().st_size, (), author)
    with file.open("rb") as source:
        for number in range(known.of):
            body = source.read(known.part_bytes)
            here.parts.put(interview_id, upload_id, number, body, hashlib.sha256(body).hexdigest())


def wait_until_begun(here: Services, worker: Any, interview_id: str, upload_id: str) -> int:
    """The worker's memory with all models, before there is any sound."""
    while here.parts.status(interview_id, upload_id).state == "waiting" and worker.poll() is None:
        time.sleep(0.2)
    return peak_of(worker.pid)


def wait_until_heard(here: Services, worker: Any, interview_id: str, upload_id: str) -> int:
    peak = 0
    while worker.poll() is None:
        peak = max(peak, peak_of(worker.pid))
        state = here.parts.status(interview_id, upload_id).state
        with here.database.read() as session:
            heard = session.scalar(select(Track.heard_out).where(Track.interview_id == interview_id))
        if state in {"failed", "cancelled"} or (state == "done" and heard):
            return peak
        time.sleep(1.0)
    raise SystemExit(f"the worker ended with {worker.returncode}")


def peak_of(pid: int) -> int:
    """The largest resident size so far, in MiB, as Linux counts it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def outcome(here: Services, interview_id: str, upload_id: str) -> dict[str, Any]:
    state = here.parts.status(interview_id, upload_id)
    with here.database.read() as session:
        turns = session.scalar(select(func.count()).where(Turn.interview_id == interview_id))
        utterances = session.scalar(select(func.count()).select_from(Segment))
    return {"state": state.state, "problem": state.problem, "read_ms": state.read_ms, "turns": turns,
            "utterances": utterances}  # fmt: skip


if __name__ == "__main__":
    main()
