"""Moments as people and programs write them."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,8})(?:[.,](\d{1,9}))?\s*s?")


def moment(text: str) -> int | None:
    """Milliseconds of `1:02:03.450`, `62:03`, `62.5` or `62` (seconds); None for anything else."""
    found = _CLOCK.fullmatch(text.strip().strip("[]()")) if text.isascii() else None
    if found is None:
        return None
    hours, minutes, seconds, rest = found.groups()
    if minutes is not None and int(seconds) > 59:
        return None
    if hours is not None and int(minutes) > 59:
        return None
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole * 1000 + int(((rest or "") + "000")[:3])
