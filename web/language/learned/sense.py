"""What a turn sounds like to the learned coder: shares for its kind, and flags and tags with their places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from web.language.models import check, minilm_folder
from web.language.parse import ModelMissing

WEIGHTS = Path(__file__).parent / "weights"
MAX_PIECES = 96
OVERLAP = 24
PER_BATCH = 32
Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sensed:
    """Shares add up to 1 within kinds and within responses; each mark has its own likelihood from 0 to 1."""

    kinds: dict[str, float]
    responses: dict[str, float]
    marks: dict[str, float]
    places: dict[str, tuple[int, int]]
    """For each mark the characters that speak most for it."""


class Sense:
    """Reads sentences; safe to call from several threads."""

    def __init__(
        self, encoder: Any, tokenizer: Tokenizer, heads: dict[str, Rows], labels: dict[str, Any]
    ) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._heads = heads
        self._labels = labels

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Sense:
        """The learned weights as they are kept with the code. ModelMissing says which file is not the one."""
        return _load(folder)

    def read(self, texts: Sequence[str]) -> list[Sensed]:
        """One reading a text, in order. Longer texts than MAX_PIECES are read in windows that overlap."""
        windows: list[Any] = []
        where: list[tuple[int, int]] = []
        for whole in self._tokenizer.encode_batch(list(texts)):
            where.append((len(windows), len(windows) + 1 + len(whole.overflowing)))
            windows += [whole, *whole.overflowing]
        order = sorted(range(len(windows)), key=lambda place: len(windows[place].ids))
        found: dict[int, Sensed] = {}
        for start in range(0, len(order), PER_BATCH):
            places = order[start : start + PER_BATCH]
            output = self._encoder.forward_batch([windows[place].ids for place in places])
            states = np.array(output.last_hidden_state)
            for row, place in enumerate(places):
                found[place] = self._sensed(states[row, : len(windows[place].ids)], windows[place].offsets)
        return [_joined([found[place] for place in range(*ends)]) for ends in where]

    def _sensed(self, states: Rows, offsets: Sequence[tuple[int, int]]) -> Sensed:
        looks = self._scores("looks", states)
        looks = np.exp(looks - looks.max(0))
        kind, response = (looks / looks.sum(0)).T @ states
        each = self._scores("marks", states)
        top = each.max(0)
        marks = top + np.log(np.exp(each - top).sum(0))
        best = each.argmax(0)
        names = self._labels["marks"]
        return Sensed(
            _shares(self._labels["kinds"], self._scores("kinds", kind)),
            _shares(self._labels["responses"], self._scores("responses", response)),
            dict(zip(names, (1 / (1 + np.exp(-marks))).tolist(), strict=True)),
            {name: offsets[place] for name, place in zip(names, best, strict=True)},
        )

    def _scores(self, head: str, rows: Rows) -> Rows:
        return rows @ self._heads[f"{head}.weight"].T + self._heads[f"{head}.bias"]


def _joined(parts: Sequence[Sensed]) -> Sensed:
    """A long turn's windows as one: the kind of its end, the answer of its beginning, marks from anywhere."""
    if len(parts) == 1:
        return parts[0]
    best = {name: max(parts, key=lambda one: one.marks[name]) for name in parts[0].marks}
    return Sensed(
        parts[-1].kinds,
        parts[0].responses,
        {name: one.marks[name] for name, one in best.items()},
        {name: one.places[name] for name, one in best.items()},
    )


def _shares(names: Sequence[str], scores: Rows) -> dict[str, float]:
    shares = np.exp(scores - scores.max())
    return dict(zip(names, (shares / shares.sum()).tolist(), strict=True))


@cache
def _load(folder: Path) -> Sense:
    card = folder / "made.json"
    if not card.is_file():
        raise ModelMissing(f"{card} is missing: the learned weights are not there; get the project anew")
    made = json.loads(card.read_text("utf-8"))
    check(folder, {name: [total] for name, total in made["files"].items()})
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES, stride=OVERLAP)
    encoder = ctranslate2.Encoder(str(folder), device="cpu", compute_type="int8", intra_threads=1)
    with np.load(folder / "heads.npz", allow_pickle=False) as file:
        heads = {name: file[name] for name in file.files}
    return Sense(encoder, tokenizer, heads, made["labels"])
