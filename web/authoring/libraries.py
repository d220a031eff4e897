"""Which library is in force, and which one each interview keeps."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from protocols.editions import EditionBroken, EditionError, Editions, fetch, keep, merge
from protocols.errors import ProtocolError
from protocols.files import ROOT, Files, digest, read_files
from protocols.library import Library, load_library
from protocols.model import Flow
from protocols.problems import problems_of
from web.authoring import rows
from web.authoring.own_files import encoded
from web.authoring.rows import Newest
from web.config import Config
from web.store import Database

log = logging.getLogger(__name__)

KEEP = 16
"""Editions kept loaded, of about 2 MB each: more than have interviews under way at once."""
RENEWED = "Made anew with the protocols of the installed version"


@dataclass(frozen=True)
class Kept:
    """What an interview is led by from its beginning to its end. `lost`: its edition cannot be read, what is
    here instead is the nearest there is. `edition` is what the dialogue engine is told: None for shipped."""

    library: Library
    flow: Flow
    edition: str | None
    lost: bool = False


def folder_of(config: Config) -> Path:
    """Where editions lie; the dialogue engine reads them there, too."""
    return config.home / "editions"


def installed() -> Files:
    """The shipped files of this installation."""
    return read_files(ROOT)


class Libraries:
    """One per process. `folder` holds an edition a file; only `renew` and `keep` write to it.

    `shipped` is the library as it is installed, `files` what it is made of. Raises ProtocolError where that
    is broken.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder
        self.files = installed()
        self.shipped = load_library(self.files)
        self._editions = Editions(folder, KEEP)
        self._lock = Lock()
        self._now: tuple[int, Library] = (0, self.shipped)
        self._head: tuple[int, str] | None = None
        self._trouble = ""
        self._told: set[str] = set()

    @property
    def current_number(self) -> int:
        """The number of the edition in force; 0 for the shipped files."""
        self.current()
        return self._now[0]

    @property
    def trouble(self) -> str:
        """Why the newest edition is not in force as it should be, in a sentence; "" where it is."""
        self.current()
        return self._trouble

    def current(self) -> Library:
        """The library in force now, for what begins now; another process's publishing is seen here."""
        with self._database.read() as session:
            head = rows.head(session)
        if head != self._head:
            with self._lock:
                self._adopt(head)
        return self._now[1]

    def of(self, name: str | None) -> Library | None:
        """The edition with this digest, shipped for None; None where it cannot be read."""
        if name is None or name == self.shipped.edition:
            return self.shipped
        if name == self._now[1].edition:
            return self._now[1]
        try:
            return self._editions.library(name)
        except (EditionError, OSError) as error:
            self._tell(name, error)
        return self._mended(name)

    def proved(self) -> Library:
        """What new files are held against: the library in force, where it lies over the installed files."""
        library = self.current()
        return self.shipped if self._trouble else library

    def kept(self, edition: str | None, protocol: str, age: int) -> Kept:
        """What an interview that began with this edition and protocol goes on with."""
        library = self.of(edition)
        if library is not None and protocol in library.flows:
            return self._kept(library, library.flows[protocol], lost=False)
        for nearest in (self.current(), self.shipped):
            if protocol in nearest.flows:
                return self._kept(nearest, nearest.flows[protocol], lost=True)
        flows = sorted(self.shipped.flows.values(), key=lambda flow: flow.kind != "interview")
        fitting = [flow for flow in flows if flow.ages[0] <= age <= flow.ages[1]]
        return self._kept(self.shipped, [*fitting, *flows][0], lost=True)

    def keep(self, files: Files) -> str:
        """Put the files of an edition into the folder; its digest comes back."""
        return keep(self._folder, files)

    def renew(self) -> int | None:
        """At a start: keep the installed files for the interviews that begin with them, and make the newest
        edition anew where it was made with others. The new number, if one was made.

        What does not fit stays as it is, and `trouble` says so.
        """
        self.keep(self.files)
        with self._database.read() as session:
            last = rows.newest(session)
        if last is None or last.shipped == self.shipped.edition or self._misfit(last):
            return None
        name = self.keep(merge(self.files, encoded(last.own)))
        with self._database.write() as session:
            return rows.add(session, last.number, name, self.shipped.edition, last.own, RENEWED, None)

    def _kept(self, library: Library, flow: Flow, *, lost: bool) -> Kept:
        return Kept(library, flow, None if library is self.shipped else library.edition, lost)

    def _adopt(self, head: tuple[int, str] | None) -> None:
        if head is None:
            self._now, self._trouble, self._head = (0, self.shipped), "", None
            return
        library = self.of(head[1])
        self._now = (0, self.shipped) if library is None else (head[0], library)
        self._trouble = self._why(head, library)
        self._head = head if library is not None else None  # what cannot be read is tried again

    def _why(self, head: tuple[int, str], library: Library | None) -> str:
        if library is None:
            return (
                f"Edition {head[0]} cannot be read; the shipped protocols are in force. Restore the folder "
                f"{self._folder} from a backup, or publish again"
            )
        with self._database.read() as session:
            last = rows.by_digest(session, head[1])
        if last is None or last.shipped == self.shipped.edition:
            return ""
        reason = self._misfit(last) or "start Tellmore again to make it anew"
        return f"Edition {head[0]} was made with the protocols of another version: {reason}"

    def _misfit(self, last: Newest) -> str:
        """The first reason why these own files do not go with the installed ones; "" where they do."""
        try:
            problems = problems_of(merge(self.files, encoded(last.own)), self.shipped, None)
        except ProtocolError as error:
            return str(error)
        if not problems:
            return ""
        one = problems[0]
        return f"{one.file or one.flow}, {one.where}: {one.what}"

    def _mended(self, name: str) -> Library | None:
        """Its file made again from the record, where the shipped files in it are still to be had."""
        with self._database.read() as session:
            row = rows.by_digest(session, name)
        if row is None:
            return None
        try:
            mine = row.shipped == self.shipped.edition
            files = merge(self.files if mine else fetch(self._folder, row.shipped), encoded(row.own))
            if digest(files) != name:
                raise EditionBroken("the record holds other files")
            self.keep(files)
            return self._editions.library(name)
        except (EditionError, ProtocolError, OSError) as error:
            self._tell(f"{name}, made again", error)
            return None

    def _tell(self, name: str, error: Exception) -> None:
        """Once: every turn of its interviews asks for it."""
        if name not in self._told:
            self._told.add(name)
            log.error("edition %s: %s", name, type(error).__name__)
