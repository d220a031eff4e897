"""Brings packages from a list elsewhere: the list first, then one package, checked, tried out, put in place.

Nothing is fetched unless an administrator asks. Where neither the list nor a file of checksums says what a
package's SHA-256 is, the first one that came is trusted and remembered: another file under the same address
is refused from then on.
"""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from web.artifacts import Errand, Errands, Fetcher, Wanted
from web.artifacts.state import read_json, write_json
from web.translation.archive import BadPackage
from web.translation.index import MAX_BYTES, Offer, checksums, is_address, offers
from web.translation.installing import Origin, install

MAX_PACKAGE = 600 * 1024 * 1024
KNOWN, LIST = "known.json", "offered.json"  # neither is a folder: nothing takes them for packages
INDEX = "index"  # the name of the errand that fetches a list


@dataclass(frozen=True, slots=True)
class Offered:
    """A list as it was fetched. `at`: when, ISO 8601."""

    where: str
    at: str
    packages: list[Offer]


class Offers:
    """What can be had elsewhere, and getting it. `errands` says how far each is, by the package's name."""

    def __init__(self, packages_dir: Path) -> None:
        self._dir = packages_dir
        self.errands = Errands(packages_dir / ".incoming")

    def last(self) -> Offered | None:
        """The list that was fetched last."""
        found = read_json(self._dir / LIST)
        try:
            return Offered(found["where"], found["at"], [Offer(**one) for one in found["packages"]])
        except (KeyError, TypeError):
            return None

    def fetch_list(self, where: str, sums: str, errand: Errand) -> None:
        """Read the list at `where` (address or file), with the file of checksums at `sums`, if any.

        Raises BadPackage, FetchFailed.
        """
        known = checksums(_content(sums, "checksums", errand), sums) if sums else {}
        found = offers(_content(where, "list", errand), where, known)
        offered = Offered(where, datetime.now(UTC).isoformat(timespec="seconds"), found)
        write_json(self._dir / LIST, asdict(offered))

    def bring(self, offer: Offer, errand: Errand) -> None:
        """Fetch and install one. Raises BadPackage, FetchFailed; then nothing has changed."""
        expected, path = offer.sha256 or self._known().get(offer.link), Path(offer.link)
        if offer.remote:
            wanted = Wanted(f"{offer.name}.argosmodel", offer.link, expected, limit=MAX_PACKAGE)
            self._outside(offer.link)
            got = _fetcher(offer.link).fetch(wanted, errand)
            path, expected = got.path, got.sha256
        errand.verifying()
        origin, pair = Origin("index", offer.link), (offer.source, offer.target)
        install(path, self._dir, origin, pair=pair, digest=expected)
        if offer.remote:
            write_json(self._dir / KNOWN, self._known() | {offer.link: expected})

    def _outside(self, link: str) -> None:
        """A list may name any host: one inside a network is asked only where the list itself came from it,
        by an address that a person gave. Raises BadPackage."""
        last = self.last()
        host = httpx.URL(link).host
        given = last is not None and is_address(last.where) and httpx.URL(last.where).host == host
        if not given and is_inner(host):
            raise BadPackage("the list names an address inside a network; it is not asked", link)

    def _known(self) -> dict[str, str]:
        return {link: str(digest) for link, digest in read_json(self._dir / KNOWN).items()}


def _fetcher(address: str) -> Fetcher:
    return Fetcher([httpx.URL(address).netloc.decode("ascii")])  # without a port that is the usual one


def is_inner(host: str) -> bool:
    """Whether this name or number leads to no place of the open internet. A name that nobody here can look
    up is left to the proxy that can."""
    with suppress(ValueError):
        return not ipaddress.ip_address(host).is_global
    if "." not in host:
        return True
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(not ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)


def _content(where: str, name: str, errand: Errand) -> bytes:
    if is_address(where):
        fresh = errand.folder / name
        fresh.unlink(missing_ok=True)  # a list is never the one of last time
        return _fetcher(where).fetch(Wanted(name, where, limit=MAX_BYTES), errand).path.read_bytes()
    try:
        with Path(where).open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadPackage(f"cannot be read ({error.strerror})", where) from None
    if len(content) > MAX_BYTES:
        raise BadPackage(f"is larger than {MAX_BYTES} bytes", where)
    return content
