"""Editions: the shipped files and an agency's own, together a library that never changes again.

An edition is kept as one file named by its digest, so that an interview can keep the one it began with, and
so that a file somebody changed is not taken for the one it was.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import tempfile
import zlib
from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path
from threading import Lock

from protocols.errors import ProtocolError
from protocols.files import Files, digest
from protocols.library import Library, load_library

__all__ = [
    "OWN",
    "EditionBroken",
    "EditionError",
    "EditionMissing",
    "Editions",
    "Files",
    "digest",
    "fetch",
    "keep",
    "may_be_own",
    "merge",
]

OWN = re.compile(
    r"flows/own_[a-z0-9_]{1,40}/(flow|cards|fit)\.yml"
    r"|wording/own_[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\.yml"
    r"|packs/own_[a-z0-9_]{1,40}\.yml"
)
"""Paths of own files. Besides these only a shipped pack may be replaced: the rest holds guard-rails."""
MAX_FILES = 200
MAX_BYTES = 5_000_000
MAX_UNPACKED = 20_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PACK = re.compile(r"packs/[a-z][a-z0-9_]*\.yml")


class EditionError(Exception):
    """An edition that cannot be had. The message names it and says why."""


class EditionMissing(EditionError):
    """There is no file of this edition."""


class EditionBroken(EditionError):
    """The file of this edition is not what it was, or makes no library."""


def may_be_own(name: str, shipped: Files) -> bool:
    """Whether an agency may have a file of this path."""
    return bool(OWN.fullmatch(name)) or (bool(_PACK.fullmatch(name)) and name in shipped)


def merge(shipped: Files, own: Files) -> dict[str, bytes]:
    """The files of an edition. ProtocolError names a path that may not be own, or what is too much."""
    for name in sorted(own):
        if not may_be_own(name, shipped):
            raise ProtocolError(
                name,
                0,
                "this cannot be a file of your own",
                "Write flows/own_NAME/flow.yml, cards.yml or fit.yml, wording/own_LANGUAGE.yml, "
                "packs/own_NAME.yml, or the name of a shipped pack",
            )
    if len(own) > MAX_FILES:
        raise ProtocolError(max(own), 0, f"there are more than {MAX_FILES} own files", "Remove some")
    if sum(map(len, own.values())) > MAX_BYTES:
        largest = max(own, key=lambda name: len(own[name]))
        raise ProtocolError(
            largest, 0, f"all own files together are larger than {MAX_BYTES} bytes", "Shorten or remove some"
        )
    return {**shipped, **own}


def keep(folder: Path, files: Files) -> str:
    """Put an edition into `folder` and give its digest. ProtocolError for a file that is not text."""
    name = digest(files)
    try:
        fetch(folder, name)
    except EditionError:
        _write(folder, name, _pack(files))
    return name


def _pack(files: Files) -> bytes:
    texts = {}
    for name in sorted(files):
        try:
            texts[name] = files[name].decode("utf-8")
        except UnicodeDecodeError as error:
            raise ProtocolError(name, 0, "this is not UTF-8 text", "Save the file as UTF-8") from error
    return gzip.compress(json.dumps(texts, ensure_ascii=False).encode(), mtime=0)


def _write(folder: Path, name: str, raw: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle, path = tempfile.mkstemp(dir=folder, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path, _path(folder, name))
        _settle(folder)
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


def _settle(folder: Path) -> None:
    """The new name is there after a power cut, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.json.gz"


def fetch(folder: Path, name: str) -> dict[str, bytes]:
    """The files of the edition with the digest `name`. Raises EditionMissing and EditionBroken."""
    if not _DIGEST.fullmatch(name):
        raise EditionMissing("an edition is named by 64 small hexadecimal digits")
    try:
        with gzip.open(_path(folder, name)) as file:
            raw = file.read(MAX_UNPACKED + 1)
    except FileNotFoundError as error:
        raise EditionMissing(f"there is no edition {name}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise EditionBroken(f"the edition {name} cannot be read") from error
    if len(raw) > MAX_UNPACKED:
        raise EditionBroken(f"the edition {name} holds more than {MAX_UNPACKED} bytes")
    files = _texts(raw)
    if files is None or digest(files) != name:
        raise EditionBroken(f"the edition {name} is not what it was when it was published")
    return files


def _texts(raw: bytes) -> dict[str, bytes] | None:
    try:
        data = json.loads(raw)
        return {str(name): text.encode("utf-8") for name, text in data.items()}
    except (ValueError, AttributeError, RecursionError):
        return None


class Editions:
    """The editions of `folder`, loaded when they are asked for; the last `keep` of them stay loaded.

    May be used by several threads: each edition is loaded once, and nobody waits for another one.
    """

    def __init__(self, folder: Path, keep: int = 4) -> None:
        self._folder, self._keep = folder, keep
        self._lock = Lock()
        self._loaded: OrderedDict[str, Future[Library]] = OrderedDict()
        self._shipped: Future[Library] | None = None

    def library(self, name: str | None) -> Library:
        """The library of the edition with this digest; None: the shipped one. Raises EditionError.

        ProtocolError only where the shipped files themselves are broken.
        """
        with self._lock:
            future, mine = self._place(name)
        if mine:
            self._load(name, future)
        return future.result()

    def _place(self, name: str | None) -> tuple[Future[Library], bool]:
        known = self._shipped if name is None else self._loaded.get(name)
        future: Future[Library] = known or Future()
        if name is None:
            self._shipped = future
        else:
            self._loaded[name] = future
            self._loaded.move_to_end(name)
            while len(self._loaded) > self._keep:
                self._loaded.popitem(last=False)
        return future, known is None

    def _load(self, name: str | None, future: Future[Library]) -> None:
        try:
            future.set_result(load_library() if name is None else self._built(name))
        except BaseException as error:
            with self._lock:
                if name is None:
                    self._shipped = None
                else:
                    self._loaded.pop(name, None)
            future.set_exception(error)

    def _built(self, name: str) -> Library:
        try:
            return load_library(fetch(self._folder, name))
        except ProtocolError as error:
            raise EditionBroken(f"the edition {name} makes no library: {error}") from error
