"""Sentence meaning as vectors: frozen all-MiniLM-L6-v2, unit length, on one thread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from threading import RLock

import numpy as np
import torch
from numpy.typing import NDArray

from web.language.minilm import MiniLM
from web.language.models import minilm_folder

Vector = NDArray[np.float32]
_LOCK = RLock()
MAX_WORDS = 20_000
MAX_TEXT = 500
"""How much of a turn, in characters, its vector is made from."""
ROUGH = 0.5
CANDIDATES = 3
PER_BATCH = 32


class Meaning:
    """What a turn says, as a vector that is made when somebody asks for it: most turns never need one."""

    __slots__ = ("_encoder", "_vector", "text")

    def __init__(self, text: str, encoder: Encoder) -> None:
        self.text = text[:MAX_TEXT]
        self._encoder = encoder
        self._vector: Vector | None = None

    @property
    def vector(self) -> Vector:
        if self._vector is None:
            self._vector = self._encoder.encode([self.text])[0]
        return self._vector

    @staticmethod
    def make(meanings: Sequence[Meaning]) -> None:
        """Make the vectors of all of them in one go."""
        fresh = [one for one in meanings if one._vector is None]
        if fresh:
            for one, row in zip(fresh, fresh[0]._encoder.encode([one.text for one in fresh]), strict=True):
                one._vector = row


class Vocabulary:
    """A growing list of different words, their rough vectors stacked: to compare costs one product."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._rows = np.zeros((64, 384), dtype=np.float32)

    def grow(self, words: Iterable[str], encoder: Encoder) -> None:
        """Take in what follows the words already here; `words` must be the same list, grown."""
        for word in list(words)[len(self.words) :]:
            if len(self.words) == len(self._rows):
                self._rows = np.vstack([self._rows, np.zeros_like(self._rows)])
            self._rows[len(self.words)] = encoder.rough(word)
            self.words.append(word)

    @property
    def rows(self) -> NDArray[np.float32]:
        return self._rows[: len(self.words)]


class Encoder:
    """Vectors of sentences and words; those that come again are remembered. Safe to call from any thread."""

    def __init__(self, model: MiniLM) -> None:
        self._model = model
        self._words: dict[str, Vector] = {}
        self._texts: dict[str, Vector] = {}
        self._static: dict[str, Vector] = {}

    @classmethod
    def load(cls) -> Encoder:
        """Load from the installed package, never from a network; ModelMissing says what is wrong."""
        return _load()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text."""
        if not texts:
            return np.zeros((0, 384), dtype=np.float32)
        rows = np.zeros((len(texts), 384), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        with _LOCK:
            for start in range(0, len(order), PER_BATCH):
                places = order[start : start + PER_BATCH]
                rows[places] = self._model.encode([texts[place] for place in places])
        return rows

    def known(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Like `encode`, for texts that come again and again: each is read once."""
        with _LOCK:
            fresh = [text for text in texts if text not in self._texts]
            self._texts.update(zip(fresh, self.encode(fresh), strict=True))
            return np.stack([self._texts[text] for text in texts])

    def words(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of single words, remembered: vocabularies of an interview are small. Cleared when large."""
        with _LOCK:
            if len(self._words) > MAX_WORDS:
                self._words.clear()
            fresh = [text for text in texts if text not in self._words]
            self._words.update(zip(fresh, self.encode(fresh), strict=True))
            return np.stack([self._words[text] for text in texts])

    def close(self, word: str, others: Vocabulary, least: float) -> str | None:
        """The first of `others` that means nearly the same as `word` (cosine of at least `least`).

        The model's input vectors, which cost nothing, choose whom to compare in earnest.
        """
        rough = others.rows @ self.rough(word)
        chosen = [others.words[place] for place in np.argsort(-rough)[:CANDIDATES] if rough[place] >= ROUGH]
        if not chosen:
            return None
        first, *rows = self.words([word, *chosen])
        return next((other for other, row in zip(chosen, rows, strict=True) if row @ first >= least), None)

    def rough(self, word: str) -> Vector:
        """The mean of the model's own input vectors of a word's pieces."""
        with _LOCK:
            if word not in self._static:
                if len(self._static) > MAX_WORDS:
                    self._static.clear()
                mean = self._model.pieces(word).mean(0)
                self._static[word] = mean / max(float(np.linalg.norm(mean)), 1e-6)
            return self._static[word]


@cache
def _load() -> Encoder:
    torch.set_num_threads(1)  # a turn is too short to share among cores
    return Encoder(MiniLM(minilm_folder()))
