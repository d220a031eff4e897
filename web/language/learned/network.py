"""The network in training: MiniLM below, one small head above it for each question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

SIZE = 384
FROZEN = 2
"""Layers, counted from the input, that stay as they are; with the word vectors they know English already."""
RARE = -6.0
"""Where the score of a flag or tag starts: nothing is tagged until examples say so."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of each head's rows."""

    kinds: tuple[str, ...]
    responses: tuple[str, ...]
    marks: tuple[str, ...]
    """Flags and tags: any number of them in a turn."""


class Network(nn.Module):
    """Scores for one of `kinds`, one of `responses`, and each of `marks`."""

    def __init__(self, folder: Path, labels: Labels) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(str(folder), local_files_only=True)
        for part in (self.bert.embeddings, *self.bert.encoder.layer[:FROZEN]):
            part.requires_grad_(False)
        self.looks = nn.Linear(SIZE, 2)
        """Where in the turn to look for its kind and for its response."""
        self.kinds = nn.Linear(SIZE, len(labels.kinds))
        self.responses = nn.Linear(SIZE, len(labels.responses))
        self.marks = nn.Linear(SIZE, len(labels.marks))
        nn.init.constant_(self.marks.bias, RARE)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        there = mask.unsqueeze(-1).bool()
        looks = self.looks(states).float().masked_fill(~there, -1e4).softmax(1)
        kind, response = (states.transpose(1, 2) @ looks).unbind(-1)
        marks = self.marks(states).float().masked_fill(~there, -1e4).logsumexp(1)
        return self.kinds(kind).float(), self.responses(response).float(), marks.float()


def heads(network: Network) -> dict[str, Tensor]:
    """The weights above MiniLM by name, for use without torch."""
    return {
        f"{name}.{part}": getattr(getattr(network, name), part).detach()
        for name in ("looks", "kinds", "responses", "marks")
        for part in ("weight", "bias")
    }


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token ids as a rectangle, and which of them are there."""
    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    return ids, (torch.arange(longest) < torch.tensor([[len(row)] for row in rows])).long()
