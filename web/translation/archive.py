"""Unpacks an .argosmodel archive (a zip) that may have been made to do harm."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from web.artifacts.model import FetchFailed
from web.artifacts.room import check_room

MIB = 1024 * 1024
MAX_FILES = 5_000
MAX_BYTES = 2048 * MIB
MAX_RATIO = 200  # trained weights barely compress; a thousandfold is a bomb
FILES = {"metadata.json", "sentencepiece.model", "bpe.model"}
TEXTS = ("readme", "license", "licence", "copying", "notice", "attribution")


class BadPackage(ValueError):
    """A package that cannot or must not be used. `what` is the reason, `where` its file or folder."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{where}: {what}")
        self.what = what
        self.where = where


def unpack(file: Path, target: Path, max_bytes: int = MAX_BYTES) -> Path:
    """Write the used parts of the archive below `target` and return the folder made there.

    Raises BadPackage for anything that is no zip with one top folder: paths that lead elsewhere, links,
    encryption, doubled names, bombs, damage; and where so much would leave too little room for recordings.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = _members(archive, file.name)
            top = _top(members, file.name)
            _limits(members, file.name, max_bytes)
            check_room(target, sum(member.file_size for member in members if _used(member)))
            left = max_bytes
            for member in members:
                if not member.is_dir() and _used(member):
                    left = _write(archive, member, target, left, file.name)
    except FetchFailed as problem:  # no room
        raise BadPackage(str(problem), file.name) from None
    except OSError as error:
        raise BadPackage(f"cannot be read or unpacked ({error.strerror})", file.name) from None
    except (EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        raise BadPackage("this is not a complete zip archive, or it is damaged", file.name) from None
    folder = target / top
    if not folder.is_dir():
        raise BadPackage("the archive holds no translation package", file.name)
    return folder


def _members(archive: zipfile.ZipFile, where: str) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_FILES:
        raise BadPackage(f"{len(members)} files in the archive; at most {MAX_FILES} are taken", where)
    seen: set[str] = set()
    for member in members:
        # orig_filename: what the archive says, before the library cleans it up
        name = member.orig_filename
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or any(c in name for c in "\\:\0"):
            raise BadPackage("a path in the archive leads out of its folder", where)
        mode = member.external_attr >> 16
        if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
            raise BadPackage("the archive holds a link or a device", where)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadPackage("the archive is packed in a way that is not taken", where)
        if member.flag_bits & 0x1:
            raise BadPackage("the archive is encrypted", where)
        if name.casefold() in seen:
            raise BadPackage("a path is in the archive twice", where)
        seen.add(name.casefold())
    return members


def _top(members: list[zipfile.ZipInfo], where: str) -> str:
    tops = {PurePosixPath(member.filename).parts[0] for member in members}
    loose = [m for m in members if not m.is_dir() and len(PurePosixPath(m.filename).parts) == 1]
    if len(tops) != 1 or loose:
        raise BadPackage("the archive must hold exactly one folder", where)
    return tops.pop()


def _limits(members: list[zipfile.ZipInfo], where: str, max_bytes: int) -> None:
    total = sum(member.file_size for member in members)
    if total > max_bytes:
        raise BadPackage(
            f"unpacked it would take {total // MIB} MB; at most {max_bytes // MIB} are taken", where
        )
    for member in members:
        if member.file_size > MIB and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise BadPackage("a file in the archive unpacks to a suspicious size", where)


def _used(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(*PurePosixPath(member.filename).parts[1:])
    if path.parts[:1] == ("model",):
        return True
    return len(path.parts) == 1 and (path.name in FILES or path.name.lower().startswith(TEXTS))


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, left: int, where: str) -> int:
    """Copy one file, counting what really comes out. Returns how many bytes may still be written."""
    path = target / member.filename
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, path.open("xb") as sink:
        while block := source.read(MIB):
            left -= len(block)
            if left < 0:
                raise BadPackage("the archive unpacks to more than it says", where)
            sink.write(block)
    return left
