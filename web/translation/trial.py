"""Loads a package in a process of its own and has it translate a few words, before it is put in place.

Weights and word pieces are read by native code. What makes that code crash, hang or eat all memory then takes
this process with it and not the console or the worker.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from web.translation.archive import BadPackage
from web.translation.packages import Installed

TEXTS = ("no", "Ні, 12 разів!", "لا", "他", "⟨1⟩ " * 80)  # scripts, figures, our marks, a long one
PATIENCE_S = 180
CPU_S = 120
MEMORY = 12 * 1024**3  # bytes of address space: twice the largest package, and what the libraries map
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no secret, no proxy
ROOT = Path(__file__).parents[2]


def try_out(package: Installed, where: str) -> None:
    """Raises BadPackage, naming `where`, unless the package in its folder loads and translates."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "HOME": str(package.folder.parent)}
    command = [sys.executable, "-m", "web.translation.trial", str(package.folder)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadPackage("it did not translate a few words within three minutes", where) from None
    if done.returncode < 0:
        raise BadPackage("it crashes the program that loads it", where)
    if done.returncode:
        raise BadPackage("its model or its word pieces cannot be loaded", where)


def main() -> None:
    """In the process of its own: 0 when the package in the folder given translates."""
    _limit()
    sys.modules["torch"] = None  # type: ignore[assignment]  # ctranslate2 would load it, and needs it for nothing
    try:
        _translate(Path(sys.argv[1]))
    except Exception:  # noqa: BLE001 - whatever it is: no word of it leaves this process
        sys.exit(1)


def _translate(folder: Path) -> None:
    import ctranslate2
    import sentencepiece

    if not (model := folder / "sentencepiece.model").is_file():
        _with_pieces_of_its_own(folder)
        return
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model)).encode(list(TEXTS), out_type=str)
    translator = ctranslate2.Translator(str(folder / "model"), device="cpu", intra_threads=1)
    translator.translate_batch(pieces, beam_size=2, max_decoding_length=8)


def _with_pieces_of_its_own(folder: Path) -> None:
    """A package with bpe.model: only argostranslate reads such pieces."""
    from web.translation.argos import Engine
    from web.translation.packages import read

    package = read(folder)
    assert package is not None
    Engine(package, folder.parent / "argos", 1).translate(TEXTS)


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY),
    ):
        with suppress(OSError, ValueError):  # an even lower limit is in force
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
