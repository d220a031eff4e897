"""Translates a turn through the installed packages, by the shortest way, and says what to doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from web.translation.argos import Engine
from web.translation.cache import Cache
from web.translation.check import check, in_order, strays
from web.translation.keeping import MARKS, Kept, blank, hide, occurrences, restore, turned
from web.translation.languages import normal
from web.translation.model import Route, Translation
from web.translation.named import heard
from web.translation.packages import Installed, fingerprint, installed, verify

LONGEST_TEXT = 20_000
PIVOT = "en"
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


@dataclass(slots=True)
class Slot:
    """A package's engine, once it is loaded, and the lock of who loads it."""

    lock: Lock = field(default_factory=Lock)
    engine: Engine | None = None


Way = list[tuple[Installed, Engine]]


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
        self._engines: dict[str, Slot] = {}

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

    def translate(
        self, text: str, source: str, target: str, keep: Sequence[str] = (), *, round_trip: bool = False
    ) -> Translation:
        """Translate one turn: `translate_many` of one."""
        return self.translate_many([text], source, target, keep, round_trip=round_trip)[0]

    def translate_many(
        self,
        texts: Sequence[str],
        source: str,
        target: str,
        keep: Sequence[str] = (),
        *,
        round_trip: bool = False,
    ) -> list[Translation]:
        """Translate turns, many at a time, in their order.

        Words of `keep` (names, the child's own labels) pass untouched where the packages can copy them; where
        one is missing, the turn is warned of ("names"). `round_trip` translates back as well, where packages
        lead back, and warns of what comes back different. Raises NoRoute, BadText (a turn of over 20,000
        characters) and BadPackage.
        """
        for text in texts:
            if len(text) > LONGEST_TEXT:
                raise BadText(
                    f"a text of {len(text)} characters; at most {LONGEST_TEXT} are translated at once"
                )
        source, target = normal(source), normal(target)
        way = self._way(source, target)
        if way is None:
            raise NoRoute(source, target)
        if not way:
            return [Translation(text, (source,), (), ()) for text in texts]
        kept, got, lost = self._keeping(way, [text.strip() for text in texts], keep)
        done = [restore(translation, one.words) or "" for one, translation in zip(kept, got, strict=True)]
        doubts = [
            set(check(blank(one.text), blank(translation), source, target))
            for one, translation in zip(kept, got, strict=True)
        ]
        for number in lost | {n for n, text in enumerate(texts) if not _all_heard(text, done[n], keep)}:
            doubts[number].add("names")
        for number in self._strayed(texts, done, (source, target)) if round_trip else ():
            doubts[number].add("round-trip")
        always = {"pivot"} if len(way) > 1 else set()
        always |= {"weak"} if any(engine.weak for _, engine in way) else set()
        route, packages = (source, *(hop.target for hop, _ in way)), tuple(hop.ref for hop, _ in way)
        return [
            Translation(text, route, packages, in_order(found | always))
            for text, found in zip(done, doubts, strict=True)
        ]

    def forget(self) -> None:
        """Forget every text and translation."""
        self._cache.keep_only(set())

    def _strayed(self, texts: Sequence[str], done: list[str], pair: tuple[str, str]) -> list[int]:
        """Which translations say something else when they are translated back."""
        back = self._way(pair[1], pair[0])
        returned = self._through(back, done) if back else texts
        return [n for n, text in enumerate(texts) if strays(text, returned[n])]

    def _keeping(
        self, way: Way, texts: list[str], keep: Sequence[str]
    ) -> tuple[list[Kept], list[str], set[int]]:
        """What was translated, and its translation, still with marks; and where each of the marks was lost:
        there, both are without any."""
        marks = all(engine.keeps_marks for _, engine in way)
        kept = [hide(text, keep if marks else ()) for text in texts]
        got = [""] * len(texts)
        lost = list(range(len(texts)))
        for by in range(len(MARKS)):
            tried = self._through(way, [turned(kept[n].text, by) for n in lost])
            for n, one in zip(lost, tried, strict=True):
                got[n] = turned(one, -by)
            lost = [n for n in lost if restore(got[n], kept[n].words) is None]
        for n, again in zip(lost, self._through(way, [texts[n] for n in lost]), strict=True):
            kept[n], got[n] = Kept(texts[n], ()), again
        return kept, got, set(lost)

    def _through(self, way: Way, texts: list[str]) -> list[str]:
        for hop, engine in way:
            texts = self._one_hop(hop.ref.sha256, engine, texts)
        return texts

    def _one_hop(self, package: str, engine: Engine, texts: list[str]) -> list[str]:
        """Each different text once, and only what was not translated before. No letters, no translation."""
        found: dict[str, str | None] = {}
        for text in texts:
            found[text] = self._cache.get((package, text)) if any(map(str.isalpha, blank(text))) else text
        missing = [text for text, got in found.items() if got is None]
        for text, got in zip(missing, engine.translate(missing) if missing else (), strict=True):
            self._cache.put((package, text), got)
            found[text] = got
        return [found[text] or "" for text in texts]

    def _way(self, source: str, target: str) -> Way | None:
        hops = self._hops(source, target)
        return None if hops is None else [(hop, self._engine(hop)) for hop in hops]

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
        self._packages = {package.pair: package for package in packages}
        kept = {package.ref.sha256 for package in packages}
        self._engines = {sha: slot for sha, slot in self._engines.items() if sha in kept}
        self._cache.keep_only(kept)
        self._seen = now

    def _engine(self, package: Installed) -> Engine:
        with self._lock:
            slot = self._engines.setdefault(package.ref.sha256, Slot())
        with slot.lock:  # one loads it; those who want other packages do not wait
            if slot.engine is None:
                verify(package)
                slot.engine = Engine(package, self._home, self._threads)
            return slot.engine


def _all_heard(text: str, translation: str, keep: Sequence[str]) -> bool:
    return all(heard(place.group(), translation) for place in occurrences(text, keep))
