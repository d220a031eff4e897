"""Which model files we know, and whether the installed ones are those.

Both packages are third-party re-uploads of official models, so their files are checked against
known SHA-256 sums (data/models.json) before they are loaded.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from web.language.parse import ModelMissing, model_folder

KNOWN = Path(__file__).parent / "data" / "models.json"


@cache
def minilm_folder() -> Path:
    """The checked folder of all-MiniLM-L6-v2. Raises ModelMissing naming the file that differs."""
    known = json.loads(KNOWN.read_text("utf-8"))["minilm"]
    folder = model_folder(*known["packages"]) / str(known["folder"])
    check(folder, known["files"])
    return folder


@cache
def check_parser() -> Path:
    """The checked folder of the spaCy model. Raises ModelMissing naming the file that differs."""
    known = json.loads(KNOWN.read_text("utf-8"))["spacy"]
    package = model_folder(*known["packages"])
    inner = sorted(package.glob(f"{known['folder']}*"))
    if not inner:
        raise ModelMissing(f"{package} has no {known['folder']}* folder: install the package again")
    check(inner[0], known["files"])
    return inner[0]


def check(folder: Path, files: dict[str, Any]) -> None:
    """Compare each file's SHA-256 with the sums we know; any known one will do."""
    for name, sums in files.items():
        path = folder / name
        if not path.is_file():
            raise ModelMissing(f"{path} is missing: install the model package again")
        found = sha256(path)
        if found not in sums:
            raise ModelMissing(f"{path} is not a file we know: SHA-256 {found}, expected {' or '.join(sums)}")


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
