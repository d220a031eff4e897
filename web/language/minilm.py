"""all-MiniLM-L6-v2 as its arithmetic alone: its library makes the same vectors with a quarter gigabyte more.

The layers are those of BERT (Devlin et al. 2019), the vector is the mean over the words at unit length, as
the model's own `modules.json` says. A test holds it to the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

LAYERS, HEADS, SIZE = 6, 12, 384
EPSILON = 1e-12
MAX_PIECES = 256
"""Word pieces that are read of a text, both ends marked."""


class MiniLM:
    """Sentence vectors on as many cores as torch has been given."""

    def __init__(self, folder: Path) -> None:
        self._weights = load_file(str(folder / "model.safetensors"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of unit length per text; texts of like length are read fastest together."""
        rows = [whole.ids for whole in self._tokenizer.encode_batch(list(texts))]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        there = torch.arange(longest) < torch.tensor([[len(row)] for row in rows])
        with torch.inference_mode():
            states = self._states(ids, there)
            means = (states * there.unsqueeze(-1)).sum(1) / there.sum(1, keepdim=True)
            return np.asarray(functional.normalize(means, dim=1).numpy(), dtype=np.float32)

    def pieces(self, word: str) -> NDArray[np.float32]:
        """The model's own input vectors of a word's pieces, one row each."""
        ids = self._tokenizer.encode(word, add_special_tokens=False).ids or [0]
        return np.asarray(self._weights["embeddings.word_embeddings.weight"][ids].numpy(), dtype=np.float32)

    def _states(self, ids: Tensor, there: Tensor) -> Tensor:
        part = "embeddings."
        states = self._weights[f"{part}word_embeddings.weight"][ids]
        states = states + self._weights[f"{part}position_embeddings.weight"][: ids.shape[1]]
        states = self._norm(
            states + self._weights[f"{part}token_type_embeddings.weight"][0], f"{part}LayerNorm"
        )
        seen = None if bool(there.all()) else there[:, None, None, :]
        for number in range(LAYERS):
            states = self._layer(states, seen, f"encoder.layer.{number}.")
        return states

    def _layer(self, states: Tensor, seen: Tensor | None, layer: str) -> Tensor:
        split = (*states.shape[:2], HEADS, SIZE // HEADS)
        query, key, value = (
            self._linear(states, f"{layer}attention.self.{name}").view(split).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        looked = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        looked = self._linear(looked.transpose(1, 2).reshape(states.shape), f"{layer}attention.output.dense")
        states = self._norm(states + looked, f"{layer}attention.output.LayerNorm")
        inner = functional.gelu(self._linear(states, f"{layer}intermediate.dense"))
        return self._norm(states + self._linear(inner, f"{layer}output.dense"), f"{layer}output.LayerNorm")

    def _linear(self, states: Tensor, name: str) -> Tensor:
        return functional.linear(states, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, states: Tensor, name: str) -> Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return functional.layer_norm(states, (SIZE,), weight, bias, EPSILON)
