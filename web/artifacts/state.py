"""One small JSON file for each errand, written in one step, and the lock of whoever is at it.

The lock is the kernel's (flock): it is gone with the process that held it, however that ended. So a state
"downloading" that nobody holds the lock for is one that was interrupted.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from web.artifacts.model import N_, State, Status

TRIES, TRY_S = 5, 0.02  # for a lock: whoever asks about it has it for a moment
BROKE_OFF = N_("It broke off because Tellmore was stopped. Start it again to go on from there.")


def write_json(file: Path, value: Any) -> None:
    """Replace a file in one step; whoever reads it sees the old one or the new one, whole."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with fresh.open("w", encoding="utf-8") as sink:
            json.dump(value, sink, ensure_ascii=False, indent=1)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)


def read_json(file: Path) -> dict[str, Any]:
    """What `write_json` wrote; empty where there is nothing, or nothing sensible."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Waits until nobody else, in this process or another, changes what lies in `folder`; then they wait. For
    what is read and written back."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(file: Path, status: Status) -> None:
    write_json(file, asdict(status))


def read(file: Path, held: bool) -> Status:
    """The status in `file`. `held` says whether anybody is at it."""
    found = read_json(file)
    try:
        status = Status(**{**found, "state": State(found.get("state", "absent"))})
        status.why  # noqa: B018 - a file that cannot be told is no status
    except (TypeError, ValueError, KeyError):
        return Status()
    if status.running and not held:
        return replace(status, state=State.FAILED, reason=BROKE_OFF, values={}, interrupted=True)
    return status


class Lock:
    """Held from `take` to `release`, by this object alone."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle: int | None = None

    def take(self) -> bool:
        """False where somebody else has it."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for _ in range(TRIES):
            with suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._handle = handle
                return True
            time.sleep(TRY_S)
        os.close(handle)
        return False

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def held(self) -> bool:
        """Whether anybody has it now."""
        with suppress(FileNotFoundError):
            handle = os.open(self._file, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
            finally:
                os.close(handle)
        return False
