"""Own files as they lie in the database, and how changes are laid over them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from difflib import unified_diff

from protocols.files import Files
from web.authoring.model import Changes, FileChange, Kind

CONTEXT = 3
"""Lines shown around a change."""
COMPARED = 4000
"""Lines of both texts together that are compared one by one, far more than any shipped file has: the time
grows with their square."""


def pack(texts: Changes) -> bytes:
    """The same texts give the same bytes."""
    return gzip.compress(json.dumps(texts, ensure_ascii=False, sort_keys=True).encode(), mtime=0)


def unpack(raw: bytes) -> dict[str, str | None]:
    found: dict[str, str | None] = json.loads(gzip.decompress(raw))
    return found


def unpack_own(raw: bytes) -> dict[str, str]:
    """Where no file can be marked as removed."""
    return {path: text for path, text in unpack(raw).items() if text is not None}


def encoded(own: Mapping[str, str]) -> dict[str, bytes]:
    """The own files as the library reads them."""
    return {path: text.encode() for path, text in own.items()}


def laid(own: Mapping[str, str], changes: Changes) -> dict[str, str]:
    """The own files with changes over them."""
    return {path: text for path, text in {**own, **changes}.items() if text is not None}


def between(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str | None]:
    """The changes that make `before` what `after` is."""
    paths = sorted(before.keys() | after.keys())
    return {path: after.get(path) for path in paths if before.get(path) != after.get(path)}


def differences(before: Mapping[str, str], after: Mapping[str, str], shipped: Files) -> list[FileChange]:
    """File by file. One that took the place of a shipped file is held against that."""
    found = []
    for path in between(before, after):
        old, new = (one.get(path, shipped.get(path, b"").decode()) for one in (before, after))
        kind = Kind.ADDED if path not in before else Kind.CHANGED if path in after else Kind.REMOVED
        found.append(FileChange(path, kind, _lines(old, new)))
    return found


def _lines(old: str, new: str) -> tuple[tuple[str, str], ...]:
    gone, come = old.splitlines(), new.splitlines()
    if len(gone) + len(come) > COMPARED:
        return (*(("-", line) for line in gone), *(("+", line) for line in come))
    told = list(unified_diff(gone, come, n=CONTEXT, lineterm=""))[2:]
    return tuple(("@", "") if line.startswith("@@") else (line[0], line[1:]) for line in told)
