"""Errands: what is being fetched, by name, with a state that outlives the process."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from web.artifacts import state
from web.artifacts.model import NAME, Busy, Cancelled, FetchFailed, State, Status

log = logging.getLogger(__name__)

WRITE_EVERY_S = 0.5
FORGET_AFTER_S = 7 * 24 * 3600
"""What was left half-done and not asked for again for so long is thrown away."""
NICE = 15  # an interview in the same process goes before a download


class Errand:
    """One errand while it runs, as its work sees it. `folder` is private to it and stays when it is
    interrupted or fails, so that the next try goes on; it is emptied when all is done, or called off."""

    def __init__(self, folder: Path, file: Path, flag: Path) -> None:
        self.folder = folder
        self._file, self._flag = file, flag
        self._status = Status(State.DOWNLOADING)
        self._tell()
        self._written = 0.0  # the first progress is told at once: it says how much there will be

    def progress(self, done: int, total: int | None = None) -> None:
        """So many bytes are here. Raises Cancelled where a person called it off."""
        self.check()
        self._status = replace(self._status, done=done, total=total)
        if time.monotonic() - self._written >= WRITE_EVERY_S:
            self._tell()

    def check(self) -> None:
        """Raises Cancelled where a person called it off."""
        if self._flag.exists():
            raise Cancelled

    @contextmanager
    def aside(self) -> Iterator[None]:
        """`folder` is a fresh one meanwhile, which is gone afterwards: what is half-done in the errand's own
        stays as it is."""
        own = self.folder
        self.folder = own / "aside"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        try:
            yield
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = own

    def verifying(self) -> None:
        """All is here; now it is checked and put in place."""
        self._status = replace(self._status, state=State.VERIFYING)
        self._tell()

    def wait(self, seconds: float) -> None:
        """Pause before another try. Raises Cancelled as soon as it is called off."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.progress(self._status.done, self._status.total)
            time.sleep(min(left, 0.1))

    def _tell(self) -> None:
        self._written = time.monotonic()
        state.write(self._file, self._status)

    def _ended(self, problem: Exception | None) -> None:
        if problem is None:
            self._status = replace(self._status, state=State.READY)
        else:
            said = _told(problem)
            self._status = replace(self._status, state=State.FAILED, reason=said.text, values=said.values)
        self._tell()


class Errands:
    """All errands that keep their things in `folder`. Safe to use from several processes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def status(self, name: str) -> Status:
        """How it stands; `absent` for what was never asked for."""
        return state.read(self._path(name, ".json"), self._lock(name).held())

    def run(self, name: str, work: Callable[[Errand], None]) -> None:
        """Do it now. Raises Busy, Cancelled, FetchFailed, and whatever `work` raises; the state tells too."""
        self._do(name, work, self._take(name))

    def start(self, name: str, work: Callable[[Errand], None]) -> None:
        """Do it in a thread of its own, which ends with this process. Raises Busy."""
        lock = self._take(name)
        thread = threading.Thread(target=self._quietly, args=(name, work, lock), name=f"errand {name}")
        thread.daemon = True
        thread.start()

    def cancel(self, name: str) -> None:
        """Call it off and throw away what has come; one that failed or was interrupted, too."""
        lock = self._lock(name)
        if lock.take():
            self._clear(name)
            lock.release()
        else:
            self._path(name, ".cancel").touch()

    def half_done(self, name: str) -> bool:
        """Whether anything has come that the next try can go on with."""
        folder = self._folder / name
        return folder.is_dir() and any(folder.iterdir())

    def sweep(self) -> None:
        """Throw away what nobody has come back to."""
        for file in self._folder.glob("*.json") if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):
                if time.time() - file.stat().st_mtime > FORGET_AFTER_S:
                    self.cancel(file.stem)

    def _take(self, name: str) -> state.Lock:
        self.sweep()
        lock = self._lock(name)
        if not lock.take():
            raise Busy(f"{name} is already being fetched")
        self._path(name, ".cancel").unlink(missing_ok=True)
        state.write(self._path(name, ".json"), Status(State.DOWNLOADING))
        return lock

    def _quietly(self, name: str, work: Callable[[Errand], None], lock: state.Lock) -> None:
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
        try:
            self._do(name, work, lock)
        except Exception as error:  # the state says what happened
            log.warning("errand %s: %s", name, type(error).__name__)

    def _do(self, name: str, work: Callable[[Errand], None], lock: state.Lock) -> None:
        folder = self._folder / name
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            errand = Errand(folder, self._path(name, ".json"), self._path(name, ".cancel"))
            try:
                work(errand)
            except Cancelled:
                self._clear(name)
                raise
            except Exception as error:
                errand._ended(error)
                raise
            errand._ended(None)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            lock.release()

    def _clear(self, name: str) -> None:
        shutil.rmtree(self._folder / name, ignore_errors=True)
        for ending in (".json", ".cancel"):
            self._path(name, ending).unlink(missing_ok=True)

    def _lock(self, name: str) -> state.Lock:
        return state.Lock(self._path(name, ".lock"))

    def _path(self, name: str, ending: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of an errand")
        return self._folder / f"{name}{ending}"


def _told(problem: Exception) -> FetchFailed:
    if isinstance(problem, FetchFailed):
        return problem
    what = problem.strerror if isinstance(problem, OSError) else str(problem)
    return FetchFailed("%(what)s", what=what or type(problem).__name__)
