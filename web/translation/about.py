"""What can be said of an installed package: where it is from, by whom made, under which licence, how good."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from web.translation.archive import BadPackage
from web.translation.installing import Origin
from web.translation.packages import Installed, installed, read_manifest, read_metadata
from web.translation.quality import DECIDING, Score
from web.translation.stock import Shipped, shipped

LONGEST_README = 20_000  # characters
LICENCES = ("license", "licence", "copying")


@dataclass(frozen=True, slots=True)
class About:
    """`at`: when it was installed, ISO 8601, empty when unknown; `meaning`: a code of quality.MEANINGS."""

    package: Installed
    origin: Origin
    at: str
    archive_sha256: str
    licence: str
    attribution: str
    trained_on: str
    meaning: str
    quality: dict[str, Score] = field(default_factory=dict)

    @property
    def spoken(self) -> dict[str, Score]:
        """The scores on what is said in a talk."""
        return {name: self.quality[name] for name in DECIDING if name in self.quality}

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        package = self.package
        return {
            "name": package.ref.name,
            "version": package.ref.version,
            "from": package.source,
            "to": package.target,
            "bytes": package.bytes,
            "sha256": package.ref.sha256,
            "archive_sha256": self.archive_sha256,
            "origin": self.origin.kind,
            "where": self.origin.where,
            "installed_at": self.at,
            "licence": self.licence,
            "meaning": self.meaning,
            "chrf": {name: score.chrf for name, score in self.quality.items()},
        }


def about(package: Installed, carried: list[Shipped]) -> About:
    """`carried` is stock.shipped(): what was measured is known of the very archives that are carried."""
    manifest = read_manifest(package.folder) or {}
    origin = manifest.get("origin", {})
    archive = str(manifest.get("archive_sha256", ""))
    ours = next((one for one in carried if one.sha256 == archive), None)
    return About(
        package=package,
        origin=Origin(str(origin.get("kind", "elsewhere")), str(origin.get("where", ""))),
        at=str(origin.get("at", "")),
        archive_sha256=archive,
        licence=ours.licence if ours else _licence(package),
        attribution=ours.attribution if ours else _readme(package.folder),
        trained_on=ours.trained_on if ours else "",
        meaning=ours.meaning if ours else "weak" if _says_weak(package) else "unmeasured",
        quality=ours.quality if ours else {},
    )


def known(packages_dir: Path) -> dict[str, About]:
    """What is installed, by the SHA-256 that stands on record with each translation."""
    try:
        carried = shipped()
    except BadPackage:  # the packages page says what is wrong with the list
        carried = []
    return {package.ref.sha256: about(package, carried) for package in installed(packages_dir)}


def _says_weak(package: Installed) -> bool:
    return (read_metadata(package.folder) or {}).get("weak") is True


def _licence(package: Installed) -> str:
    """What its description says, else the first line of its licence file."""
    metadata = read_metadata(package.folder) or {}
    said = metadata.get("licence") or metadata.get("license")
    if isinstance(said, str):
        return said[:200]
    for file in sorted(package.folder.iterdir()):
        if file.name.lower().startswith(LICENCES):
            return _text(file)[:4000].strip().split("\n")[0][:200]
    return ""


def _readme(folder: Path) -> str:
    file = next((file for file in sorted(folder.iterdir()) if file.name.lower().startswith("readme")), None)
    return _text(file)[:LONGEST_README].strip() if file else ""


def _text(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(LONGEST_README).replace("\0", "")
    except OSError:
        return ""
