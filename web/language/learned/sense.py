"""What a turn sounds like to the learned coder: shares for its kind, and flags and tags with their places."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from web.language.models import check, minilm_folder
from web.language.parse import ModelMissing

WEIGHTS = Path(__file__).parent / "weights"
MAX_PIECES = 96
OVERLAP = 24
PER_BATCH = 32
SHORT, MET = 40, 1_000
"""Texts of at most SHORT characters ("mm-hm") come again: the last ones, about MET, are not read anew."""
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
    """Reads sentences; safe to call from several threads. A text is always read the same, bit for bit."""

    def __init__(
        self, encoder: Any, tokenizer: Tokenizer, heads: dict[str, Rows], labels: dict[str, Any]
    ) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._heads = heads
        self._labels = labels
        self._met: dict[str, Sensed] = {}

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Sense:
        """The learned weights as they are kept with the code. ModelMissing says which file is not the one."""
        return _load(folder)

    def read(self, texts: Sequence[str]) -> list[Sensed]:
        """One reading a text, in order. Longer texts than MAX_PIECES are read in windows that overlap."""
        known = {text: self._met[text] for text in set(texts) if text in self._met}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(fresh, self._read(fresh), strict=True))
        short = [text for text in fresh if len(text) <= SHORT]
        if len(self._met) + len(short) > MET:
            self._met.clear()
        self._met.update((text, known[text]) for text in short[:MET])
        return [known[text] for text in texts]

    def forget(self) -> None:
        """Read everything anew from here on."""
        self._met.clear()

    def _read(self, texts: Sequence[str]) -> list[Sensed]:
        windows: list[Encoding] = []
        where: list[tuple[int, int]] = []
        for whole in self._tokenizer.encode_batch(list(texts)):
            where.append((len(windows), len(windows) + 1 + len(whole.overflowing)))
            windows += [whole, *whole.overflowing]
        found: dict[int, Sensed] = {}
        for places in _alike(windows):
            found.update(zip(places, self._batch([windows[place] for place in places]), strict=True))
        return [_joined([found[place] for place in range(*ends)]) for ends in where]

    def _batch(self, windows: Sequence[Encoding]) -> Iterator[Sensed]:
        """Readings of windows of one length: every product has the shape it has for one window alone."""
        states = np.array(self._encoder.forward_batch([window.ids for window in windows]).last_hidden_state)
        looks = self._scores("looks", states)
        looks = np.exp(looks - looks.max(1, keepdims=True))
        seen = (looks / looks.sum(1, keepdims=True)).transpose(0, 2, 1) @ states
        each = self._scores("marks", states)
        top = each.max(1, keepdims=True)
        marks = top[:, 0] + np.log(np.exp(each - top).sum(1))
        kinds = _shares(self._scores("kinds", seen[:, :1]))
        responses = _shares(self._scores("responses", seen[:, 1:]))
        likely, best = (1 / (1 + np.exp(-marks))).tolist(), each.argmax(1).tolist()
        names = self._labels
        for row, window in enumerate(windows):
            offsets = window.offsets
            yield Sensed(
                dict(zip(names["kinds"], kinds[row], strict=True)),
                dict(zip(names["responses"], responses[row], strict=True)),
                dict(zip(names["marks"], likely[row], strict=True)),
                {name: offsets[place] for name, place in zip(names["marks"], best[row], strict=True)},
            )

    def _scores(self, head: str, rows: Rows) -> Rows:
        return rows @ self._heads[f"{head}.weight"].T + self._heads[f"{head}.bias"]


def _alike(windows: Sequence[Encoding]) -> Iterator[list[int]]:
    """The places of windows of the same length, PER_BATCH at most.

    Beside a longer one a window would be filled up, which changes the last digits of what is made of it.
    """
    order = sorted(range(len(windows)), key=lambda place: len(windows[place].ids))
    for _, group in groupby(order, key=lambda place: len(windows[place].ids)):
        same = list(group)
        yield from (same[start : start + PER_BATCH] for start in range(0, len(same), PER_BATCH))


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


def _shares(scores: Rows) -> list[list[float]]:
    """For rows of one score per name: their shares, adding up to 1."""
    shares = np.exp(scores[:, 0] - scores[:, 0].max(1, keepdims=True))
    return cast(list[list[float]], (shares / shares.sum(1, keepdims=True)).tolist())


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
