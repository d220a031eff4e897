"""From a trained network to a package that argostranslate and CTranslate2 run."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import TransformerSpec
from torch import Tensor, nn

from web.translation.training.network import Attention, Inner, Layer, Network
from web.translation.training.pieces import BEGIN, END, UNKNOWN

EPOCH = (2026, 1, 1, 0, 0, 0)  # of every file in the archive: the same weights give the same bytes


def convert(network: Network, vocabulary: list[str], folder: Path) -> None:
    """Write the network as an int8 CTranslate2 model. `vocabulary` are the pieces in order of number."""
    shape = network.shape
    spec = TransformerSpec.from_config((shape.encoder, shape.decoder), shape.heads, pre_norm=True)
    _embeddings(spec.encoder.embeddings[0], network)
    _embeddings(spec.decoder.embeddings, network)
    _norm(spec.encoder.layer_norm, network.encoder_norm)
    _norm(spec.decoder.layer_norm, network.decoder_norm)
    spec.decoder.projection.weight = _numbers(network.embedding.weight)
    spec.decoder.projection.bias = _numbers(network.bias)
    for side, layers in ((spec.encoder, network.encoder), (spec.decoder, network.decoder)):
        for made, layer in zip(side.layer, layers, strict=True):
            _layer(made, layer)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    begin, end, unknown = vocabulary[BEGIN], vocabulary[END], vocabulary[UNKNOWN]
    spec.config.bos_token = spec.config.decoder_start_token = begin
    spec.config.eos_token, spec.config.unk_token = end, unknown
    spec.config.add_source_eos = True
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))


def _embeddings(made: Any, network: Network) -> None:
    made.weight = _numbers(network.embedding.weight)
    made.multiply_by_sqrt_depth = True


def _layer(made: Any, layer: Any) -> None:
    assert isinstance(layer, Layer)
    _attention(made.self_attention, layer.own)
    if layer.source is not None:
        _attention(made.attention, layer.source)
    _inner(made.ffn, layer.inner)


def _attention(made: Any, attention: Attention) -> None:
    _norm(made.layer_norm, attention.norm)
    parts = [attention.query, *([attention.memory] if attention.memory is not None else []), attention.out]
    for linear, given in zip(made.linear, parts, strict=True):
        _linear(linear, given)


def _inner(made: Any, inner: Inner) -> None:
    _norm(made.layer_norm, inner.norm)
    _linear(made.linear_0, inner.rise)
    _linear(made.linear_1, inner.fall)


def _norm(made: Any, norm: nn.LayerNorm) -> None:
    made.gamma, made.beta = _numbers(norm.weight), _numbers(norm.bias)


def _linear(made: Any, linear: nn.Linear) -> None:
    made.weight, made.bias = _numbers(linear.weight), _numbers(linear.bias)


def _numbers(weights: Tensor) -> np.ndarray[Any, np.dtype[np.float32]]:
    return weights.detach().float().numpy().copy()  # converting scales in place


def pack(folder: Path, pieces: Path, metadata: dict[str, Any], readme: str, file: Path) -> None:
    """Put model, word pieces, description and attribution into an .argosmodel archive."""
    top = f"translate-{metadata['from_code']}_{metadata['to_code']}"
    parts = {
        path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in sorted(folder.iterdir())
    }
    parts["sentencepiece.model"] = pieces.read_bytes()
    parts["metadata.json"] = json.dumps(metadata, indent=1, ensure_ascii=False).encode()
    parts["README.md"] = readme.encode()
    fresh = file.with_suffix(".new")
    with zipfile.ZipFile(fresh, "w") as archive:
        for name in sorted(parts):
            about = zipfile.ZipInfo(f"{top}/{name}", EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            archive.writestr(about, parts[name], compresslevel=9)
    fresh.replace(file)
