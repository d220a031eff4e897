"""Makes real, tiny Argos packages with random weights: the real code runs, nothing is downloaded."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import sentencepiece

WIDTH, HEADS = 32, 2
CORPUS = [
    "tell me what happened", "I was in the kitchen", "he pushed me down the stairs",
    "my brother plays football",
    "розкажи мені що сталося", "я був на кухні", "він штовхнув мене зі сходів", "мій брат грає у футбол",
    "I have 2 dogs and 3 cats and 12 fish", "she said no and went away to 4 5 6 7 8 9 0",
]  # fmt: skip


def _sentencepiece(symbols: list[str]) -> bytes:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 4),
        model_writer=model,
        vocab_size=120,
        user_defined_symbols=symbols,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    return model.getvalue()


def _fill(spec: Any, words: int, dice: np.random.Generator) -> None:
    """Give every weight of the specification random values of the right shape."""

    def linear(layer: Any, out: int, into: int) -> None:
        layer.weight = dice.normal(0, 0.1, (out, into)).astype(np.float32)
        layer.bias = np.zeros(out, np.float32)

    def norm(layer: Any) -> None:
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    for side in (spec.encoder, spec.decoder):
        embeddings = side.embeddings if isinstance(side.embeddings, list) else [side.embeddings]
        for embedding in embeddings:
            embedding.weight = dice.normal(0, 0.3, (words, WIDTH)).astype(np.float32)
        norm(side.layer_norm)
        for layer in side.layer:
            _attention(layer.self_attention, linear, norm, 3)
            if hasattr(layer, "attention"):
                _attention(layer.attention, linear, norm, 1)
            norm(layer.ffn.layer_norm)
            linear(layer.ffn.linear_0, WIDTH * 2, WIDTH)
            linear(layer.ffn.linear_1, WIDTH, WIDTH * 2)
    linear(spec.decoder.projection, words, WIDTH)


def _attention(block: Any, linear: Any, norm: Any, times: int) -> None:
    norm(block.layer_norm)
    widths = [WIDTH * 3, WIDTH] if times == 3 else [WIDTH, WIDTH * 2, WIDTH]
    for layer, out in zip(block.linear, widths, strict=True):
        linear(layer, out, WIDTH)


def make_package(
    folder: Path,
    source: str,
    target: str,
    *,
    seed: int = 1,
    version: str = "1.0",
    damage: Callable[[Any], None] = lambda spec: None,
    about: dict[str, object] | None = None,
) -> Path:
    """Write `folder`/translate-SOURCE_TARGET-VERSION.argosmodel and return its path. `damage` may change the
    specification of the model before it is saved, `about` is added to metadata.json."""
    metadata: dict[str, object] = {"package_version": version, "argos_version": "1.11", "type": "translate"}
    metadata |= {"from_code": source, "from_name": source.upper()}
    metadata |= {"to_code": target, "to_name": target.upper()} | (about or {})
    tokens = _sentencepiece([str(metadata[key]) for key in ("target_prefix",) if key in metadata])
    processor = sentencepiece.SentencePieceProcessor(model_proto=tokens)
    words = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    spec = ctranslate2.specs.TransformerSpec.from_config(1, HEADS)
    _fill(spec, len(words), np.random.default_rng(seed))
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    damage(spec)
    spec.validate()
    built = folder / f"built-{source}-{target}-{seed}-{version}"
    (built / "model").mkdir(parents=True)
    spec.save(str(built / "model"))
    (built / "metadata.json").write_text(json.dumps(metadata))
    (built / "sentencepiece.model").write_bytes(tokens)
    archive = folder / f"translate-{source}_{target}-{version}-{seed}.argosmodel"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(built.rglob("*")):
            if path.is_file():
                file.write(path, f"translate-{source}_{target}/{path.relative_to(built).as_posix()}")
    return archive
