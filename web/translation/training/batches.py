"""Rounds over the corpora as batches of numbers: reproducible, and cheap to go on with in the middle."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from torch import Tensor

from web.translation.training.corpora import Names, Pair, bare, read
from web.translation.training.network import LONGEST
from web.translation.training.pieces import BEGIN, END, PAD, prefix

BARE = 0.1  # share of sources without capitals and marks
JOINED = (
    0.15  # chance that a sentence is followed by the next: the corpora hold single short ones, turns do not
)
Numbers = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One network of recipes.yml. `packages` are language pairs such as "uk-en"; `corpora` says how often
    each is read in a round (2.5: twice, and a half drawn anew); `after` is the network it begins as."""

    name: str
    packages: tuple[str, ...]
    pieces: int
    corpora: dict[str, dict[str, float]]
    after: str | None = None

    @classmethod
    def of(cls, name: str, entry: dict[str, Any]) -> Recipe:
        return cls(name, tuple(entry["packages"]), entry["pieces"], entry["corpora"], entry.get("after"))

    @property
    def reverse(self) -> bool:
        return self.packages[0].startswith("en-")

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(pair.split("-")[1] for pair in self.packages))

    def languages(self) -> set[str]:
        return {code for pair in self.packages for code in pair.split("-")}

    def pairs(self, folder: Path) -> Iterator[tuple[str, float, list[Pair]]]:
        """(source language, times a round, pairs) of every corpus. Raises BadCorpus."""
        for languages, kinds in self.corpora.items():
            source = "en" if self.reverse else languages.split("-")[0]
            for kind, times in kinds.items():
                yield source, times, read(folder, languages, kind, self.reverse)


class Rounds:
    """Round n is always the same: `batches(n)` shuffles, varies and cuts with dice of their own."""

    def __init__(self, recipe: Recipe, folder: Path, pieces: Path, tokens: int, seed: int) -> None:
        """`tokens` is the number of word pieces, source and target together, in a batch."""
        self._corpora = list(recipe.pairs(folder))
        self._names = Names()
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(pieces))
        self._several = len(recipe.targets) > 1
        self._tokens = tokens
        self._seed = seed

    def batches(self, number: int) -> list[tuple[Tensor, Tensor]]:
        """Sources (with their end) and targets (with beginning and end), padded on the right."""
        dice = random.Random(f"{self._seed}:{number}")  # noqa: S311 - it shuffles, it keeps no secret
        varied = [
            pair
            for source, times, pairs in self._corpora
            for read in drawn(pairs, times, dice)
            for pair in joined([self._names.vary(pair, source, dice) for pair in read], dice)
        ]
        numbers = self._numbers(varied, dice)
        dice.shuffle(numbers)
        numbers.sort(key=lambda one: (len(one[0]), len(one[1])))
        cut = [
            batch for _, same in groupby(numbers, lambda one: len(one[0])) for batch in self._cut(list(same))
        ]
        dice.shuffle(cut)
        return [_tensors(batch) for batch in cut]

    def _numbers(self, pairs: list[Pair], dice: random.Random) -> list[Numbers]:
        texts = [bare(pair.text) if dice.random() < BARE else pair.text for pair in pairs]
        sources = self._pieces.encode(texts, num_threads=2)
        targets = self._pieces.encode([pair.translation for pair in pairs], num_threads=2)
        begins = {p.target: self._begin(p.target) for p in pairs}
        made = [
            ([*source, END], [*begins[pair.target], *target, END])
            for source, target, pair in zip(sources, targets, pairs, strict=True)
        ]
        return [one for one in made if max(map(len, one)) <= LONGEST and min(map(len, one)) > 1]

    def _begin(self, target: str) -> list[int]:
        return [BEGIN, self._pieces.piece_to_id(prefix(target))] if self._several else [BEGIN]

    def _cut(self, same: list[Numbers]) -> Iterator[list[Numbers]]:
        """Batches of one source length, each padded to its longest target."""
        batch: list[Numbers] = []
        for one in same:
            if batch and (len(batch) + 1) * (len(one[0]) + len(one[1])) > self._tokens:
                yield batch
                batch = []
            batch.append(one)
        if batch:
            yield batch


def drawn(pairs: list[Pair], times: float, dice: random.Random) -> Iterator[list[Pair]]:
    """All the pairs, so many times; of a broken number the rest is a share of them."""
    yield from [pairs] * int(times)
    if times % 1:
        yield dice.sample(pairs, round(len(pairs) * (times % 1)))


def joined(pairs: list[Pair], dice: random.Random) -> Iterator[Pair]:
    """The pairs in another order, some of them two or more in one."""
    dice.shuffle(pairs)
    text, translation = [], []
    for pair in pairs:
        text.append(pair.text)
        translation.append(pair.translation)
        if dice.random() >= JOINED:
            yield Pair(" ".join(text), " ".join(translation), pair.target)
            text, translation = [], []
    if text:
        yield Pair(" ".join(text), " ".join(translation), pairs[-1].target)


def _tensors(batch: list[Numbers]) -> tuple[Tensor, Tensor]:
    longest = max(len(target) for _, target in batch)
    sources = torch.tensor([source for source, _ in batch])
    return sources, torch.tensor([target + [PAD] * (longest - len(target)) for _, target in batch])
