"""The packages that Tellmore carries, and how they get into place on a fresh machine.

`shipped/shipped.json` lists them: file, sha256, bytes, from, to, version, trained_on, licence, attribution,
weak (use something better), and quality: for each held-out set chrf, bleu and n. web/translation/training
makes both.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web.translation.archive import BadPackage
from web.translation.installing import Origin, install, removed
from web.translation.packages import Installed, installed, read_manifest, version_order
from web.translation.quality import Score, scores, verdict

FOLDER = Path(__file__).parent / "shipped"
LIST = "shipped.json"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One package that is carried. `path` is its archive; `bytes` its size."""

    path: Path
    sha256: str
    bytes: int
    source: str
    target: str
    version: str
    trained_on: str
    licence: str
    attribution: str
    weak: bool
    quality: dict[str, Score]

    @property
    def name(self) -> str:
        return f"translate-{self.source}_{self.target}"

    @property
    def meaning(self) -> str:
        """What the figures mean: a code of quality.MEANINGS."""
        return verdict(self.quality, self.weak)


def shipped(folder: Path | None = None) -> list[Shipped]:
    """What is carried, by name; nothing where no list is. Raises BadPackage for a list that is no good."""
    folder = folder or FOLDER
    file = folder / LIST
    if not file.is_file():
        return []
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        return sorted((_entry(one, folder) for one in entries), key=lambda one: one.name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadPackage(f"this list cannot be used ({type(error).__name__}: {error})", LIST) from None


def _entry(one: dict[str, Any], folder: Path) -> Shipped:
    return Shipped(
        path=folder / Path(one["file"]).name,
        sha256=one["sha256"],
        bytes=int(one["bytes"]),
        source=one["from"],
        target=one["to"],
        version=str(one["version"]),
        trained_on=_text(one["trained_on"]),
        licence=_text(one["licence"]),
        attribution=_text(one["attribution"]),
        weak=bool(one["weak"]),
        quality=scores(one["quality"]),
    )


def _text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def install_shipped(package: Shipped, packages_dir: Path) -> Installed:
    """Put one in place, whatever is there. Raises BadPackage."""
    pair, digest = (package.source, package.target), package.sha256
    return install(package.path, packages_dir, Origin("shipped"), pair=pair, digest=digest, trial=False)


def bring_in(packages_dir: Path, say: Callable[[str], Any], folder: Path | None = None) -> None:
    """Install what is carried, but never over a newer package or one from elsewhere, and none that somebody
    removed. One that cannot be installed is told of and left out."""
    try:
        wanted = [one for one in shipped(folder) if _wanted(one, packages_dir)]
    except BadPackage as problem:
        say(str(problem))
        return
    if wanted:
        say(
            f"Installing translation packages: {', '.join(f'{one.source} to {one.target}' for one in wanted)}"
        )
    for one in wanted:
        try:
            install_shipped(one, packages_dir)
        except BadPackage as problem:
            say(str(problem))


def _wanted(one: Shipped, packages_dir: Path) -> bool:
    if one.name in removed(packages_dir):
        return False
    there = next(
        (p for p in installed(packages_dir) if (p.source, p.target) == (one.source, one.target)), None
    )
    if there is None:
        return True
    manifest = read_manifest(there.folder) or {}
    ours = manifest.get("origin", {}).get("kind") == "shipped"
    other = manifest.get("archive_sha256") != one.sha256
    return ours and other and version_order(one.version) >= version_order(there.ref.version)
