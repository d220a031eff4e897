"""Other models on the same turns, in a process of their own: `python -m bench.rivals FILE` prints rates.

RoBERTa-base has random weights, which cost what trained ones would; its own tokeniser is not installed, so
words are cut as MiniLM's are, into about as many pieces. Both run on two threads, 32 turns of like length at
a time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import RobertaConfig, RobertaForSequenceClassification

from bench.dialogues import dialogues
from web.language.minilm import MiniLM
from web.language.models import minilm_folder

THREADS, BATCH, CLASSES = 2, 32, 5


def roberta() -> Callable[[Sequence[str]], object]:
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=1)
    tokenizer.enable_truncation(256)
    shape = RobertaConfig(vocab_size=50265, max_position_embeddings=514, type_vocab_size=1)
    shape.num_labels = CLASSES
    model = RobertaForSequenceClassification(shape)
    model.eval()  # type: ignore[no-untyped-call]

    def run(texts: Sequence[str]) -> object:
        rows = tokenizer.encode_batch(list(texts))
        ids = torch.tensor([row.ids for row in rows])
        mask = torch.tensor([row.attention_mask for row in rows])
        return model(input_ids=ids, attention_mask=mask).logits.argmax(-1).tolist()

    return run


def rate(run: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """Turns a second, after a first look at a few."""
    order = sorted(texts, key=len)
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    with torch.inference_mode():
        for batch in batches[:: max(len(batches) // 4, 1)]:
            run(batch)
        began = time.perf_counter()
        for batch in batches:
            run(batch)
        return len(texts) / (time.perf_counter() - began)


def main() -> None:
    texts = [row["text"] for turns in dialogues(Path(sys.argv[1])) for row in turns]
    torch.set_num_threads(THREADS)
    found = {
        "roberta_base": rate(roberta(), texts),
        "minilm_embedding": rate(MiniLM(minilm_folder()).encode, texts),
    }
    print(json.dumps({name: round(each, 1) for name, each in found.items()}))


if __name__ == "__main__":
    main()
