"""Measures translation: `python -m bench.translation [--threads N] [--packages DIR]` prints one JSON object.

"plain" is `argostranslate.translate.translate`, a sentence a call, in the same process and on as many
threads, taking turns with ours. It is spared its sentence splitter, which would have to be downloaded.
Without packages of its own or in web/translation/shipped it measures a tiny package with random weights.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tests.translation.models import make_package
from web.translation import Translator, install, installed
from web.translation.argos import BEAM, OneUtterance

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "web" / "translation" / "shipped"
SENTENCES = ROOT / "nlu_data" / "translation"
WORDS = 12
BLOCK = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--packages", type=Path, help="Folder of .argosmodel files or of installed packages.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        packages = Path(folder) / "packages"
        gather(given.packages or SHIPPED, packages, Path(folder))
        os.environ |= {"ARGOS_PACKAGES_DIR": str(packages), "XDG_CACHE_HOME": folder, "XDG_DATA_HOME": folder}
        os.environ |= {"XDG_CONFIG_HOME": folder, "ARGOS_INTRA_THREADS": str(given.threads)}
        translator = Translator(packages, given.threads)
        pairs = [pair for pair in translator.pairs() if readable(*pair)]
        results = {f"{a}-{b}": measure(translator, a, b, given.sentences) for a, b in pairs}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answer = {"threads": given.threads, "beam": BEAM, "pairs": results, "peak_rss_mb": peak}
    print(json.dumps(answer, indent=2))


def gather(given: Path, packages: Path, folder: Path) -> None:
    """Put the packages of `given`, else a tiny one, where both can read them."""
    archives = sorted(given.glob("*.argosmodel")) if given.is_dir() else []
    found = installed(given)
    for package in found:
        shutil.copytree(package.folder, packages / package.folder.name)
    if not archives and not found:
        archives = [make_package(folder, "uk", "en")]
    for archive in archives:
        install(archive, packages)


def readable(source: str, target: str) -> bool:
    other = source if target == "en" else target
    return "en" in (source, target) and (SENTENCES / f"{other}.tsv").is_file()


def measure(translator: Translator, source: str, target: str, count: int) -> dict[str, Any]:
    texts = sentences(source, target)
    plain = plainly(source, target)
    one = partial(translator.translate, source=source, target=target)
    page = partial(translator.translate_many, source=source, target=target)
    each(plain, texts[-3:])
    each(one, texts[-3:])  # both have loaded their package now
    spent = {"plain": 0.0, "ours": 0.0}
    for at in range(0, count, BLOCK):
        spent["plain"] += sum(each(plain, texts[at : at + BLOCK]))
        spent["ours"] += sum(each(page, [texts[at : at + BLOCK]]))
    twelve = [text for text in texts[count:] if len(text.split()) == WORDS][:60]
    waits = [seconds * 1000 for seconds in each(one, twelve)]
    again = sum(each(page, [texts[:count]]))
    cuts = statistics.quantiles(waits, n=20, method="inclusive")
    return {
        "sentences_a_second": {name: round(count / seconds, 1) for name, seconds in spent.items()},
        "times_plain": round(spent["plain"] / spent["ours"], 2),
        "twelve_words_ms": {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1), "sentences": len(waits)},
        "from_the_cache_a_second": round(count / again),
    }


def sentences(source: str, target: str) -> list[str]:
    """Different sentences in `source`, in an order that is always the same."""
    file = SENTENCES / f"{source if target == 'en' else target}.tsv"
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    texts = list(dict.fromkeys(row[0 if source == "en" else 1].strip() for row in rows))
    random.Random(5).shuffle(texts)
    return texts


def plainly(source: str, target: str) -> Callable[[str], str]:
    from argostranslate import translate

    found: Any = translate.get_translation_from_codes(source, target)
    found.underlying.sentencizer = OneUtterance()
    return lambda text: str(translate.translate(text, source, target))


def each(work: Callable[[Any], object], given: Sequence[Any]) -> list[float]:
    """Seconds that each piece of work took."""
    taken = []
    for one in given:
        started = time.perf_counter()
        work(one)
        taken.append(time.perf_counter() - started)
    return taken


if __name__ == "__main__":
    main()
