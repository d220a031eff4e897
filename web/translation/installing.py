"""Puts translation packages in place and takes them away, without trusting what is in them.

Only the parts of a package that are used are unpacked; the bundled sentence splitters (pickled code among
them) are left in the archive. Packages that somebody removed are remembered, so that a start of the console
does not bring back those it carries.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from web.artifacts.state import read_json, write_json
from web.translation.archive import BadPackage, unpack
from web.translation.packages import (
    MANIFEST,
    Installed,
    complete,
    hashes,
    installed,
    read,
    read_metadata,
    sha256,
    verify,
)
from web.translation.trial import try_out

REMOVED = "removed.json"
LEAVINGS = (".staging-", ".removed-")
LEFT_S = 3600


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a package came from. `kind`: shipped (with Tellmore), file (carried by hand) or index;
    `where`: the address, for an index."""

    kind: str = "file"
    where: str = ""


def install(
    file: Path,
    packages_dir: Path,
    origin: Origin | None = None,
    *,
    pair: tuple[str, str] | None = None,
    digest: str | None = None,
    trial: bool = True,
) -> Installed:
    """Check an .argosmodel file, unpack it aside, try it out, and put it in place in one step.

    Replaces other versions of the same pair. `pair`: the languages it was said to be for; `digest`: the
    SHA-256 it should have. Without `trial` it is not loaded first, which only a file of our own deserves.
    Raises BadPackage, and then nothing has changed.
    """
    staging = packages_dir / f".staging-{secrets.token_hex(8)}"
    fresh = staging / "fresh" / "package"
    try:
        packages_dir.mkdir(parents=True, exist_ok=True)
        _sweep(packages_dir)
        fresh.parent.mkdir(mode=0o700, parents=True)
        found = sha256(file)
        if digest not in (None, found):
            raise BadPackage(f"is not the file it should be (its SHA-256 begins {found[:12]})", file.name)
        _unpacked(file, fresh, pair)
        _write_manifest(fresh, found, origin or Origin())
        staged = read(fresh)
        assert staged is not None
        if trial:
            try_out(staged, file.name)
        return _put(staged, packages_dir)
    except OSError as error:
        raise BadPackage(f"cannot be put in place ({error.strerror})", file.name) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def remove(package: Installed) -> None:
    """Take an installed package away; from the first step on nobody sees it any more."""
    packages_dir = package.folder.parent
    with _alone(packages_dir):
        _discard(package.folder)
        _write_removed(packages_dir, removed(packages_dir) | {package.ref.name})


def removed(packages_dir: Path) -> set[str]:
    """Names of packages that somebody removed and nobody installed again."""
    names = read_json(packages_dir / REMOVED).get("names", [])
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()


def find(packages_dir: Path, name: str) -> Installed | None:
    """The installed package called `name`, such as translate-uk_en."""
    return next((package for package in installed(packages_dir) if package.ref.name == name), None)


def _unpacked(file: Path, target: Path, pair: tuple[str, str] | None) -> None:
    folder = unpack(file, target.parent)
    os.rename(folder, target)
    metadata = read_metadata(target)
    if metadata is None or not complete(target):
        raise BadPackage(
            "this is not a translation package (metadata, model or tokenizer missing or wrong)", file.name
        )
    found = (metadata["from_code"], metadata["to_code"])
    if pair is not None and found != pair:
        raise BadPackage(
            f"it says it translates from {found[0]} to {found[1]}, and {pair[0]} to {pair[1]} was expected",
            file.name,
        )


def _write_manifest(folder: Path, archive: str, origin: Origin) -> None:
    manifest = {
        "archive_sha256": archive,
        "origin": asdict(origin) | {"at": datetime.now(UTC).isoformat(timespec="seconds")},
        "files": dict(hashes(folder)),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _put(staged: Installed, packages_dir: Path) -> Installed:
    """The step that counts: one rename. Others of the same pair go, and the removal of it is forgotten."""
    home = packages_dir / f"{staged.ref.name}-{_plain(staged.ref.version)}-{staged.ref.sha256[:12]}"
    with _alone(packages_dir):
        if home.exists() and not _whole(home):
            _discard(home)
        if not home.exists():
            os.rename(staged.folder, home)
        for folder in packages_dir.iterdir():
            other = read(folder)
            if other and folder != home and other.pair == staged.pair:
                _discard(folder)
        if staged.ref.name in (names := removed(packages_dir)):
            _write_removed(packages_dir, names - {staged.ref.name})
        placed = read(home)
    assert placed is not None
    return placed


def _whole(folder: Path) -> bool:
    """Whether what lies there already is what is being installed."""
    package = read(folder)
    if package is None:
        return False
    try:
        verify(package)
    except BadPackage:
        return False
    return True


def _plain(version: str) -> str:
    return "".join(c if c.isalnum() or c == "." else "_" for c in version)[:20]


def _discard(folder: Path) -> None:
    away = folder.with_name(f".removed-{secrets.token_hex(8)}")
    os.rename(folder, away)
    shutil.rmtree(away, ignore_errors=True)


def _write_removed(packages_dir: Path, names: set[str]) -> None:
    write_json(packages_dir / REMOVED, {"names": sorted(names)})


def _sweep(packages_dir: Path) -> None:
    """Clear away what an installation or removal that was killed has left."""
    for left in packages_dir.iterdir():
        with suppress(OSError):
            if left.name.startswith(LEAVINGS) and time.time() - left.stat().st_mtime > LEFT_S:
                shutil.rmtree(left)


@contextmanager
def _alone(packages_dir: Path) -> Iterator[None]:
    """One process or thread at a time puts packages in place here: two versions of one pair, installed at the
    same moment, would each take the other away."""
    handle = os.open(packages_dir, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
