"""Read turns one by one, as the tuned MiniLM feels them: what waits to be decided in their conversation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

SIZE = 384
MAX_PIECES = 96
OVERLAP = 24
PER_BATCH = 32
SHORT, MET = 40, 1_000
"""Texts of at most SHORT characters ("mm-hm") come again: the last ones, about MET, are not read anew."""
Rows = NDArray[np.float32]
HEADS = ("kinds", "responses")


@dataclass(frozen=True, slots=True)
class Felt:
    """A turn read for itself: scores and vectors that wait for its conversation."""

    shares: dict[str, Rows]
    """Scores of `kinds` and of `responses`."""
    own: dict[str, Rows]
    """The turn's own part in what is decided above, as a question (`kinds`) or an answer (`responses`)."""
    to_other: Rows
    """Its part in what is decided of the other speaker's next turn."""
    to_own: Rows
    """Its part in what is decided of the same speaker's next turn."""
    marks: Rows
    places: list[tuple[int, int]]
    """For each mark the characters that speak most for it."""
    offsets: list[tuple[int, int]]
    unsaid: Rows
    """The score of each word piece for the marks in UNSAID."""


class Reader:
    """Reads texts; safe to call from several threads. A text is read the same each time, bit for bit."""

    def __init__(
        self, encoder: Any, tokenizer: Tokenizer, heads: dict[str, Rows], unsaid: Sequence[int]
    ) -> None:
        self._encoder = encoder
        self._tokenizer = tokenizer
        self._heads = heads
        self._unsaid = list(unsaid)
        self._met: dict[str, Felt] = {}

    def read(self, texts: Sequence[str]) -> list[Felt]:
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

    def _read(self, texts: Sequence[str]) -> list[Felt]:
        windows: list[Encoding] = []
        where: list[tuple[int, int]] = []
        for whole in self._tokenizer.encode_batch(list(texts)):
            where.append((len(windows), len(windows) + 1 + len(whole.overflowing)))
            windows += [whole, *whole.overflowing]
        found: dict[int, Felt] = {}
        for places in _alike(windows):
            found.update(zip(places, self._batch([windows[place] for place in places]), strict=True))
        return [_joined([found[place] for place in range(*ends)]) for ends in where]

    def _batch(self, windows: Sequence[Encoding]) -> Iterator[Felt]:
        """Readings of windows of one length: every product has the shape it has for one window alone."""
        states = np.array(self._encoder.forward_batch([window.ids for window in windows]).last_hidden_state)
        looks = self._scores("looks", states)
        looks = np.exp(looks - looks.max(1, keepdims=True))
        seen = (looks / looks.sum(1, keepdims=True)).transpose(0, 2, 1) @ states
        each = self._scores("marks", states)
        marks, best = logsumexp(each), each.argmax(1).tolist()
        each_look = [seen[:, row : row + 1] for row in range(3)]
        shares = {head: self._scores(head, look)[:, 0] for head, look in zip(HEADS, each_look, strict=False)}
        own, other, same = np.split(self._heads["mixed.weight"][:, : 3 * SIZE], 3, axis=1)
        mixed = {
            head: (look @ own.T + self._heads["mixed.bias"])[:, 0]
            for head, look in zip(HEADS, each_look, strict=False)
        }
        to_other, to_own = (each_look[2] @ other.T)[:, 0], (each_look[2] @ same.T)[:, 0]
        for row, window in enumerate(windows):
            offsets = window.offsets
            yield Felt(
                {head: scores[row] for head, scores in shares.items()},
                {head: part[row] for head, part in mixed.items()},
                to_other[row],
                to_own[row],
                marks[row],
                [offsets[place] for place in best[row]],
                offsets,
                each[row][:, self._unsaid],
            )

    def _scores(self, head: str, rows: Rows) -> Rows:
        return rows @ self._heads[f"{head}.weight"].T + self._heads[f"{head}.bias"]


def logsumexp(each: Rows) -> Rows:
    """Over the pieces of each text."""
    top = each.max(1, keepdims=True)
    return cast(Rows, top[:, 0] + np.log(np.exp(each - top).sum(1)))


def _alike(windows: Sequence[Encoding]) -> Iterator[list[int]]:
    """The places of windows of the same length, PER_BATCH at most.

    Beside a longer one a window would be filled up, which changes the last digits of what is made of it.
    """
    order = sorted(range(len(windows)), key=lambda place: len(windows[place].ids))
    for _, group in groupby(order, key=lambda place: len(windows[place].ids)):
        same = list(group)
        yield from (same[start : start + PER_BATCH] for start in range(0, len(same), PER_BATCH))


def _joined(parts: Sequence[Felt]) -> Felt:
    """A long turn's windows as one: the question of its end, the answer of its beginning, all marks."""
    if len(parts) == 1:
        return parts[0]
    first, last = parts[0], parts[-1]
    marks = np.array([one.marks for one in parts])
    return Felt(
        {"kinds": last.shares["kinds"], "responses": first.shares["responses"]},
        {"kinds": last.own["kinds"], "responses": first.own["responses"]},
        last.to_other,
        last.to_own,
        marks.max(0),
        [parts[part].places[mark] for mark, part in enumerate(marks.argmax(0).tolist())],
        [place for one in parts for place in one.offsets],
        np.concatenate([one.unsaid for one in parts]),
    )
