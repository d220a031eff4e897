"""The words this package speaks in. Sizes in bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def N_(text: str) -> str:  # noqa: N802 - the mark that gettext's tools look for
    """Marks a sentence for translation where no page is being written yet."""
    return text


class State(StrEnum):
    ABSENT = "absent"
    DOWNLOADING = "downloading"
    VERIFYING = "verifying"
    READY = "ready"
    FAILED = "failed"


class FetchFailed(RuntimeError):
    """Why something could not be had. `text` is the sentence with gaps, `values` fills them: a page
    translates the first and then fills in the second."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text % values)
        self.text = text
        self.values = values


class Cancelled(Exception):
    """A person called it off."""


class Busy(RuntimeError):
    """Somebody is already at it, in this process or another."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file. `name` is what it is called here. Where the SHA-256 or the size is not known beforehand,
    they are what came: see Fetched. Never more than `limit` bytes are taken."""

    name: str
    url: str
    sha256: str | None = None
    size: int | None = None
    limit: int = 8 * 1024**3

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be the name of a file here")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that came whole and is what it should be."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Status:
    """How far an errand is. `done` of `total` bytes; `total` is None where nobody knows. `reason` with
    `values` says why it failed (see FetchFailed); `interrupted`: it can go on where it stopped."""

    state: State = State.ABSENT
    done: int = 0
    total: int | None = None
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def why(self) -> str:
        """The reason in English."""
        return self.reason % self.values if self.reason else ""

    @property
    def running(self) -> bool:
        return self.state in {State.DOWNLOADING, State.VERIFYING}
