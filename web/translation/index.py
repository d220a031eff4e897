"""Lists of packages to be had, in the form of the Argos package index, as a web page or a file gives them.

A list is a JSON array of descriptions: from_code, to_code, package_version, links; ours may add sha256. A
link without a scheme lies beside the list itself, so that a folder with packages and a list is a mirror.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

from web.translation.archive import BadPackage
from web.translation.packages import CODE, VERSION, version_order

OFFICIAL = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"
MAX_BYTES = 5 * 1024 * 1024
MAX_ENTRIES = 5_000
DIGEST = re.compile(r"[0-9a-f]{64}")
CHECKSUM = re.compile(r"([0-9a-fA-F]{64}) [ *](\S.*)")


@dataclass(frozen=True, slots=True)
class Offer:
    """One package to be had. `link` is an http(s) address or, for a list in a file, a path beside it."""

    source: str
    target: str
    version: str
    link: str
    sha256: str | None

    @property
    def name(self) -> str:
        return f"translate-{self.source}_{self.target}"

    @property
    def remote(self) -> bool:
        return is_address(self.link)


def is_address(where: str) -> bool:
    try:
        parts = urlsplit(where)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def offers(content: bytes, where: str, checksums: Mapping[str, str] | None = None) -> list[Offer]:
    """The newest usable package of each pair, by name. `where` is the list's own address or path; `checksums`
    (see below) come before what the list says. Raises BadPackage for what is no list."""
    try:
        entries = json.loads(content)
    except (ValueError, RecursionError):
        raise BadPackage("this is not JSON", where) from None
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise BadPackage(f"a JSON array of at most {MAX_ENTRIES} packages is wanted", where)
    newest: dict[str, Offer] = {}
    for entry in entries:
        offer = _offer(entry, where, checksums or {})
        if offer is None:
            continue
        known = newest.get(offer.name)
        if known is None or version_order(offer.version) > version_order(known.version):
            newest[offer.name] = offer
    if not newest:
        raise BadPackage("it lists no translation package that could be fetched", where)
    return [newest[name] for name in sorted(newest)]


def checksums(content: bytes, where: str) -> dict[str, str]:
    """File name -> SHA-256, from lines as `sha256sum` writes them. Raises BadPackage naming the line."""
    found = {}
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        match = CHECKSUM.fullmatch(line.strip())
        if match is None:
            raise BadPackage("a checksum, two spaces and a file name are wanted", f"{where}:{number}")
        found[PurePosixPath(match[2]).name] = match[1].lower()
    return found


def _offer(entry: Any, where: str, known: Mapping[str, str]) -> Offer | None:
    """None for what is no translation package, or none that could be had."""
    if not isinstance(entry, dict) or entry.get("type", "translate") != "translate":
        return None
    source, target, version = (
        str(entry.get(name, "")) for name in ("from_code", "to_code", "package_version")
    )
    link = _link(entry.get("links"), where)
    usable = CODE.fullmatch(source) and CODE.fullmatch(target) and VERSION.fullmatch(version)
    if not usable or source == target or link is None:
        return None
    said = known.get(PurePosixPath(urlsplit(link).path).name, entry.get("sha256"))
    digest = said.strip().lower() if isinstance(said, str) else None
    if said is not None and not (digest and DIGEST.fullmatch(digest)):
        return None  # a checksum that says nothing must not pass for none
    return Offer(source, target, version, link, digest)


def _link(links: Any, where: str) -> str | None:
    """The first of the links that can be followed; other schemes (ipfs) cannot."""
    for link in links if isinstance(links, list) else ():
        if not isinstance(link, str) or len(link) > 2000:
            continue
        if is_address(link):
            return link
        beside = PurePosixPath(link)
        if ":" in link or beside.is_absolute() or ".." in beside.parts or not beside.name:
            continue
        return urljoin(where, link) if is_address(where) else str(Path(where).parent / beside)
    return None
