"""Translation packages on disk: what is installed, and installing one from a file without trusting it.

A package's identity is the SHA-256 over the lines "<sha256>  <path>" of its files in order of path, so
that it can be checked with `sha256sum` on any machine. Only the parts of a package that are used are
unpacked; the bundled sentence splitters (pickled code among them) are left in the archive.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from web.translation.archive import BadPackage, unpack
from web.translation.model import PackageRef

MANIFEST = "tellmore.json"
CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
MAX_METADATA = 1024 * 1024
LEFT_S = 3600


@dataclass(frozen=True, slots=True)
class Installed:
    """A package in its folder. `bytes` is its size on disk."""

    folder: Path
    source: str
    target: str
    ref: PackageRef
    bytes: int


def installed(packages_dir: Path) -> list[Installed]:
    """All usable packages, the newest of each pair, by name. Whatever else lies there is passed over."""
    if not packages_dir.is_dir():
        return []
    newest: dict[tuple[str, str], Installed] = {}
    for folder in sorted(packages_dir.iterdir()):
        found = _read(folder)
        if found is None:
            continue
        pair = (found.source, found.target)
        if pair not in newest or _order(found) > _order(newest[pair]):
            newest[pair] = found
    return sorted(newest.values(), key=lambda package: package.ref.name)


def fingerprint(packages_dir: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes whenever a package is installed, changed or removed; costs a few file look-ups."""
    return tuple(
        (str(file), file.stat().st_mtime_ns, file.stat().st_size)
        for folder in (sorted(packages_dir.iterdir()) if packages_dir.is_dir() else ())
        for file in (folder / "metadata.json", folder / MANIFEST, folder / "model" / "model.bin")
        if file.is_file()
    )


def install(file: Path, packages_dir: Path) -> Installed:
    """Check an .argosmodel file, unpack it aside, and put it in place in one step.

    Replaces other versions of the same pair. Raises BadPackage, and then nothing has changed.
    """
    packages_dir.mkdir(parents=True, exist_ok=True)
    _sweep(packages_dir)
    staging = packages_dir / f".staging-{secrets.token_hex(8)}"
    staging.mkdir(mode=0o700)
    try:
        folder = unpack(file, staging)
        metadata = _metadata(folder)
        if metadata is None or not _complete(folder):
            raise BadPackage(
                "this is not a translation package (metadata, model or tokenizer missing)", file.name
            )
        files = dict(_files(folder))
        manifest = {"archive_sha256": _sha256(file), "files": files}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        identity = _identity(files)
        home = packages_dir / f"{_name(metadata)}-{_safe(metadata['package_version'])}-{identity[:12]}"
        if not home.exists():
            os.rename(folder, home)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    fresh = _read(home)
    assert fresh is not None
    for folder in packages_dir.iterdir():
        other = _read(folder)
        if other and folder != home and (other.source, other.target) == (fresh.source, fresh.target):
            _discard(folder)
    return fresh


def remove(package: Installed) -> None:
    """Take an installed package away; from the first step on nobody sees it any more."""
    _discard(package.folder)


def verify(package: Installed) -> None:
    """Compare the files with the manifest written at installation. Raises BadPackage where one differs."""
    manifest = _manifest(package.folder)
    if manifest is not None and manifest != dict(_files(package.folder)):
        raise BadPackage(
            "its files were changed since it was installed; install it again", package.folder.name
        )


def _discard(folder: Path) -> None:
    away = folder.with_name(f".removed-{secrets.token_hex(8)}")
    os.rename(folder, away)
    shutil.rmtree(away, ignore_errors=True)


def _sweep(packages_dir: Path) -> None:
    """Clear away what an installation or removal that was killed has left."""
    for folder in packages_dir.iterdir():
        if (
            folder.name.startswith((".staging-", ".removed-"))
            and time.time() - folder.stat().st_mtime > LEFT_S
        ):
            shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path) -> Installed | None:
    if folder.name.startswith(".") or folder.is_symlink() or not folder.is_dir():
        return None
    metadata = _metadata(folder)
    if metadata is None or not _complete(folder):
        return None
    sizes = [(file, file.stat()) for file in _walk(folder)]
    print_ = tuple((str(file), about.st_mtime_ns, about.st_size) for file, about in sizes)
    files = _manifest(folder)
    identity = _identity(files) if files is not None else _hashed(folder, print_)
    ref = PackageRef(_name(metadata), str(metadata["package_version"]), identity)
    return Installed(
        folder, metadata["from_code"], metadata["to_code"], ref, sum(about.st_size for _, about in sizes)
    )


def _metadata(folder: Path) -> dict[str, Any] | None:
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
    if not isinstance(metadata.get("target_prefix", ""), str):
        return None
    metadata.setdefault("package_version", "0")
    return metadata


def _complete(folder: Path) -> bool:
    tokenizer = any((folder / name).is_file() for name in ("sentencepiece.model", "bpe.model"))
    return tokenizer and (folder / "model" / "model.bin").is_file()


def _name(metadata: dict[str, Any]) -> str:
    return f"translate-{metadata['from_code']}_{metadata['to_code']}"


def _safe(version: object) -> str:
    return re.sub(r"[^0-9A-Za-z.]", "_", str(version))[:20]


def _order(package: Installed) -> tuple[list[int], str]:
    return [int(part) for part in re.findall(r"\d+", package.ref.version)[:6]], package.folder.name


def _manifest(folder: Path) -> dict[str, str] | None:
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return files if isinstance(files, dict) else None


def _walk(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != MANIFEST)


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    return ((file.relative_to(folder).as_posix(), _sha256(file)) for file in _walk(folder))


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _identity(files: dict[str, str]) -> str:
    lines = "".join(f"{files[path]}  {path}\n" for path in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


@lru_cache(maxsize=64)
def _hashed(folder: Path, _unchanged: tuple[tuple[str, int, int], ...]) -> str:
    """The identity of a package that something else put here; worked out again only when a file changes."""
    return _identity(dict(_files(folder)))
