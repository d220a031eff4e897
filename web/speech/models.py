"""Where the transcription models lie and whether they are what they should be."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

DEFAULT = "tiny.en"


class BadModel(RuntimeError):
    """A model that is absent or not the one we know; the text says how to mend it."""


@dataclass(frozen=True, slots=True)
class Model:
    """A speech model on this machine. `sha256` is that of its weights."""

    name: str
    path: Path
    languages: tuple[str, ...]
    sha256: str


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def find(name: str = DEFAULT) -> Model:
    """Find a known model and check every file of it by SHA-256 (a quarter of a second for tiny.en).

    Raises BadModel for an unknown name, a missing package, and files that differ. Nothing is fetched.
    """
    known = json.loads(Path(__file__).with_name("models.json").read_text(encoding="utf-8"))
    if name not in known:
        raise BadModel(f"no speech model is called {name!r}; known: {', '.join(sorted(known))}")
    entry = known[name]
    spec = importlib.util.find_spec(entry["module"])
    if spec is None or spec.origin is None:
        raise BadModel(f"the speech model {name} is not installed; get it with: {entry['install']}")
    path = Path(spec.origin).parent / entry["folder"]
    verify(path, entry["files"])
    return Model(name, path, tuple(entry["languages"]), entry["files"]["model.bin"])


def verify(path: Path, files: dict[str, str]) -> None:
    """Compare the files under `path` with their SHA-256. Raises BadModel naming the first that differs."""
    for name, expected in files.items():
        file = path / name
        if not file.is_file():
            raise BadModel(f"{file} is missing; install the speech model again")
        if _digest(file) != expected:
            raise BadModel(
                f"{file} is not the file it should be (SHA-256 differs); install the speech model again"
            )
