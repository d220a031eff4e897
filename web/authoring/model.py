"""What authors work with: drafts, editions and the differences between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from protocols.library import Library
from protocols.validate import Problem

Changes = Mapping[str, str | None]
"""Path of an own file -> its new text, or None to remove it."""


@dataclass(frozen=True)
class Draft:
    """Changes that are not in force. `base`: the number of the edition they lie over, 0 for the shipped files
    alone; `version` is asked for again with every writing; `author` by name."""

    id: str
    title: str
    author: str
    base: int
    changes: Changes
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class EditionLine:
    """One edition in the history. `author` by name, "" when it was made at the terminal or after an update;
    `in_force` holds for one of them at most: for none while the newest cannot be read."""

    number: int
    digest: str
    author: str
    note: str
    created_at: datetime
    in_force: bool


class Kind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class FileChange:
    """What became of one file. `lines`: mark and text; "+" new, "-" gone, " " around it, "@" a gap before."""

    path: str
    kind: Kind
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Checked:
    """What a draft would be. `library` is None where it cannot be loaded at all; `coded` tells whether new
    words were held against what their cards say, which needs the language models."""

    problems: tuple[Problem, ...]
    library: Library | None
    coded: bool
