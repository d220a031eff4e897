"""Which library is in force, and which one each interview keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from protocols.library import Library
from protocols.model import Flow
from web.store import Database


@dataclass(frozen=True)
class Kept:
    """What an interview is led by from its beginning to its end. `lost`: its edition cannot be read, what is
    here instead is the nearest there is. `edition` is what the dialogue engine is told: None for shipped."""

    library: Library
    flow: Flow
    edition: str | None
    lost: bool = False


class Libraries:
    """One per process. `folder` holds an edition a file."""

    trouble: str
    """Why the newest edition is not in force as it should be, in a sentence; "" where it is."""

    def __init__(self, database: Database, folder: Path) -> None: ...

    @property
    def shipped(self) -> Library:
        """The library as it is installed, without anything of the agency's."""
        raise NotImplementedError

    @property
    def current_number(self) -> int:
        """The number of the edition in force; 0 for the shipped files."""
        raise NotImplementedError

    def current(self) -> Library:
        """The library in force now, for what begins now; another process's publishing is seen here."""
        raise NotImplementedError

    def of(self, digest: str | None) -> Library | None:
        """The edition with this digest, shipped for None; None where it cannot be read."""
        raise NotImplementedError

    def kept(self, edition: str | None, protocol: str, age: int) -> Kept:
        """What an interview that began with this edition and protocol goes on with."""
        raise NotImplementedError
