"""Learn from nlu_data/: `python -m web.language.learned.train` writes web/language/learned/weights/.

Always the same steps in the same order from one seed; on another processor the last digits of the weights may
differ, which is why the weights are kept with the code and not made anew on every machine.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from web.language.learned.examples import FOLDER, HEARD_FLAGS, Example, read_examples
from web.language.learned.network import Labels, Network, padded
from web.language.learned.vary import vary

SEED = 7
ROUNDS = 7
BATCH = 32
MAX_PIECES = 96
ABOVE, HEADS = 2e-4, 1e-2
"""Steps (learning rates) of MiniLM's upper layers and of the heads."""
ACUTE = 5.0
"""How much heavier a missed acute tag weighs than a false one; other tags weigh OTHER."""
OTHER = 3.0


def train(
    folder: Path, examples: Sequence[Example], rounds: int = ROUNDS, say: Callable[[str], object] = print
) -> tuple[Network, Labels]:
    """Fit the network to the examples on as many cores as torch has been given."""
    labels = labels_of(examples)
    random.seed(SEED)
    torch.manual_seed(SEED)
    network = Network(folder, labels)
    tokenizer = tokenizer_of(folder)
    above = [one for one in network.bert.parameters() if one.requires_grad]
    below = {id(one) for one in network.bert.parameters()}
    rest = [one for one in network.parameters() if id(one) not in below]
    optimiser = torch.optim.AdamW([{"params": above, "lr": ABOVE}, {"params": rest, "lr": HEADS}])
    steps = rounds * (len(examples) // BATCH + 1)
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [ABOVE, HEADS], total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    dice = random.Random(SEED)  # noqa: S311 - no secret, the same draws every time
    network.train()
    for turn in range(rounds):
        began, total = time.monotonic(), 0.0
        for batch in _batches(examples, dice):
            with torch.autocast("cpu", torch.bfloat16):
                loss = _loss(network, labels, tokenizer, [vary(one, examples, dice) for one in batch])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            pace.step()
            total += loss.item() * len(batch)
        mean, spent = total / len(examples), time.monotonic() - began
        say(f"round {turn + 1} of {rounds}: loss {mean:.3f}, {spent:.0f} s")
    return network.eval(), labels


def labels_of(examples: Sequence[Example]) -> Labels:
    tags = sorted({tag for one in examples for tag in one.tags or ()})
    return Labels(
        kinds=tuple(sorted({one.kind for one in examples if one.kind})),
        responses=tuple(sorted({one.response for one in examples if one.response})),
        marks=(*HEARD_FLAGS, *tags),
    )


def tokenizer_of(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    return tokenizer


def _batches(examples: Sequence[Example], dice: random.Random) -> Iterator[list[Example]]:
    """All examples in a new order, those of like length together."""
    order = list(examples)
    dice.shuffle(order)
    pools = [order[start : start + BATCH * 16] for start in range(0, len(order), BATCH * 16)]
    batches = []
    for pool in pools:
        pool.sort(key=lambda one: len(one.text))
        batches += [pool[start : start + BATCH] for start in range(0, len(pool), BATCH)]
    dice.shuffle(batches)
    yield from batches


def _loss(network: Network, labels: Labels, tokenizer: Tokenizer, batch: Sequence[Example]) -> torch.Tensor:
    ids, mask = padded([piece.ids for piece in tokenizer.encode_batch([one.text for one in batch])])
    kinds, responses, marks = network(ids, mask)
    gold = [labels.kinds.index(one.kind) if one.kind else -1 for one in batch]
    answers = [labels.responses.index(one.response) if one.response else -1 for one in batch]
    wanted, known = _marks(labels, batch)
    weight = torch.tensor([ACUTE if mark.startswith("SAF") else OTHER for mark in labels.marks])
    each = functional.binary_cross_entropy_with_logits(marks, wanted, pos_weight=weight, reduction="none")
    loss = 4 * (each * known).sum() / len(batch)
    for scores, right in ((kinds, gold), (responses, answers)):
        if max(right) >= 0:
            one = functional.cross_entropy(
                scores, torch.tensor(right), ignore_index=-1, label_smoothing=0.05, reduction="sum"
            )
            loss = loss + one / len(batch)
    return loss


def _marks(labels: Labels, batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """Which marks each example has, and about which it says anything."""
    flags = len(HEARD_FLAGS)
    wanted, known = torch.zeros(len(batch), len(labels.marks)), torch.zeros(len(batch), len(labels.marks))
    for row, one in enumerate(batch):
        here = (one.flags or frozenset()) | (one.tags or frozenset())
        wanted[row] = torch.tensor([mark in here for mark in labels.marks], dtype=torch.float)
        known[row, :flags] = float(one.flags is not None)
        known[row, flags:] = float(one.tags is not None)
    return wanted, known


def main() -> None:
    from web.language.learned.keep import keep
    from web.language.models import minilm_folder

    network, labels = train(
        minilm_folder(), read_examples(FOLDER), say=lambda line: sys.stderr.write(f"{line}\n")
    )
    sys.stdout.write(json.dumps(keep(network, labels)) + "\n")


if __name__ == "__main__":
    main()
