"""Sealed files under the home folder, written whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from web.store.base import new_id


class SealedFiles:
    """One folder per interview, one file per chunk. Names hold random ids and numbers only."""

    def __init__(self, home: Path) -> None:
        self._root = home / "audio"

    def path(self, interview_id: str, *parts: str) -> Path:
        return self._root.joinpath(interview_id, *parts)

    def write(self, path: Path, sealed: bytes) -> None:
        """On disk, under its final name, when this returns. An unfinished file is never seen under it."""
        self.settle(self.stage(path, sealed), path)

    def stage(self, path: Path, sealed: bytes) -> Path:
        """On disk, under a name of its own that `settle` changes into the final one: the slow part of
        writing, for which no transaction has to wait."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{new_id()}")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        return fresh

    def settle(self, staged: Path, path: Path) -> None:
        """Give a staged file its final name; it is gone where that fails."""
        try:
            staged.replace(path)
        except OSError:
            staged.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def remove(self, folder: Path) -> None:
        """A folder with all that is in it, as far as it is there."""
        shutil.rmtree(folder, ignore_errors=True)

    def sweep(self) -> int:
        """Remove what a killed process left unfinished; returns how many files that were."""
        left = [path for path in self._root.glob("*/*/.*") if path.is_file()] if self._root.exists() else []
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)
