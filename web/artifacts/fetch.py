"""One file over HTTP: from the named hosts only, resumed where it broke off, checked before it counts.

Proxies come from the environment (HTTPS_PROXY, NO_PROXY), certificates of an inspecting network from
SSL_CERT_FILE, as httpx reads them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from web.artifacts.errands import Errand
from web.artifacts.model import N_, Fetched, FetchFailed, Wanted
from web.artifacts.room import check_room
from web.artifacts.state import read_json, write_json

TIMEOUT = httpx.Timeout(20.0)
REDIRECTS = 5
TRIES = 6
PAUSE_S = 1.0

ELSEWHERE = N_("The server sends us to %(host)s, which is none of the configured hosts.")
CIRCLES = N_("%(host)s sends us in circles.")
UNSAFE = N_("The server sends us from HTTPS to an unprotected address at %(host)s.")
REFUSED = N_("%(host)s answers %(status)s for %(file)s.")
OTHER_SIZE = N_("%(host)s offers %(there)s bytes as %(file)s; it should be %(wanted)s.")
TOO_LARGE = N_("%(file)s is larger than the %(limit)s bytes that are taken.")
PACKED = N_("%(host)s sends %(file)s in a packed form that was not asked for.")
OTHER_BYTES = N_(
    "What came as %(file)s is not the file it should be (SHA-256 %(got)s…, expected %(wanted)s…)."
    " Nothing was kept."
)
GAVE_UP = N_(
    "The connection to %(host)s breaks off again and again (%(why)s). Start again to go on from there."
)


class _BrokeOff(Exception):
    """Worth another try."""


@dataclass(frozen=True)
class _Partial:
    """A file on its way, and beside it the address and mark (ETag) of what it is a part of."""

    path: Path

    @property
    def notes(self) -> Path:
        return self.path.with_name(f"{self.path.name}.from")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self.notes.unlink(missing_ok=True)


class Fetcher:
    """Fetches from `hosts` only: names with port where it is not the usual one; a leading dot stands for
    all names below."""

    def __init__(self, hosts: Collection[str], *, pause_s: float = PAUSE_S) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._pause_s = pause_s

    def fetch(self, wanted: Wanted, errand: Errand, before: int = 0, total: int | None = None) -> Fetched:
        """Bring one file into the errand's folder, going on with what an earlier try left there.

        `before` bytes of `total` were other files of the same errand: progress is told of all together.
        Raises FetchFailed and Cancelled.
        """
        path = errand.folder / wanted.name
        if path.is_file():
            if (kept := _checked(path, wanted)) is not None:
                return kept
            path.unlink()
        partial = _Partial(path.with_name(f"{path.name}.part"))
        for fresh in (False, True):
            resumed = self._bring(wanted, partial, errand, before, total)
            got = _digest(partial.path)
            if wanted.sha256 in (None, got):
                _settle(partial, path)
                return Fetched(path, got, path.stat().st_size)
            partial.drop()
            if fresh or not resumed:
                break
        raise FetchFailed(OTHER_BYTES, file=wanted.name, got=got[:12], wanted=str(wanted.sha256)[:12])

    def _bring(
        self, wanted: Wanted, partial: _Partial, errand: Errand, before: int, total: int | None
    ) -> bool:
        """All bytes, over as many connections as it takes. True where the first went on with an old part."""
        tries, resumed, furthest = 0, partial.size > 0, partial.size
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client:
            while True:
                try:
                    self._once(client, wanted, partial, errand, (before, total))
                    return resumed
                except (httpx.TransportError, _BrokeOff) as error:
                    tries = 1 if partial.size > furthest else tries + 1
                    furthest = max(furthest, partial.size)
                    if tries >= TRIES:
                        raise FetchFailed(GAVE_UP, host=_host(wanted.url), why=_short(error)) from None
                    resumed = resumed or partial.size > 0
                    errand.wait(self._pause_s * 2 ** (tries - 1))

    def _once(
        self,
        client: httpx.Client,
        wanted: Wanted,
        partial: _Partial,
        errand: Errand,
        others: tuple[int, int | None],
    ) -> None:
        notes = read_json(partial.notes)
        tag = notes.get("etag") if notes.get("url") == wanted.url else None
        if partial.size and not (tag or (wanted.sha256 and notes.get("url") == wanted.url)):
            partial.drop()  # nothing says that it is a part of what is there now
        have = partial.size
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers |= {"Range": f"bytes={have}-"} | ({"If-Range": tag} if tag else {})
        with self._open(client, wanted, headers) as answer:
            begin, length = _place(answer, wanted, partial, have, tag)
            if length is not None:
                check_room(errand.folder, length - begin)
            whole = wanted.size or length
            if not begin:
                partial.drop()
                write_json(partial.notes, {"url": wanted.url, "etag": _strong(answer)})
            with partial.path.open("ab") as sink:
                at = begin
                for block in answer.iter_raw():
                    at += len(block)
                    if at > min(wanted.limit, whole or wanted.limit):
                        sink.truncate(0)
                        raise FetchFailed(TOO_LARGE, file=wanted.name, limit=whole or wanted.limit)
                    sink.write(block)
                    errand.progress(others[0] + at, others[1] or (whole and others[0] + whole))
                os.fsync(sink.fileno())
            if whole is not None and at < whole:
                partial.drop()
                raise FetchFailed(OTHER_SIZE, host=answer.url.host, there=at, file=wanted.name, wanted=whole)

    @contextmanager
    def _open(
        self, client: httpx.Client, wanted: Wanted, headers: dict[str, str]
    ) -> Iterator[httpx.Response]:
        """Follows redirects, but only to configured hosts and never from HTTPS to HTTP."""
        url = httpx.URL(wanted.url)
        for _ in range(REDIRECTS + 1):
            self._check(url)
            with client.stream("GET", url, headers=headers) as answer:
                if answer.next_request is None:
                    yield answer
                    return
                then = answer.next_request.url
                if url.scheme == "https" and then.scheme != "https":
                    raise FetchFailed(UNSAFE, host=then.host)
                url = then
        raise FetchFailed(CIRCLES, host=url.host)

    def _check(self, url: httpx.URL) -> None:
        netloc = url.netloc.decode("ascii").lower()
        below = any(one.startswith(".") and netloc.endswith(one) for one in self._hosts)
        if url.scheme not in {"http", "https"} or not (netloc in self._hosts or below):
            raise FetchFailed(ELSEWHERE, host=netloc or url.scheme)


def _place(
    answer: httpx.Response, wanted: Wanted, partial: _Partial, have: int, tag: str | None
) -> tuple[int, int | None]:
    """Where the answer's bytes begin, and how long the whole file is by its word. Raises FetchFailed, and
    _BrokeOff for what another try may mend."""
    host = answer.url.host
    if answer.status_code == 416 or (answer.status_code == 206 and not _continues(answer, have, tag)):
        partial.drop()  # it is no longer the file that this was a part of
        raise _BrokeOff("the file there has changed")
    if answer.status_code == 429 or answer.status_code >= 500:
        raise _BrokeOff(f"{answer.status_code}")
    if answer.status_code not in {200, 206}:
        raise FetchFailed(REFUSED, host=host, status=answer.status_code, file=wanted.name)
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchFailed(PACKED, host=host, file=wanted.name)
    begin = have if answer.status_code == 206 else 0
    said = answer.headers.get("Content-Length", "")
    length = begin + int(said) if said.isdigit() else None
    if length is not None and wanted.size is not None and length != wanted.size:
        partial.drop()
        raise FetchFailed(OTHER_SIZE, host=host, there=length, file=wanted.name, wanted=wanted.size)
    if length is not None and length > wanted.limit:
        raise FetchFailed(TOO_LARGE, file=wanted.name, limit=wanted.limit)
    return begin, length


def _continues(answer: httpx.Response, have: int, tag: str | None) -> bool:
    begins = answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
    return have > 0 and begins and (tag is None or _strong(answer) in (None, tag))


def _strong(answer: httpx.Response) -> str | None:
    """The mark of exactly these bytes; a weak one (W/) does not say that much."""
    tag: str = answer.headers.get("ETag", "")
    return tag if tag.startswith('"') else None


def _checked(path: Path, wanted: Wanted) -> Fetched | None:
    """A file that an earlier try had finished, where it still is the wanted one."""
    size = path.stat().st_size
    if wanted.size not in (None, size):
        return None
    digest = _digest(path)
    return Fetched(path, digest, size) if wanted.sha256 in (None, digest) else None


def _settle(partial: _Partial, path: Path) -> None:
    os.replace(partial.path, path)
    partial.drop()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _host(url: str) -> str:
    return httpx.URL(url).host


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:120]
