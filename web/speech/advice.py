"""Which model suits this machine and a language: the largest that has room, and keeps pace."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from web.speech.catalogue import Catalogue, Known
from web.speech.measure import Measured

REST_MB = 2500
"""What the other parts of Tellmore and the system need (docs/operations.md)."""
LIVE = 0.5
"""Seconds of work for a second of sound. In an interview somebody speaks nearly all the time, on one track or
the other; at this pace the words still follow."""
PATIENT = 2.0
"""The same for recordings: what was recorded in a day is written down by the next morning but one."""
TYPICAL = 0.15 / 39
"""The same for each million of parameters, where nothing was measured: tiny.en on one core of the machine
that Tellmore is made on (bench/speech.py)."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Names of models: for interviews as they are held, and for recordings, which may take their time. None
    where no model writes the language, or none suits."""

    live: str | None
    recordings: str | None


def advise(
    catalogue: Catalogue, language: str, figures: Mapping[str, Measured], machine_mb: int | None = None
) -> Advice:
    """What to install for a language, by the memory of this machine and what was measured on it."""
    room = (machine_mb if machine_mb is not None else memory_mb()) - REST_MB
    able = [known for known in catalogue.models.values() if language in known.languages]
    able = sorted((known for known in able if known.memory_mb <= room), key=_worth)
    able = [known for known in able if expected(known, catalogue, figures)[0] <= PATIENT]
    quick = [known for known in able if expected(known, catalogue, figures)[0] <= LIVE]
    return Advice(quick[-1].name if quick else None, able[-1].name if able else None)


def expected(known: Known, catalogue: Catalogue, figures: Mapping[str, Measured]) -> tuple[float, bool]:
    """Seconds of work for a second of sound, and whether they were measured with this very model. Else they
    are those of the measured model nearest in size, in proportion to the parameters."""
    if known.name in figures:
        return figures[known.name].real_time_factor, True
    others = [(catalogue.models[name], found) for name, found in figures.items()]
    if not others:
        return round(TYPICAL * known.parameters, 2), False
    near, found = min(others, key=lambda one: abs(one[0].parameters - known.parameters))
    return round(found.real_time_factor * known.parameters / near.parameters, 2), False


def memory_mb() -> int:
    """Memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**6


def _worth(known: Known) -> tuple[int, bool]:
    """Larger is better; of two alike the one that was made for one language only."""
    return known.parameters, len(known.languages) == 1
