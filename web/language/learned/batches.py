"""Examples and turns of dialogues as the tensors that the network takes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from web.language.learned.dialogues import Told
from web.language.learned.examples import FLAGS, HEARD_FLAGS, Example
from web.language.learned.felt import MAX_PIECES
from web.language.learned.network import Batch, Labels
from web.language.learned.said import covered

GROUP = 16
"""Turns of like length are read together."""
BESIDE = 24
"""Single examples beside each dialogue."""


def batches(
    dialogues: Sequence[Sequence[Told]], examples: Sequence[Told], dice: random.Random
) -> Iterator[list[Told]]:
    """Every dialogue once, in a new order, with single examples beside it, those of like length together."""
    order = list(dialogues)
    dice.shuffle(order)
    singles = list(examples)
    dice.shuffle(singles)
    pools = [singles[start : start + BESIDE * 16] for start in range(0, len(singles), BESIDE * 16)]
    beside = [
        pool[start : start + BESIDE]
        for pool in (sorted(pool, key=lambda one: len(one.example.text)) for pool in pools)
        for start in range(0, len(pool), BESIDE)
    ]
    dice.shuffle(beside)
    beside += [[] for _ in range(len(order) - len(beside))]
    for dialogue, more in zip(order, beside, strict=False):
        yield [*dialogue, *more]


def batch(turns: Sequence[Told], labels: Labels, tokenizer: Tokenizer) -> Batch:
    """The turns' texts as word pieces, and all that is known of them beside."""
    rules = {name: place for place, name in enumerate((*labels.kinds, *labels.responses))}
    return Batch(
        texts=list(_groups(turns, tokenizer)),
        other=torch.tensor([one.other for one in turns]),
        own=torch.tensor([one.own for one in turns]),
        asked=torch.tensor([float(one.asked) for one in turns]),
        rule=torch.tensor([rules.get(one.rule or "", len(rules)) for one in turns]),
        shared=torch.tensor([one.shared for one in turns]),
        worded=torch.tensor([_worded(one, labels) for one in turns]),
    )


def _worded(one: Told, labels: Labels) -> list[float]:
    if one.worded is None:
        return [0.0] * len(labels.marks)
    return [1.0 if name in one.worded else -1.0 for name in labels.marks]


def _groups(
    turns: Sequence[Told], tokenizer: Tokenizer
) -> Iterator[tuple[Tensor, Tensor, Tensor, list[int]]]:
    pieces: list[Encoding] = tokenizer.encode_batch([one.example.text for one in turns])
    order = sorted(range(len(turns)), key=lambda place: len(pieces[place].ids))
    for start in range(0, len(order), GROUP):
        places = order[start : start + GROUP]
        rows = [_cut(pieces[place], turns[place]) for place in places]
        longest = max(len(ids) for ids, _ in rows)
        ids = torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids, _ in rows])
        there = (torch.arange(longest) < torch.tensor([[len(ids)] for ids, _ in rows])).long()
        said = torch.tensor([[*said, *[False] * (longest - len(said))] for _, said in rows])
        yield ids, there, said, places


def _cut(pieces: Encoding, one: Told) -> tuple[list[int], list[bool]]:
    """Of a long question the end, of a long answer the beginning: what is asked comes last."""
    ids, said = pieces.ids, covered(one.said, pieces.offsets)
    if len(ids) <= MAX_PIECES:
        return ids, said
    if one.asked:
        return [ids[0], *ids[1 - MAX_PIECES :]], [False, *said[1 - MAX_PIECES :]]
    return [*ids[: MAX_PIECES - 1], ids[-1]], [*said[: MAX_PIECES - 1], False]


def wanted(labels: Labels, turns: Sequence[Told]) -> tuple[Tensor, Tensor]:
    """Which marks each turn has, and about which it says anything."""
    flags = [name in FLAGS for name in labels.marks]
    there, known = torch.zeros(len(turns), len(flags)), torch.zeros(len(turns), len(flags))
    for row, one in enumerate(turns):
        here = (one.example.flags or frozenset()) | (one.example.tags or frozenset())
        there[row] = torch.tensor([mark in here for mark in labels.marks], dtype=torch.float)
        known[row] = torch.tensor(_known(one, labels, flags))
    return there, known


def _known(one: Told, labels: Labels, flags: Sequence[bool]) -> list[float]:
    """A sentence alone says nothing about flags that need a dialogue."""
    told = one.example.flags is not None, one.example.tags is not None
    return [
        float(told[0] and (not one.alone or mark in HEARD_FLAGS)) if flag else float(told[1])
        for mark, flag in zip(labels.marks, flags, strict=True)
    ]


def single(one: Example) -> Told:
    """An example without a dialogue, about which no rule was asked: the rules were made with it in view."""
    return Told(one, asked=one.kind is not None, alone=True)
