"""Learn from nlu_data/: `python -m web.language.learned.train` writes web/language/learned/weights/.

Always the same steps in the same order from one seed; on another processor the last digits of the weights may
differ, which is why the weights are kept with the code and not made anew on every machine.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from web.language.encoder import Encoder
from web.language.learned.batches import batch, batches, single, wanted
from web.language.learned.dialogues import Told, read_dialogues, told
from web.language.learned.examples import FLAGS, FOLDER, Example, read_examples
from web.language.learned.network import Labels, Network
from web.language.learned.said import UNSAID
from web.language.learned.vary import vary

SEED = 7
ROUNDS = 4
ABOVE, HEADS = 1.5e-4, 5e-3
"""Steps (learning rates) of MiniLM's upper layers and of the heads."""
ACUTE, OTHER = 4.0, 2.0
"""How much heavier a missed acute tag weighs than a false one; other marks weigh OTHER."""
UNRULED = 0.1
"""Share of turns that are decided without the rules, so that the network can also stand alone."""

Dialogue = tuple[list[Told], list[Told]]
"""The turns of a dialogue as written and as bare text."""


def train(
    folder: Path,
    dialogues: Sequence[Dialogue],
    examples: Sequence[Example],
    rounds: int = ROUNDS,
    say: Callable[[str], object] = print,
) -> tuple[Network, Labels]:
    """Fit the network on as many cores as torch has been given."""
    labels = labels_of([*examples, *(one.example for talk, _ in dialogues for one in talk)])
    torch.manual_seed(SEED)
    dice = random.Random(SEED)  # noqa: S311 - no secret, the same draws every time
    network = Network(folder, labels, UNSAID)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    optimiser, pace = _optimiser(network, rounds * len(dialogues))
    network.train()
    for turn in range(rounds):
        began, losses = time.monotonic(), []
        chosen = [talk[dice.random() < 0.4] for talk in dialogues]
        for turns in batches(chosen, [single(one) for one in examples], dice):
            varied = [_varied(one, examples, dice) for one in turns]
            with torch.autocast("cpu", torch.bfloat16):
                loss = _loss(network, labels, tokenizer, varied)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            pace.step()
            losses.append(loss.item())
        mean, spent = sum(losses) / len(losses), time.monotonic() - began
        say(f"round {turn + 1} of {rounds}: loss {mean:.3f}, {spent:.0f} s")
    return network.eval(), labels


def labels_of(examples: Sequence[Example]) -> Labels:
    tags = sorted({tag for one in examples for tag in one.tags or ()})
    return Labels(
        kinds=tuple(sorted({one.kind for one in examples if one.kind})),
        responses=tuple(sorted({one.response for one in examples if one.response})),
        marks=(*FLAGS, *tags),
    )


def _optimiser(
    network: Network, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    below = [one for one in network.bert.parameters() if one.requires_grad]
    ours = {id(one) for one in network.bert.parameters()}
    above = [one for one in network.parameters() if id(one) not in ours]
    optimiser = torch.optim.AdamW([{"params": below, "lr": ABOVE}, {"params": above, "lr": HEADS}])
    pace = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [ABOVE, HEADS], total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    return optimiser, pace


def _varied(one: Told, examples: Sequence[Example], dice: random.Random) -> Told:
    if one.alone:
        return replace(one, example=vary(one.example, examples, dice))
    return replace(one, rule=None, worded=None) if dice.random() < UNRULED else one


def _loss(network: Network, labels: Labels, tokenizer: Tokenizer, turns: Sequence[Told]) -> torch.Tensor:
    kinds, responses, marks = network(batch(turns, labels, tokenizer))
    there, known = wanted(labels, turns)
    weight = torch.tensor([ACUTE if mark.startswith("SAF") else OTHER for mark in labels.marks])
    each = functional.binary_cross_entropy_with_logits(marks, there, pos_weight=weight, reduction="none")
    loss = 4 * (each * known).sum() / len(turns)
    gold = [labels.kinds.index(one.example.kind) if one.example.kind else -1 for one in turns]
    answers = [labels.responses.index(one.example.response) if one.example.response else -1 for one in turns]
    for scores, right in ((kinds, gold), (responses, answers)):
        if max(right) >= 0:
            one = functional.cross_entropy(
                scores, torch.tensor(right), ignore_index=-1, label_smoothing=0.05, reduction="sum"
            )
            loss = loss + one / len(turns)
    return loss


def learn(say: Callable[[str], object]) -> tuple[Network, Labels]:
    """From everything in nlu_data/ that may be learned from."""
    from web.language.models import minilm_folder

    encoder = Encoder.load()
    rows = read_dialogues()
    say(f"{len(rows)} dialogues: what the rules make of them")
    dialogues = [(told(one, encoder), told(one, encoder, plain=True)) for one in rows]
    torch.set_num_threads(os.cpu_count() or 1)  # the parser has kept everything to one
    return train(minilm_folder(), dialogues, read_examples(FOLDER), say=say)


def main() -> None:
    from web.language.learned.keep import keep

    network, labels = learn(lambda line: sys.stderr.write(f"{line}\n"))
    sys.stdout.write(json.dumps(keep(network, labels)) + "\n")


if __name__ == "__main__":
    main()
