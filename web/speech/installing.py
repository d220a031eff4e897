"""Puts a speech model in place: from the hub, from a mirror of it, or from what somebody carried here."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import httpx

from web.artifacts import Errand, Errands, Fetched, Fetcher, FetchFailed, Wanted
from web.artifacts.model import N_
from web.artifacts.state import alone, read_json, write_json
from web.speech.carried import Carrier
from web.speech.catalogue import Known
from web.speech.models import MANIFEST, Models

SEEN = "seen.json"
LEFT_S = 3600
NOT_THE_SAME = N_(
    "%(file)s is another file than when %(name)s was first installed here. Find out which is right before"
    " you trust either."
)


class Installer:
    """Installs models of the catalogue. One errand a model, by its name (see web.artifacts)."""

    def __init__(self, models: Models, mirror: str | None = None, pause_s: float = 1.0) -> None:
        """`mirror` is an address with the hub's layout, taken instead of it."""
        assert models.folder is not None
        self.models, self._folder = models, models.folder
        self._mirror, self._pause_s = mirror, pause_s
        self.errands = Errands(models.folder / ".incoming")

    @property
    def source(self) -> str:
        """The address that models are fetched from."""
        return self._mirror or self.models.catalogue.hub

    @property
    def host(self) -> str:
        return httpx.URL(self.source).netloc.decode("ascii")

    def fetch(self, name: str) -> Callable[[Errand], None]:
        """The work of getting a model over the network; give it to `errands`. Raises BadModel."""
        known = self.models.known(name)
        hosts = {*self.models.catalogue.hosts} if self._mirror is None else set()
        fetcher = Fetcher(hosts | {self.host}, pause_s=self._pause_s)

        def work(errand: Errand) -> None:
            done, come = 0, []
            for file, about in known.files.items():
                wanted = Wanted(file, known.url(self.source, file), about.sha256, about.size, about.size)
                come.append(fetcher.fetch(wanted, errand, done, known.size))
                done += about.size
            self._settle(known, errand, come, self.host)

        return work

    def carried(
        self, name: str, place: Path | IO[bytes], called: str, size: int | None = None
    ) -> Callable[[Errand], None]:
        """The work of taking a model from a folder, a zip or tar file, or a stream of one of these. Raises
        BadModel. `called` is what the record says of where it came from, `size` what the sender says there
        is."""
        known = self.models.known(name)

        def work(errand: Errand) -> None:
            with errand.aside():
                with Carrier(place, errand, size) as carrier:
                    done, come = 0, []
                    for file, about in known.files.items():
                        come.append(carrier.take(file, about, done, known.size))
                        done += about.size
                self._settle(known, errand, come, called)

        return work

    def _settle(self, known: Known, errand: Errand, come: list[Fetched], source: str) -> None:
        errand.verifying()
        with alone(self._folder):
            self._put_in_place(known, come, source)

    def _put_in_place(self, known: Known, come: list[Fetched], source: str) -> None:
        files = {one.path.name: {"sha256": one.sha256, "size": one.size} for one in come}
        seen = read_json(self._folder / SEEN)
        for file, about in files.items():
            before = seen.get(known.name, {}).get(file)
            if before not in (None, about["sha256"]) and known.files[file].sha256 is None:
                raise FetchFailed(NOT_THE_SAME, file=file, name=known.name)
        fresh = self._aside("fresh")
        fresh.mkdir(mode=0o700)
        for one in come:
            os.replace(one.path, fresh / one.path.name)
        about_it = {"source": source, "at": datetime.now(UTC).isoformat(timespec="seconds"), "files": files}
        write_json(fresh / MANIFEST, about_it)
        home, before = self._folder / known.name, self.models.before(known.name)
        if home.exists():
            shutil.rmtree(before, ignore_errors=True)
            os.rename(home, before)  # where it is found as long as there is no other
        os.rename(fresh, home)
        shutil.rmtree(before, ignore_errors=True)
        write_json(self._folder / SEEN, seen | {known.name: {f: a["sha256"] for f, a in files.items()}})

    def _aside(self, why: str) -> Path:
        """A name beside the models. What a killed process left under such names is cleared away."""
        for left in (*self._folder.glob(".fresh-*"), *self._folder.glob(".removed-*")):
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > LEFT_S:
                    shutil.rmtree(left, ignore_errors=True)
        return self._folder / f".{why}-{secrets.token_hex(8)}"

    def forget(self, name: str) -> None:
        """Take the next files of this model on trust again."""
        with alone(self._folder):
            seen = read_json(self._folder / SEEN)
            seen.pop(self.models.known(name).name, None)
            write_json(self._folder / SEEN, seen)
