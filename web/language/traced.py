"""The sentence model as one recorded computation: the same numbers as the library's own, with less detour.

The library walks through a hundred Python objects for every sentence, which for a short one takes as long
as the arithmetic. Recording the computation once (torch.jit.trace) leaves the arithmetic.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Run = Callable[[list[str]], NDArray[np.float32]]


class _Sentence(torch.nn.Module):
    """Transformer, mean over the words, unit length: what all-MiniLM-L6-v2 is made of."""

    def __init__(self, transformer: Any) -> None:
        super().__init__()
        self.transformer = transformer

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        states = self.transformer(input_ids=ids, attention_mask=mask, return_dict=False)[0]
        there = mask.unsqueeze(-1).to(states.dtype)
        return torch.nn.functional.normalize((states * there).sum(1) / there.sum(1), dim=1)


def record(model: Any) -> Run:
    """A function from texts (padded together: best of like length) to vectors, for a SentenceTransformer."""
    tokenizer = model.tokenizer
    whole = _Sentence(model[0].auto_model).eval()

    def tokens(texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        found = tokenizer(
            texts, padding=True, truncation=True, max_length=model.max_seq_length, return_tensors="pt"
        )
        return found["input_ids"], found["attention_mask"]

    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter(
            "ignore"
        )  # it warns of shapes that could be fixed; a test holds it to the model
        traced = torch.jit.trace(whole, tokens(["a b c", "d e f g h"]), check_trace=False)  # type: ignore[no-untyped-call]
        frozen = torch.jit.freeze(traced)

    def run(texts: list[str]) -> NDArray[np.float32]:
        # Optimising for each new sentence length would hold up single turns for tens of milliseconds.
        with torch.inference_mode(), torch.jit.optimized_execution(False):  # type: ignore[attr-defined]
            return np.asarray(frozen(*tokens(texts)).numpy(), dtype=np.float32)

    return run
