"""What a turn is in its conversation: shares for its kind or answer, and flags and tags with their places."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from tokenizers import Tokenizer

from web.language.learned.felt import MAX_PIECES, OVERLAP, SIZE, Felt, Reader, Rows, logsumexp
from web.language.learned.said import UNSAID, covered
from web.language.models import check, minilm_folder
from web.language.parse import ModelMissing

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True, slots=True)
class Before:
    """What the last turns of both speakers leave behind, and what this one shares with them."""

    other: Rows | None = None
    own: Rows | None = None
    shared: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Thought:
    """Shares of the kinds of question or of answer, adding up to 1, and what that means for marks."""

    shares: dict[str, float]
    marks: Rows


@dataclass(frozen=True, slots=True)
class Sensed:
    """Each mark's own likelihood from 0 to 1, and the characters that speak most for it."""

    marks: dict[str, float]
    places: dict[str, tuple[int, int]]


Listen = Callable[[Collection[str]], Sensed]
"""What the learned coder makes of a turn, told which flags or tags the rules see in it."""


class Sense:
    """Decides about turns that were read; safe to call from several threads."""

    def __init__(
        self, encoder: Any, tokenizer: Tokenizer, heads: dict[str, Rows], labels: dict[str, Any]
    ) -> None:
        self._heads = heads
        self._names: dict[str, list[str]] = {
            key: list(labels[key]) for key in ("kinds", "responses", "marks")
        }
        self._rules = {
            name: place for place, name in enumerate([*self._names["kinds"], *self._names["responses"]])
        }
        self._unsaid = [self._names["marks"].index(name) for name in UNSAID]
        self._reader = Reader(encoder, tokenizer, heads, self._unsaid)

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Sense:
        """The learned weights as they are kept with the code. ModelMissing says which file is not the one."""
        return _load(folder)

    def read(self, texts: Sequence[str]) -> list[Felt]:
        """One reading a text, in order; the most of the work, done together for many."""
        return self._reader.read(texts)

    def think(self, felt: Felt, head: str, before: Before, rule: str | None) -> Thought:
        """The shares of `kinds` or `responses`, given what came before and what the rules make of it."""
        place = self._rules.get(rule or "", len(self._rules))
        mixed = felt.own[head] + self._heads["ruled"][place]
        for part in (before.other, before.own):
            if part is not None:
                mixed = mixed + part
        mixed = mixed + self._heads["mixed.weight"][:, 3 * SIZE :] @ np.array(before.shared, np.float32)
        above = self._heads["above.weight"] @ np.maximum(mixed, 0) + self._heads["above.bias"]
        kinds, rules = len(self._names["kinds"]), len(self._rules)
        columns = slice(0, kinds) if head == "kinds" else slice(kinds, rules)
        scores = felt.shares[head] + above[columns] + self._heads["trust"][place][columns]
        shares = np.exp(scores - scores.max())
        return Thought(
            dict(zip(self._names[head], (shares / shares.sum()).tolist(), strict=True)), above[rules:]
        )

    def marks(
        self,
        felt: Felt,
        thought: Thought,
        worded: Collection[str] | None,
        said: Sequence[tuple[int, int]] = (),
    ) -> Sensed:
        """Flags and tags, given which of them the rules see (None: not asked) and what the child has said."""
        scores, places, names = felt.marks.copy(), felt.places, self._names["marks"]
        if said:
            places = places.copy()
            theirs = np.array(covered(said, felt.offsets))
            each = np.where(theirs[:, None], -1e4, felt.unsaid)
            scores[self._unsaid] = logsumexp(each[None])[0]
            for mark, best in zip(self._unsaid, each.argmax(0).tolist(), strict=True):
                places[mark] = felt.offsets[best]
        scores += thought.marks
        if worded is not None:
            scores += self._heads["worded"] * np.array(
                [1.0 if name in worded else -1.0 for name in names], np.float32
            )
        likely = (1 / (1 + np.exp(-scores))).tolist()
        return Sensed(dict(zip(names, likely, strict=True)), dict(zip(names, places, strict=True)))

    def forget(self) -> None:
        """Read everything anew from here on."""
        self._reader.forget()


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
