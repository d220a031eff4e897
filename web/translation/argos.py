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
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

from web.translation.archive import BadPackage
from web.translation.packages import Installed

LONGEST_PIECE = 300  # characters; models are trained on sentences and stop at 256 tokens without a word
SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟।])[\"'»”’)\]]*\s+")

_import_lock = Lock()


class OneUtterance:
    """Takes the place of argostranslate's sentence splitters: a turn is one unit, only a long one is cut."""

    def split_sentences(self, text: str) -> list[str]:
        pieces: list[str] = []
        for sentence in SENTENCE_END.split(text) if len(text) > LONGEST_PIECE else [text]:
            for part in _wrap(sentence.strip()):
                if pieces and len(pieces[-1]) + len(part) < LONGEST_PIECE:
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
    """One installed package, loaded. Safe to call from several threads."""

    def __init__(self, package: Installed, home: Path, threads: int) -> None:
        """Raises BadPackage where the package cannot be loaded."""
        argos = _argos(home)
        try:
            self._translation = _build(argos, package, threads)
        except (
            Exception
        ) as error:  # native loaders raise RuntimeError, ValueError, OSError: all mean the same
            raise BadPackage(f"cannot be loaded ({type(error).__name__})", package.folder.name) from None

    def translate(self, text: str) -> str:
        return str(self._translation.hypotheses(text, 1)[0].value).strip()


def _build(argos: ModuleType, package: Installed, threads: int) -> Any:
    import ctranslate2

    described = argos.package.Package(package.folder)
    described.tokenizer.encode("a")  # it loads lazily and without a lock: load it here, under ours
    source = argos.Language(package.source, described.from_name)
    target = argos.Language(package.target, described.to_name)
    translation = argos.PackageTranslation(source, target, described)
    translation.sentencizer = OneUtterance()
    translation.translator = ctranslate2.Translator(
        str(package.folder / "model"),
        device="cpu",
        inter_threads=1,
        intra_threads=threads,
        compute_type="auto",
    )
    return translation


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
