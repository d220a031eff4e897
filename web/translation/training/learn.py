"""Trains one network: warm up, go on at one speed as long as there is time, slow down at the end.

The state before slowing down is kept, so that a later run can go on from it (Hu et al. 2024, MiniCPM).
Matrices inside the layers learn by Muon (Jordan et al. 2024), everything else by AdamW.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from web.translation.training.batches import Rounds
from web.translation.training.network import Network, Shape
from web.translation.training.pieces import PAD

SMOOTHING = 0.1
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """Speeds of learning, and how many steps warming up takes."""

    matrices: float = 4e-3
    others: float = 2e-3
    warm_up: int = 200
    save_every: int = 200


class Course:
    """A network on its way: weights, optimisers and the place in the data, in one file."""

    def __init__(self, shape: Shape, rounds: Rounds, file: Path, pace: Pace, seed: int) -> None:
        torch.manual_seed(seed)
        self.network = Network(shape)
        self._rounds, self._file, self._pace = rounds, file, pace
        matrices = [p for n, p in self.network.named_parameters() if p.dim() == 2 and "embedding" not in n]
        others = [p for n, p in self.network.named_parameters() if p.dim() != 2 or "embedding" in n]
        self._optimisers: list[Any] = [
            torch.optim.Muon(matrices, lr=pace.matrices, weight_decay=0.02, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, lr=pace.others, betas=(0.9, 0.98), weight_decay=0.0),
        ]
        self.step = self.number = self.batch = 0
        if file.exists():
            self._load()

    def go(self, steps: int, slow: int, say: Say) -> None:
        """Train until step `steps` at full speed, keep that state, then `slow` steps slower and slower."""
        began, since = time.monotonic(), self.step
        losses: list[float] = []
        for sources, targets in self._stream():
            left = steps + slow - self.step
            if left <= 0:
                return
            if self.step == steps or self.step < steps and self.step % self._pace.save_every == 0:
                self._save()
            speed = min(1.0, (self.step + 1) / self._pace.warm_up, left / max(1, slow))
            losses.append(self._learn(sources, targets, speed))
            self.step += 1
            if self.step % 100 == 0:
                pace = (time.monotonic() - began) / (self.step - since)
                mean = sum(losses) / len(losses)
                where = f"step {self.step} of {steps + slow}, round {self.number}"
                say(f"{where}, loss {mean:.3f}, {pace:.2f} s a step")
                losses = []

    def _stream(self) -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            batches = self._rounds.batches(self.number)
            while self.batch < len(batches):
                self.batch += 1
                yield batches[self.batch - 1]
            self.number, self.batch = self.number + 1, 0

    def _learn(self, sources: Tensor, targets: Tensor, speed: float) -> float:
        for optimiser, full in zip(self._optimisers, (self._pace.matrices, self._pace.others), strict=True):
            for group in optimiser.param_groups:
                group["lr"] = full * speed
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.network(sources, targets[:, :-1])
        loss = functional.cross_entropy(
            logits.float().flatten(0, 1),
            targets[:, 1:].flatten(),
            ignore_index=PAD,
            label_smoothing=SMOOTHING,
        )
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        for optimiser in self._optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _save(self) -> None:
        """The batch in hand has not been learned: it comes again."""
        state = {
            "network": self.network.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
            "place": (self.step, self.number, self.batch - 1),
            "shape": asdict(self.network.shape),
            "dice": torch.get_rng_state(),
        }
        fresh = self._file.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self._file)

    def _load(self) -> None:
        state = torch.load(self._file, weights_only=True)
        self.network.load_state_dict(state["network"])
        for optimiser, kept in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step, self.number, self.batch = state["place"]
        torch.set_rng_state(state["dice"])


def inherit(network: Network, pieces: list[str], elder: dict[str, Tensor], known: list[str]) -> None:
    """Let `network` begin as a network trained on other languages (Kocmi and Bojar 2018, trivial transfer
    learning): all its layers, and the embeddings of the pieces that stand in both lists."""
    place = {piece: number for number, piece in enumerate(known)}
    here = [number for number, piece in enumerate(pieces) if piece in place]
    there = [place[pieces[number]] for number in here]
    own = network.state_dict()
    for name, values in elder.items():
        if name in ("embedding.weight", "bias"):
            own[name][here] = values[there]
        else:
            own[name].copy_(values)
