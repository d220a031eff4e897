"""Room on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from web.artifacts.model import N_, FetchFailed

KEEP_FREE = 1024**3
"""So much stays free for recordings: a model that is not installed hurts less than sound that is not kept."""
NO_ROOM = N_(
    "%(need)s MB are needed and %(free)s MB are free; some of that is kept for recordings."
    " Make room and try again."
)


def check_room(folder: Path, need: int) -> None:
    """Raises FetchFailed where so many bytes more would leave too little room for recordings."""
    free = shutil.disk_usage(folder).free
    if free < need + KEEP_FREE:
        raise FetchFailed(NO_ROOM, need=-(-need // 10**6), free=free // 10**6)
