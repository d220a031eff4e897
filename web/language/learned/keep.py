"""Write what was learned as files that need no torch: MiniLM for CTranslate2, the heads for numpy."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from transformers import AutoTokenizer

from web.language.learned.dialogues import PATTERNS
from web.language.learned.examples import FOLDER
from web.language.learned.network import Labels, Network, heads
from web.language.models import minilm_folder, sha256

WEIGHTS = Path(__file__).parent / "weights"


def keep(network: Network, labels: Labels, folder: Path = WEIGHTS) -> dict[str, Any]:
    """Write the folder and say what is in it, with the hash of each file and of the examples."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        network.bert.save_pretrained(place)
        AutoTokenizer.from_pretrained(str(minilm_folder())).save_pretrained(place)
        converter = ctranslate2.converters.TransformersConverter(place)
        converter.convert(str(folder), quantization="int8", force=True)
    rows: dict[str, Any] = {name: one.numpy() for name, one in heads(network).items()}
    np.savez(folder / "heads.npz", **rows)
    shape = {"kinds": labels.kinds, "responses": labels.responses, "marks": labels.marks}
    made = {
        "labels": shape,
        "examples": stamp(),
        "files": {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.name != "made.json"},
    }
    (folder / "made.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return made


def stamp(folder: Path = FOLDER) -> str:
    """One hash over all that is learned from, so that weights made from something else are noticed."""
    whole = hashlib.sha256()
    for path in sorted(path for pattern in ("**/*.yml", *PATTERNS) for path in folder.glob(pattern)):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()
