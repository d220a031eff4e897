"""The network in training: MiniLM below, one small head above it for each question we ask of a turn.

A turn is read alone. What was said before it, and what the rules make of it, come in above, so that at run
time a turn is read once and decided when its conversation is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

SIZE = 384
HIDDEN = 128
COMMON = 3
"""Numbers that say what a turn has in common with earlier ones."""
FROZEN = 2
"""Layers, counted from the input, that stay as they are; with the word vectors they know English already."""
RARE = -6.0
"""Where the score of a flag or tag starts: nothing is tagged until examples say so."""
TRUSTED = 2.0
"""What a rule's word adds to a score before examples say how far to trust it."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of each head's rows."""

    kinds: tuple[str, ...]
    responses: tuple[str, ...]
    marks: tuple[str, ...]
    """Flags and tags: any number of them in a turn."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Turns side by side. Texts come in groups of like length; all else is in the order of the turns."""

    texts: list[tuple[Tensor, Tensor, Tensor, list[int]]]
    """Token ids, which are there, which the child has said, and whose texts these are."""
    other: Tensor
    """Place of the last turn by the other speaker in the batch; -1 if there is none. `own` alike."""
    own: Tensor
    asked: Tensor
    """1 for interviewers' turns, 0 for the child's."""
    rule: Tensor
    """Place of the rules' reading among kinds, then responses; the place after the last if unknown."""
    shared: Tensor
    """For each turn what it has in common with what was said before (said.shared)."""
    worded: Tensor
    """For each mark: 1 if the rules see it, -1 if they do not, 0 if they were not asked."""


class Network(nn.Module):
    """Scores for one of `kinds`, one of `responses`, and each of `marks`."""

    def __init__(self, folder: Path, labels: Labels, masked: Sequence[str]) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(
            str(folder), local_files_only=True, attention_probs_dropout_prob=0.0
        )
        for part in (self.bert.embeddings, *self.bert.encoder.layer[:FROZEN]):
            part.requires_grad_(False)
            _rests_never(part)
        kinds, responses, marks = len(labels.kinds), len(labels.responses), len(labels.marks)
        self.looks = nn.Linear(SIZE, 3)
        """Where in the turn to look for its kind, for its response, and for what the next turns need."""
        self.kinds = nn.Linear(SIZE, kinds)
        self.responses = nn.Linear(SIZE, responses)
        self.marks = nn.Linear(SIZE, marks)
        self.mixed = nn.Linear(3 * SIZE + COMMON, HIDDEN)
        self.ruled = nn.Embedding(kinds + responses + 1, HIDDEN)
        self.above = nn.Linear(HIDDEN, kinds + responses + marks)
        self.trust = nn.Embedding(kinds + responses + 1, kinds + responses)
        self.worded = nn.Parameter(torch.full((marks,), TRUSTED / 2))
        self.masked: Tensor
        self.register_buffer("masked", torch.tensor([name in masked for name in labels.marks]))
        self.rest = nn.Dropout(0.2)
        nn.init.constant_(self.marks.bias, RARE)
        nn.init.zeros_(self.above.weight)
        nn.init.zeros_(self.above.bias)
        nn.init.normal_(self.ruled.weight, std=0.1)
        with torch.no_grad():
            self.trust.weight.copy_(TRUSTED * torch.eye(kinds + responses + 1)[:, : kinds + responses])

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        count = len(batch.asked)
        pooled = torch.zeros(count, SIZE, 3)
        marks = torch.zeros(count, len(self.worded))
        for ids, there, said, places in batch.texts:
            found, each = self._read(ids, there, said)
            pooled = pooled.index_copy(0, torch.tensor(places), found)
            marks = marks.index_copy(0, torch.tensor(places), each)
        kind, response, carried = pooled.unbind(-1)
        none = torch.zeros(1, SIZE)
        carried = torch.cat([carried, none])
        self_ = torch.where(batch.asked.unsqueeze(1) > 0, kind, response)
        mixed = self.mixed(torch.cat([self_, carried[batch.other], carried[batch.own], batch.shared], 1))
        above = self.above(self.rest(torch.relu(mixed + self.ruled(batch.rule))))
        trust = self.trust(batch.rule)
        k, r = self.kinds.out_features, self.responses.out_features
        kinds = self.kinds(self.rest(kind)) + above[:, :k] + trust[:, :k]
        responses = self.responses(self.rest(response)) + above[:, k : k + r] + trust[:, k:]
        return kinds.float(), responses.float(), marks + above[:, k + r :] + batch.worded * self.worded

    def _read(self, ids: Tensor, there: Tensor, said: Tensor) -> tuple[Tensor, Tensor]:
        """For each text: what is seen by each look, and the score of each mark over all its pieces."""
        states = self.bert(input_ids=ids, attention_mask=there).last_hidden_state.float()
        away = ~there.unsqueeze(-1).bool()
        looks = self.looks(states).float().masked_fill(away, -1e4).softmax(1)
        theirs = said.unsqueeze(-1).bool() & self.masked
        marks = self.marks(self.rest(states)).float().masked_fill(away | theirs, -1e4).logsumexp(1)
        return states.transpose(1, 2) @ looks, marks


def _rests_never(part: nn.Module) -> None:
    """What does not learn needs no dropout, which takes a tenth of the time."""
    for module in part.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0


NAMES = ("looks", "kinds", "responses", "marks", "mixed", "above")


def heads(network: Network) -> dict[str, Tensor]:
    """The weights above MiniLM by name, for use without torch."""
    found = {
        f"{name}.{part}": getattr(getattr(network, name), part).detach()
        for name in NAMES
        for part in ("weight", "bias")
    }
    found |= {name: getattr(network, name).weight.detach() for name in ("ruled", "trust")}
    return {**found, "worded": network.worded.detach()}
