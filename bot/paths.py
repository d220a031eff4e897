"""Where the bot keeps its model, and the hash that tells whether the model still fits."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT = ROOT / "bot"
SOURCES = ("protocols", "bot")
SUFFIXES = {".py", ".yml", ".json"}


def home() -> Path:
    """The folder of the bot inside TELLMORE_HOME (default: var in the working folder)."""
    return Path(os.environ.get("TELLMORE_HOME", "var")).resolve() / "bot"


def digest() -> str:
    """SHA-256 over the protocols and the bot's own files: another hash means train again."""
    total = hashlib.sha256()
    for path in sorted(p for name in SOURCES for p in (ROOT / name).rglob("*") if p.suffix in SUFFIXES):
        total.update(f"{path.relative_to(ROOT)}\n".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def model() -> Path:
    """The model that fits the protocols as they are now; it need not exist yet."""
    return home() / "models" / f"{digest()[:32]}.tar.gz"
