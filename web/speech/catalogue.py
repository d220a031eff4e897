"""The speech models that are known, whether they are here or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).with_name("catalogue.yml")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """Size in bytes; `sha256` is None where the first that comes is taken for the right one."""

    size: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """The model comes inside a Python package; `install` is the command that gets it."""

    module: str
    folder: str
    install: str


@dataclass(frozen=True)
class Known:
    """A model of the catalogue. `parameters` in millions, `memory_mb` about what transcribing takes."""

    name: str
    repository: str
    revision: str
    languages: tuple[str, ...]
    licence: str
    parameters: int
    memory_mb: int
    files: Mapping[str, KnownFile]
    carried: Carried | None = None

    @cached_property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())

    def url(self, base: str, file: str) -> str:
        return f"{base.rstrip('/')}/{self.repository}/resolve/{self.revision}/{file}"


@dataclass(frozen=True)
class Catalogue:
    """`hub` is the address that models come from, `hosts` all that may take part (see Fetcher)."""

    hub: str
    hosts: tuple[str, ...]
    default: str
    models: Mapping[str, Known] = field(default_factory=dict)

    @classmethod
    @cache
    def load(cls, file: Path = SHIPPED) -> Catalogue:
        """Read a catalogue file. Raises ValueError naming the model that cannot be read."""
        found = yaml.safe_load(file.read_text(encoding="utf-8"))
        groups = {name: tuple(codes.split()) for name, codes in found["languages"].items()}
        models = {}
        for name, entry in found["models"].items():
            try:
                models[name] = _known(name, entry, groups)
            except (KeyError, TypeError) as error:
                raise ValueError(f"{file.name}, model {name}: {error}") from None
        return cls(found["hub"], tuple(found["hosts"]), found["default"], models)


def _known(name: str, entry: dict[str, Any], groups: dict[str, tuple[str, ...]]) -> Known:
    files = {file: KnownFile(**about) for file, about in entry["files"].items()}
    carried = Carried(**entry["carried"]) if "carried" in entry else None
    about = {**entry, "languages": groups[entry["languages"]], "files": files, "carried": carried}
    return Known(name=name, **about)
