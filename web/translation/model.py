"""The words this package speaks in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PackageRef:
    """Which package made a translation. `sha256` is over its files (see packages.py), for the record."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Route:
    """The way from one language to another: `languages` from source to target, one package a hop."""

    languages: tuple[str, ...]
    packages: tuple[PackageRef, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """A machine translation, unverified. `warnings` are codes of check.py: reasons to ask an interpreter."""

    text: str
    route: tuple[str, ...]
    packages: tuple[PackageRef, ...]
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
