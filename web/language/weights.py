"""Where the trained part of the question coder is kept. Light to import: asked at every start."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "nlu_data" / "question_types.yml"
RECIPE = Path(__file__).parent / "question" / "classifier.py"


def kept(folder: Path | None = None, examples: Path = EXAMPLES) -> Path:
    """The file with the weights for these examples, there or not; its name changes with all it depends on."""
    folder = folder or Path(os.environ.get("TELLMORE_HOME", "var")).resolve() / "models"
    stamp = hashlib.sha256(examples.read_bytes() + RECIPE.read_bytes()).hexdigest()[:16]
    return folder / f"questions-{stamp}.npz"
