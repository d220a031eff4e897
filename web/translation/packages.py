"""Translation packages on disk: which are installed, and whether they are as they were.

A package's identity is the SHA-256 over the lines "<sha256>  <path>" of its files in order of path, so
that it can be checked with `sha256sum` on any machine.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from web.translation.archive import BadPackage
from web.translation.languages import normal
from web.translation.model import PackageRef

MANIFEST = "tellmore.json"
CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
MAX_METADATA = 1024 * 1024
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Installed:
    """A package in its folder. `bytes` is its size on disk."""

    folder: Path
    source: str
    target: str
    ref: PackageRef
    bytes: int

    @property
    def pair(self) -> tuple[str, str]:
        """Its languages, however the package writes them: pt-BR and pb are one."""
        return normal(self.source), normal(self.target)


def installed(packages_dir: Path) -> list[Installed]:
    """All usable packages, the newest of each pair, by name. Whatever else lies there is passed over."""
    if not packages_dir.is_dir():
        return []
    newest: dict[tuple[str, str], Installed] = {}
    for folder in sorted(packages_dir.iterdir()):
        found = read(folder)
        if found is None:
            continue
        pair = found.pair
        if pair not in newest or _newer(found, newest[pair]):
            newest[pair] = found
    return sorted(newest.values(), key=lambda package: package.ref.name)


def _newer(one: Installed, other: Installed) -> bool:
    return (version_order(one.ref.version), one.folder.name) > (
        version_order(other.ref.version),
        other.folder.name,
    )


def fingerprint(packages_dir: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a package is installed, changed or removed; costs a few file look-ups."""
    found = []
    for folder in sorted(packages_dir.iterdir()) if packages_dir.is_dir() else ():
        for file in (folder / "metadata.json", folder / MANIFEST, folder / "model" / "model.bin"):
            with suppress(OSError):  # not there, or removed at this moment
                about = file.stat()
                found.append((str(file), about.st_mtime_ns, about.st_size))
    return tuple(found)


def verify(package: Installed) -> None:
    """Compare the files with the manifest written at installation. Raises BadPackage where one differs."""
    manifest = read_manifest(package.folder)
    try:
        changed = manifest is not None and manifest["files"] != dict(hashes(package.folder))
    except OSError as error:
        raise BadPackage(f"cannot be read ({error.strerror})", package.folder.name) from None
    if changed:
        raise BadPackage(
            "its files were changed since it was installed; install it again", package.folder.name
        )


def read(folder: Path) -> Installed | None:
    """The package in this folder; None where there is no whole one, or it is being taken away."""
    if folder.name.startswith(".") or folder.is_symlink() or not folder.is_dir():
        return None
    metadata = read_metadata(folder)
    if metadata is None or not complete(folder):
        return None
    manifest = read_manifest(folder)
    try:
        sizes = [(file, file.stat()) for file in _walk(folder)]
        print_ = tuple((str(file), about.st_mtime_ns, about.st_size) for file, about in sizes)
        identity = _hashed(folder, print_) if manifest is None else identity_of(manifest["files"])
    except OSError:
        return None
    ref = PackageRef(package_name(metadata), metadata["package_version"], identity)
    return Installed(
        folder, metadata["from_code"], metadata["to_code"], ref, sum(about.st_size for _, about in sizes)
    )


def read_metadata(folder: Path) -> dict[str, Any] | None:
    """The package's description, None where it is absent or not one of a translation package."""
    file = folder / "metadata.json"
    try:
        if file.stat().st_size > MAX_METADATA:
            return None
        metadata = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(metadata, dict) or metadata.get("type", "translate") != "translate":
        return None
    codes = (metadata.get("from_code"), metadata.get("to_code"))
    if not all(isinstance(code, str) and CODE.fullmatch(code) for code in codes):
        return None
    if codes[0] == codes[1] or not isinstance(metadata.get("target_prefix", ""), str):
        return None
    metadata["package_version"] = str(metadata.get("package_version", "0"))
    return metadata if VERSION.fullmatch(metadata["package_version"]) else None


def complete(folder: Path) -> bool:
    tokenizer = any((folder / name).is_file() for name in ("sentencepiece.model", "bpe.model"))
    return tokenizer and (folder / "model" / "model.bin").is_file()


def package_name(metadata: dict[str, Any]) -> str:
    return f"translate-{metadata['from_code']}_{metadata['to_code']}"


def version_order(version: str) -> list[int]:
    """What to compare versions by: 1.10 is newer than 1.9."""
    return [int(part) for part in re.findall(r"\d+", version)[:6]]


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """What was written down at installation (see installing.py): `files`, `archive_sha256`, `origin`. None
    where something else put the package here."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(files, dict) or not all(isinstance(digest, str) for digest in files.values()):
        return None
    if not isinstance(manifest.get("origin", {}), dict):
        return None
    return dict(manifest)


def _walk(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file() and file != folder / MANIFEST)


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    return ((file.relative_to(folder).as_posix(), sha256(file)) for file in _walk(folder))


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def identity_of(files: dict[str, str]) -> str:
    lines = "".join(f"{files[path]}  {path}\n" for path in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


@lru_cache(maxsize=64)
def _hashed(folder: Path, _unchanged: tuple[tuple[str, int, int], ...]) -> str:
    """The identity of a package that something else put here; worked out again only when a file changes."""
    return identity_of(dict(hashes(folder)))
