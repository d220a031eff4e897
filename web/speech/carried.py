"""A model that somebody carried here: in a folder, or in a zip or tar file, perhaps made to do harm.

Only the files a model consists of are read, by their name wherever they lie (the hub's own folders have them
below `snapshots/…`), and never more of one than it should have. Nothing is unpacked by path.
"""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from contextlib import AbstractContextManager, ExitStack
from itertools import islice
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, TypeVar

from web.artifacts import Errand, Fetched, FetchFailed, receive
from web.artifacts.model import N_
from web.artifacts.receive import TOO_LARGE
from web.speech.catalogue import KnownFile

MAX_MEMBERS = 10_000
MAX_ARCHIVE = 8 * 1024**3
PIECE = 64 * 1024
SENT = "sent"
DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
)

T = TypeVar("T")

MISSING = N_("%(file)s is not in what was given.")
TWICE = N_("%(file)s is there more than once; give one model only.")
OTHER = N_("%(file)s is not the file it should be (size or SHA-256 differ). Nothing was installed.")
NO_ARCHIVE = N_("This is neither a folder nor a zip or tar file that can be read, or it is damaged.")
ENCRYPTED = N_("The archive is encrypted.")
TOO_MUCH = N_("The archive holds more than %(limit)s GB.")
TOO_MANY = N_("The archive holds more than %(limit)s files.")


class Carrier:
    """Opened, it gives out the files one by one into the errand's folder. A stream is kept there first."""

    def __init__(self, place: Path | IO[bytes], errand: Errand, size: int | None = None) -> None:
        """`size`: bytes that the sender of a stream said there are."""
        self._place, self._errand, self._size = place, errand, size
        self._stack = ExitStack()
        self._folder: Path | None = None
        self._zip: zipfile.ZipFile | None = None
        self._tar: tarfile.TarFile | None = None

    def __enter__(self) -> Carrier:
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def take(self, name: str, known: KnownFile, before: int = 0, total: int | None = None) -> Fetched:
        """Copy the file called so. Raises FetchFailed where it is absent, there twice, or another one."""
        try:
            with self._source(name) as source:
                got = receive(source, name, self._errand, limit=known.size, before=before, total=total)
        except DAMAGED:
            raise FetchFailed(NO_ARCHIVE) from None
        except OSError as problem:
            raise _damage(problem) from None
        except FetchFailed as problem:
            raise FetchFailed(OTHER, file=name) if problem.text == TOO_LARGE else problem from None
        if got.size != known.size or known.sha256 not in (None, got.sha256):
            got.path.unlink()
            raise FetchFailed(OTHER, file=name)
        return got

    def _open(self) -> None:
        place = self._place
        if not isinstance(place, Path):
            place = receive(place, SENT, self._errand, limit=MAX_ARCHIVE, size=self._size).path
            self._stack.callback(place.unlink)
        if place.is_dir():
            self._folder = place
        elif zipfile.is_zipfile(place):
            self._zip = self._stack.enter_context(zipfile.ZipFile(place))
        else:
            packed = self._stack.enter_context(io.BufferedReader(_Watched(place, self._errand)))
            try:
                self._tar = self._stack.enter_context(tarfile.open(fileobj=packed))  # noqa: SIM115
            except DAMAGED:
                raise FetchFailed(NO_ARCHIVE) from None
            except OSError as problem:
                raise _damage(problem) from None

    def _source(self, name: str) -> AbstractContextManager[IO[bytes]]:
        if self._folder is not None:
            return _one(self._in_folder(name), name).open("rb")
        if self._zip is not None:
            member = _one([m for m in self._zip.infolist() if _called(m.filename) == name], name)
            if member.flag_bits & 0x1:
                raise FetchFailed(ENCRYPTED)
            return self._zip.open(member)
        assert self._tar is not None
        found = [m for m in self._members(self._tar) if m.isreg() and _called(m.name) == name]
        source = self._tar.extractfile(_one(found, name))
        assert source is not None
        return source

    def _in_folder(self, name: str) -> list[Path]:
        assert self._folder is not None
        if (here := self._folder / name).is_file():
            return [here]
        return [path for path in islice(self._folder.rglob(name), MAX_MEMBERS) if path.is_file()]

    def _members(self, archive: tarfile.TarFile) -> list[tarfile.TarInfo]:
        members, size = [], 0
        for member in archive:
            members.append(member)
            size += member.size
            if len(members) > MAX_MEMBERS:
                raise FetchFailed(TOO_MANY, limit=MAX_MEMBERS)
            if size > MAX_ARCHIVE:  # of what is said beforehand: the bytes themselves are passed over next
                raise FetchFailed(TOO_MUCH, limit=MAX_ARCHIVE // 10**9)
        return members


class _Watched(io.FileIO):
    """A packed archive that is given out in small pieces: unpacking it can be called off at each."""

    def __init__(self, place: Path, errand: Errand) -> None:
        super().__init__(place)
        self._errand = errand

    def readinto(self, buffer: Any) -> int | None:
        self._errand.check()
        return super().readinto(memoryview(buffer)[:PIECE])


def _damage(problem: OSError) -> FetchFailed | OSError:
    """bzip2 reports damaged bytes as trouble of the system, without a number."""
    return FetchFailed(NO_ARCHIVE) if problem.errno is None else problem


def _called(path: str) -> str:
    return PurePosixPath(path).name


def _one(found: list[T], name: str) -> T:
    if len(found) != 1:
        raise FetchFailed(TWICE if found else MISSING, file=name)
    return found[0]
