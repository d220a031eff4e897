"""Translates a turn through the installed packages, by the shortest way, and says what to doubt."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from web.translation.argos import Engine
from web.translation.check import check
from web.translation.model import Route, Translation
from web.translation.packages import Installed, fingerprint, installed, verify

LONGEST_TEXT = 20_000
PIVOT = "en"
ALIASES = {"pt-br": "pb", "zh-tw": "zt", "zh-hant": "zt", "no": "nb", "iw": "he"}
INDEX = "https://www.argosopentech.com/argospm/index/"


class NoRoute(LookupError):
    """No installed package, nor two in a row, lead from one language to the other."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(
            f"no translation package from {source!r} to {target!r} is installed. Fetch "
            f"translate-{source}_{target} from {INDEX} on any machine, carry the .argosmodel file here "
            "and run: tellmore packages install FILE"
        )
        self.source = source
        self.target = target


class BadText(ValueError):
    """A text that is too long to be one turn. The message never holds the text."""


class Translator:
    """All packages of one folder, each loaded when first needed, reloaded when the folder changes.

    Safe to use from several threads. Not to be carried over a fork (CTranslate2 is not fork-safe).
    """

    def __init__(self, packages_dir: Path, threads: int = 1) -> None:
        """`threads` is the number of processor threads one translation uses."""
        self._dir = packages_dir
        self._home = packages_dir.parent / "argos"
        self._threads = threads
        self._lock = Lock()
        self._seen: object = None
        self._packages: dict[tuple[str, str], Installed] = {}
        self._engines: dict[str, Engine] = {}

    def routes(self, source: str, target: str) -> Route | None:
        """The way from `source` to `target` (language codes): direct, else by one language between, English
        first; None where there is none. The same language needs no package."""
        source, target = normal(source), normal(target)
        hops = self._hops(source, target)
        if hops is None:
            return None
        return Route((source, *(hop.target for hop in hops)), tuple(hop.ref for hop in hops))

    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of languages with a package of their own."""
        with self._lock:
            self._refresh()
            return sorted(self._packages)

    def translate(self, text: str, source: str, target: str) -> Translation:
        """Translate one turn. Raises NoRoute, BadText (over 20,000 characters) and BadPackage."""
        if len(text) > LONGEST_TEXT:
            raise BadText(f"a text of {len(text)} characters; at most {LONGEST_TEXT} are translated at once")
        source, target = normal(source), normal(target)
        hops = self._hops(source, target)
        if hops is None:
            raise NoRoute(source, target)
        said = text.strip()
        for hop in hops if said else ():
            said = self._engine(hop).translate(said)
        warnings = check(text, said, source, target) if hops else ()
        return Translation(
            said if hops else text,
            (source, *(hop.target for hop in hops)),
            tuple(hop.ref for hop in hops),
            warnings + (("pivot",) if len(hops) > 1 else ()),
        )

    def _hops(self, source: str, target: str) -> list[Installed] | None:
        if source == target:
            return []
        with self._lock:
            self._refresh()
            if direct := self._packages.get((source, target)):
                return [direct]
            pairs = self._packages
            between = [middle for begin, middle in pairs if begin == source and (middle, target) in pairs]
            if not between:
                return None
            middle = min(between, key=lambda code: (code != PIVOT, code))
            return [self._packages[source, middle], self._packages[middle, target]]

    def _refresh(self) -> None:
        now = fingerprint(self._dir)
        if now == self._seen:
            return
        packages = installed(self._dir)
        self._packages = {(normal(package.source), normal(package.target)): package for package in packages}
        kept = {package.ref.sha256 for package in packages}
        self._engines = {sha: engine for sha, engine in self._engines.items() if sha in kept}
        self._seen = now

    def _engine(self, package: Installed) -> Engine:
        with self._lock:
            engine = self._engines.get(package.ref.sha256)
            if engine is None:
                verify(package)
                engine = self._engines[package.ref.sha256] = Engine(package, self._home, self._threads)
            return engine


def normal(code: str) -> str:
    """A language code as the packages write it: "uk-UA" is "uk", "pt-BR" is "pb"."""
    lowered = code.strip().lower().replace("_", "-")
    return ALIASES.get(lowered) or ALIASES.get(lowered.split("-")[0]) or lowered.split("-")[0]
