"""The only place that touches argostranslate: loads it quietly, and gives one package as a function.

Traps it closes: folders made in the user's home at import; every text copied to the log at INFO;
sentence splitters that download a model at first use; process-wide registries that one stray folder
breaks and that never reload. Its package reader, tokenizers and translation are used as they are.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import chain, zip_longest
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from web.translation.archive import BadPackage
from web.translation.languages import SENTENCE_END
from web.translation.packages import Installed, read_metadata

LONGEST_PIECE = 300  # characters; models are trained on sentences and stop at 256 tokens without a word

# A new line, and what transcribers put in brackets: [inaudible] was not said and is not translated.
ASIDE = re.compile(r"(\s*\[[^\[\]]*\]\s*|\s*\([^()]*\)\s*|\n)")

BEAM = 4  # argostranslate's own
LENGTH_PENALTY = 0.2  # argostranslate's own; without one pages are no faster and a little worse (chrF)
BATCH_TOKENS = 192  # small enough to give every thread its share of a page

_import_lock = Lock()


class OneUtterance:
    """Takes the place of argostranslate's sentence splitters: a turn is one unit, only a long one is cut.

    `each_sentence` cuts at every end of a sentence: a package that has only seen single ones leaves out
    whatever follows the first.
    """

    def __init__(self, each_sentence: bool = False) -> None:
        self._each_sentence = each_sentence

    def split_sentences(self, text: str) -> list[str]:
        pieces: list[str] = []
        cut = self._each_sentence or len(text) > LONGEST_PIECE
        for sentence in SENTENCE_END.split(text) if cut else [text]:
            for part in _wrap(sentence.strip()):
                if pieces and not self._each_sentence and len(pieces[-1]) + len(part) < LONGEST_PIECE:
                    pieces[-1] += " " + part
                else:
                    pieces.append(part)
        return pieces


def _wrap(sentence: str) -> Iterator[str]:
    """Cut an endless sentence at commas, else at spaces, else anywhere."""
    while len(sentence) > LONGEST_PIECE:
        head = sentence[:LONGEST_PIECE]
        cut = max(head.rfind(mark) + 1 for mark in (", ", "، ", "; ", "，"))
        cut = cut or head.rfind(" ") or LONGEST_PIECE
        cut = cut if cut > 0 else LONGEST_PIECE
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence


class Engine:
    """One installed package, loaded. Safe to call from several threads.

    argostranslate reads the package and owns its tokenizer; texts go to CTranslate2 many at a time, and a
    single one comes out as argostranslate's own `hypotheses` gives it.
    """

    def __init__(self, package: Installed, home: Path, threads: int) -> None:
        """Raises BadPackage where the package cannot be loaded."""
        argos = _argos(home)
        try:
            self._package = argos.package.Package(package.folder)
            self._package.tokenizer.encode("a")  # it loads lazily and without a lock: here only one loads it
            self._translator = _load(package.folder / "model", threads)
            about = read_metadata(package.folder) or {}
            self.weak = about.get("weak") is True
            self.keeps_marks = about.get("keeps_marks") is True
            self._splitter = OneUtterance(each_sentence=about.get("one_sentence") is True)
        except Exception as error:  # native loaders raise RuntimeError, ValueError, OSError: all the same
            raise BadPackage(f"cannot be loaded ({type(error).__name__})", package.folder.name) from None

    def translate(self, texts: Sequence[str]) -> list[str]:
        """The translations of `texts`, in order."""
        spans = [ASIDE.split(text) for text in texts]
        pieces = [[self._splitter.split_sentences(said) for said in parts[::2]] for parts in spans]
        encode = self._package.tokenizer.encode
        tokens = [encode(piece) for parts in pieces for part in parts for piece in part]
        translated = iter(self._batches(tokens))
        return [
            "".join(
                chain.from_iterable(zip_longest(self._decoded(parts, translated), apart[1::2], fillvalue=""))
            )
            for parts, apart in zip(pieces, spans, strict=True)
        ]

    def _decoded(self, parts: list[list[str]], translated: Iterator[list[str]]) -> list[str]:
        return [self._decode([next(translated) for _ in part]).strip() for part in parts]

    def _batches(self, tokens: list[list[str]]) -> list[list[str]]:
        if not tokens:
            return []
        prefix = self._package.target_prefix
        results = self._translator.translate_batch(
            tokens,
            target_prefix=[[prefix]] * len(tokens) if prefix else None,
            max_batch_size=BATCH_TOKENS,  # CTranslate2 sorts by length itself
            batch_type="tokens",
            beam_size=BEAM,
            length_penalty=LENGTH_PENALTY,
            replace_unknowns=True,
        )
        found: list[list[str]] = [result.hypotheses[0] for result in results]
        return [words[1:] if prefix and words[:1] == [prefix] else words for words in found]

    def _decode(self, pieces: list[list[str]]) -> str:
        text = str(self._package.tokenizer.decode([token for piece in pieces for token in piece]))
        return text.removeprefix(" ")


def _load(model: Path, threads: int) -> Any:
    import ctranslate2

    return ctranslate2.Translator(
        str(model), device="cpu", inter_threads=threads, intra_threads=1, compute_type="auto"
    )


def _argos(home: Path) -> ModuleType:
    """Import argostranslate.translate once, with all its folders under `home`, and silence it."""
    with _import_lock:
        if "argostranslate.translate" in sys.modules:
            module = sys.modules["argostranslate.translate"]
        else:
            home.mkdir(parents=True, exist_ok=True)
            with _environment(home), _no_stanza():
                module = import_module("argostranslate.translate")
        _silence(module)
        return module


@contextmanager
def _environment(home: Path) -> Iterator[None]:
    """The settings argostranslate reads while it is imported; put back afterwards."""
    wanted = {name: str(home) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    wanted |= {"ARGOS_PACKAGES_DIR": str(home / "none"), "ARGOS_DEBUG": "0", "ARGOS_CHUNK_TYPE": "MINISBD"}
    wanted |= {"ARGOS_MODEL_PROVIDER": "OPENNMT", "ARGOS_DEVICE_TYPE": "cpu"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _no_stanza() -> Iterator[None]:
    """Stand-in for stanza: its splitter is never used, its import costs two seconds and 40 MB."""
    absent = "stanza" not in sys.modules
    if absent:
        sys.modules["stanza"] = ModuleType("stanza")
    try:
        yield
    finally:
        if absent:
            del sys.modules["stanza"]


def _silence(module: ModuleType) -> None:
    logger = logging.getLogger("argostranslate.utils")
    logger.handlers[:] = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)
    module.info = _say_nothing  # type: ignore[attr-defined]  # it would still format every text


def _say_nothing(*_: object) -> None:
    """Instead of argostranslate.utils.info."""
