"""Translates a turn through the installed packages, by the shortest way, and says what to doubt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from web.translation.argos import BEAM, Engine
from web.translation.cache import Cache
from web.translation.check import check
from web.translation.keeping import hide, occurrences, restore
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
        self._cache = Cache()
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

    def translate(self, text: str, source: str, target: str, keep: Sequence[str] = ()) -> Translation:
        """Translate one turn: `translate_many` of one."""
        return self.translate_many([text], source, target, keep)[0]

    def translate_many(
        self, texts: Sequence[str], source: str, target: str, keep: Sequence[str] = ()
    ) -> list[Translation]:
        """Translate turns, many at a time. Words of `keep` (names, the child's own labels) pass untouched
        where the packages can; where not, and one is missing, the turn is warned of ("names").

        Raises NoRoute, BadText (a turn of over 20,000 characters) and BadPackage.
        """
        for text in texts:
            if len(text) > LONGEST_TEXT:
                raise BadText(
                    f"a text of {len(text)} characters; at most {LONGEST_TEXT} are translated at once"
                )
        source, target = normal(source), normal(target)
        hops = self._hops(source, target)
        if hops is None:
            raise NoRoute(source, target)
        if not hops:
            return [Translation(text, (source,), (), ()) for text in texts]
        engines = [self._engine(hop) for hop in hops]
        kept = [hide(text, keep if all(e.keeps_marks for e in engines) else ()) for text in texts]
        through = self._through(hops, engines, [one.text.strip() for one in kept])
        restored = [restore(got, one.words) for one, got in zip(kept, through, strict=True)]
        again = [number for number, got in enumerate(restored) if got is None]
        plain = dict(zip(again, self._through(hops, engines, [texts[n].strip() for n in again]), strict=True))
        route, packages = (source, *(hop.target for hop in hops)), tuple(hop.ref for hop in hops)
        pivot = ("pivot",) if len(hops) > 1 else ()
        done = []
        for number, text in enumerate(texts):
            said, got = text, restored[number]
            if got is None:
                got = plain[number]
                warnings = check(said, got, source, target)
            else:
                warnings = check(kept[number].text, through[number], source, target)
            if any(place.group() not in got for place in occurrences(text, keep)) and "names" not in warnings:
                warnings += ("names",)
            done.append(Translation(got, route, packages, warnings + pivot))
        return done

    def _through(self, hops: list[Installed], engines: list[Engine], texts: list[str]) -> list[str]:
        """The texts by way of all hops; each text that was translated before is looked up."""
        for hop, engine in zip(hops, engines, strict=True):
            texts = self._one_hop(hop.ref.sha256, engine, texts)
        return texts

    def _one_hop(self, package: str, engine: Engine, texts: list[str]) -> list[str]:
        found = {text: self._cache.get((package, text, BEAM)) if text else "" for text in texts}
        missing = [text for text, got in found.items() if got is None]
        for text, got in zip(missing, engine.translate(missing), strict=True):
            self._cache.put((package, text, BEAM), got)
            found[text] = got
        return [found[text] or "" for text in texts]

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
        self._cache.keep_only(kept)
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
