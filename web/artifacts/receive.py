"""A file that a person sends or points to, taken into an errand's folder block by block."""

from __future__ import annotations

import hashlib
import os
from typing import IO

from web.artifacts.errands import Errand
from web.artifacts.model import N_, NAME, Fetched, FetchFailed
from web.artifacts.room import check_room

BLOCK = 1024 * 1024
CUT_SHORT = N_("Only %(came)s of %(said)s bytes arrived. Send the file again.")
TOO_LARGE = N_("The file is larger than the %(limit)s MB that are taken.")
EMPTY = N_("The file is empty.")


def receive(
    source: IO[bytes],
    name: str,
    errand: Errand,
    *,
    limit: int,
    size: int | None = None,
    before: int = 0,
    total: int | None = None,
) -> Fetched:
    """Write `source` to `name` in the errand's folder; memory stays small whatever it holds.

    `size` is what the sender said it is; `before` of `total` bytes were other files of the same errand.
    Raises FetchFailed (empty, larger than `limit`, cut short, no room) and Cancelled, leaving nothing.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a file here")
    if size is not None:
        if size > limit:
            raise FetchFailed(TOO_LARGE, limit=limit // 10**6)
        check_room(errand.folder, size)
    path, partial, came = errand.folder / name, errand.folder / f"{name}.part", 0
    digest = hashlib.sha256()
    try:
        with partial.open("wb") as sink:
            while block := source.read(BLOCK):
                came += len(block)
                if came > limit:
                    raise FetchFailed(TOO_LARGE, limit=limit // 10**6)
                digest.update(block)
                sink.write(block)
                errand.progress(before + came, total or size)
            sink.flush()
            os.fsync(sink.fileno())
        if not came:
            raise FetchFailed(EMPTY)
        if size is not None and came != size:
            raise FetchFailed(CUT_SHORT, came=came, said=size)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return Fetched(path, digest.hexdigest(), came)
