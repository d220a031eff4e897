"""A small encoder-decoder Transformer (Vaswani et al. 2017; layer norm first), shaped as CTranslate2 runs it.

Batches hold sources of one exact length, so nothing is masked but the future of the target.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

LONGEST = 256  # word pieces


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network. `encoder` and `decoder` count layers; a deep encoder under a shallow decoder is
    as good as equal halves and much faster (Kasai et al. 2021)."""

    pieces: int
    width: int = 256
    heads: int = 4
    inner: int = 1024
    encoder: int = 6
    decoder: int = 2
    dropout: float = 0.1


class Attention(nn.Module):
    """Multi-head attention with the projections of self attention in one matrix."""

    def __init__(self, shape: Shape, across: bool) -> None:
        super().__init__()
        self.heads = shape.heads
        self.norm = nn.LayerNorm(shape.width)
        self.across = across
        self.query = nn.Linear(shape.width, shape.width if across else 3 * shape.width)
        self.memory = nn.Linear(shape.width, 2 * shape.width) if across else None
        self.out = nn.Linear(shape.width, shape.width)

    def forward(self, x: Tensor, memory: Tensor | None = None, causal: bool = False) -> Tensor:
        projected = self.query(self.norm(x))
        if self.memory is not None and memory is not None:
            query, (key, value) = projected, self.memory(memory).chunk(2, dim=-1)
        else:
            query, key, value = projected.chunk(3, dim=-1)
        # single precision: on processors the half-precision backward pass takes five times as long
        with torch.autocast("cpu", enabled=False):
            seen = functional.scaled_dot_product_attention(
                self._split(query), self._split(key), self._split(value), is_causal=causal
            )
        out: Tensor = self.out(seen.transpose(1, 2).flatten(2))
        return out

    def _split(self, x: Tensor) -> Tensor:
        return x.float().reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)


class Drop(nn.Module):
    """Dropout of whole features of a sentence (Gal and Ghahramani 2016): one die a sentence and feature
    instead of one a number, which on a processor is a tenth of all work."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.share == 0:
            return x
        kept = torch.rand(len(x), 1, x.shape[-1]) >= self.share
        return x * (kept / (1 - self.share)).to(x.dtype)


class Inner(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(shape.width)
        self.rise = nn.Linear(shape.width, shape.inner)
        self.fall = nn.Linear(shape.inner, shape.width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fall(functional.relu(self.rise(self.norm(x))))
        return out


class Layer(nn.Module):
    """One layer; with `across` it also looks at the source."""

    def __init__(self, shape: Shape, across: bool) -> None:
        super().__init__()
        self.own = Attention(shape, across=False)
        self.source = Attention(shape, across=True) if across else None
        self.inner = Inner(shape)
        self.dropout = Drop(shape.dropout)

    def forward(self, x: Tensor, memory: Tensor | None = None) -> Tensor:
        x = x + self.dropout(self.own(x, causal=self.source is not None))
        if self.source is not None:
            x = x + self.dropout(self.source(x, memory))
        out: Tensor = x + self.dropout(self.inner(x))
        return out


class Network(nn.Module):
    """Word pieces of the source and of the target so far -> logits of the next piece. Source embeddings,
    target embeddings and output share one matrix."""

    positions: Tensor

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.pieces, shape.width)
        nn.init.normal_(self.embedding.weight, std=shape.width**-0.5)
        self.encoder = nn.ModuleList(Layer(shape, across=False) for _ in range(shape.encoder))
        self.decoder = nn.ModuleList(Layer(shape, across=True) for _ in range(shape.decoder))
        self.encoder_norm = nn.LayerNorm(shape.width)
        self.decoder_norm = nn.LayerNorm(shape.width)
        self.bias = nn.Parameter(torch.zeros(shape.pieces))
        self.dropout = Drop(shape.dropout)
        self.register_buffer("positions", positions(LONGEST, shape.width), persistent=False)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """`source` (sentences, pieces), `target` (sentences, pieces) -> (sentences, pieces, vocabulary)."""
        memory = self._embed(source)
        for layer in self.encoder:
            memory = layer(memory)
        memory = self.encoder_norm(memory)
        x = self._embed(target)
        for layer in self.decoder:
            x = layer(x, memory)
        return functional.linear(self.decoder_norm(x), self.embedding.weight, self.bias)

    def _embed(self, pieces: Tensor) -> Tensor:
        scaled = self.embedding(pieces) * math.sqrt(self.shape.width)
        out: Tensor = self.dropout(scaled + self.positions[: pieces.shape[1]])
        return out


def positions(length: int, width: int) -> Tensor:
    """Sines, then cosines, as CTranslate2 makes them."""
    half = width // 2
    rates = torch.exp(torch.arange(half) * -(math.log(10_000) / (half - 1)))
    angles = torch.arange(1, length + 1)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)
