"""Word pieces (SentencePiece, Kudo and Richardson 2018) shared by all languages of one network."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import sentencepiece

from web.translation.training.corpora import MARKS

PAD, UNKNOWN, BEGIN, END = 0, 1, 2, 3


def prefix(language: str) -> str:
    """The piece that tells a network with several targets which one is wanted."""
    return f"<2{language}>"


def learn(texts: Iterable[str], file: Path, size: int, languages: Iterable[str], seed: int) -> None:
    """Learn `size` pieces from the texts and write them to `file` (a SentencePiece model)."""
    sentencepiece.set_random_generator_seed(seed)
    with file.open("wb") as sink:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_writer=sink,
            vocab_size=size,
            model_type="unigram",
            character_coverage=0.9998,
            byte_fallback=True,
            user_defined_symbols=[*MARKS, *(prefix(language) for language in languages)],
            pad_id=PAD,
            unk_id=UNKNOWN,
            bos_id=BEGIN,
            eos_id=END,
            num_threads=2,
            minloglevel=2,
        )


def known(file: Path) -> list[str]:
    """The pieces of a SentencePiece model in order of number."""
    words = sentencepiece.SentencePieceProcessor(model_file=str(file))
    return [words.id_to_piece(number) for number in range(len(words))]
