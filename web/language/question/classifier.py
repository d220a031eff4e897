"""A linear classifier over a turn's meaning and form, for turns the rules are not sure of.

Trained from nlu_data/question_types.yml in a few seconds, always to the same weights. They are kept
in TELLMORE_HOME/models, named by the hash of everything they depend on, so stale ones are never read.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from web.language.encoder import Encoder, Vector
from web.language.weights import EXAMPLES, kept

_FORM = re.compile(r"[^\w\s'-]")


@dataclass(frozen=True, slots=True)
class Classifier:
    """Scores a sentence vector and the turn's form against every `type/subtype`."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def probabilities(self, vector: Vector, text: str) -> dict[str, float]:
        scores = self.weights @ np.concatenate([vector, form(text)]) + self.bias
        shares = np.exp(scores - scores.max())
        return dict(zip(self.labels, (shares / shares.sum()).tolist(), strict=True))

    @classmethod
    def load(cls, encoder: Encoder, folder: Path | None = None, examples: Path = EXAMPLES) -> Classifier:
        """Read the kept weights or train them. ValueError names a file of examples that has none."""
        path = kept(folder, examples)
        if path.is_file():
            with np.load(path, allow_pickle=False) as file:
                return cls(tuple(map(str, file["labels"])), file["weights"], file["bias"])
        trained = train(encoder, examples)
        _keep(trained, path)
        return trained


def train(encoder: Encoder, examples: Path = EXAMPLES) -> Classifier:
    """Fit on every example as written and as speech recognition would write it."""
    from sklearn.linear_model import LogisticRegression

    pairs = read_examples(examples)
    texts = [variant for text, _ in pairs for variant in (text, bare(text))]
    labels = [label for _, label in pairs for _ in range(2)]
    rows = np.hstack([encoder.encode(texts), np.stack([form(text) for text in texts])])
    model = LogisticRegression(C=8.0, max_iter=400, class_weight="balanced").fit(rows, labels)
    names = tuple(map(str, model.classes_))
    return Classifier(names, model.coef_.astype(np.float32), model.intercept_.astype(np.float32))


def read_examples(path: Path) -> list[tuple[str, str]]:
    """(text, intent) of a Rasa NLU file."""
    data: Any = yaml.safe_load(path.read_text("utf-8"))
    pairs = [
        (line[2:].strip(), str(entry["intent"]))
        for entry in data["nlu"]
        for line in entry["examples"].splitlines()
        if line.startswith("- ")
    ]
    if not pairs:
        raise ValueError(f"{path} has no examples")
    return pairs


def bare(text: str) -> str:
    return " ".join(_FORM.sub(" ", text).lower().split())


def form(text: str) -> NDArray[np.float32]:
    """What a turn looks like: its first words, its length, its end."""
    words = bare(text).split()
    first, second = (words + ["", ""])[:2]
    marks = (
        text.rstrip().endswith("?"),
        first in {"you", "he", "she", "they", "it", "so", "and"},
        first in {"i", "my", "we", "this", "the", "it's", "i'm"},
        first in {"please", "if", "don't", "let's", "when", "remember", "only"},
        second in {"can", "may", "need", "don't", "have", "should"},
        "thank" in first or "you're" in words[:2],
        len(words) <= 2,
        len(words) >= 12,
        any(word.endswith("ed") for word in words),
        "you" in words,
    )
    return np.array(marks, dtype=np.float32)


def _keep(trained: Classifier, path: Path) -> None:
    """Write whole or not at all; a folder that cannot be written costs the next start a few seconds."""
    part = path.with_name(f"{path.stem}.{os.getpid()}.part.npz")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(part, labels=np.array(trained.labels), weights=trained.weights, bias=trained.bias)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
