"""A package that is carried, opened again as a network: further training begins with it where its own
weights are no longer at hand. They were rounded to eight bits, which costs a few dozen steps."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from torch import Tensor, nn

from web.translation.training.corpora import BadCorpus
from web.translation.training.network import Attention, Layer, Network

KINDS = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}  # CTranslate2's own numbers
Numbers = dict[str, np.ndarray[Any, Any]]


def unpack(package: Path, pieces: Path, network: Network) -> None:
    """Write the word pieces of an .argosmodel to `pieces` and fill `network` with its weights.

    Raises BadCorpus where the archive is broken or holds another shape of network.
    """
    try:
        with zipfile.ZipFile(package) as archive, torch.no_grad():
            names = {name.split("/", 1)[-1]: name for name in archive.namelist()}
            words = archive.read(names["sentencepiece.model"])
            with archive.open(names["model/model.bin"]) as file:
                _fill(network, _read(file))
    except (zipfile.BadZipFile, struct.error, KeyError, ValueError, RuntimeError) as error:
        raise BadCorpus(f"{package.name}: not a network of this shape ({error})") from None
    pieces.write_bytes(words)


def _read(file: Any) -> Numbers:
    """Every list of numbers in a model.bin, by name, as single precision."""
    _take(file, "I")  # version of the file
    _text(file)
    _take(file, "I")  # revision of the specification
    raw: Numbers = {}
    for _ in range(_take(file, "I")):
        name = _text(file)
        shape = [_take(file, "I") for _ in range(_take(file, "B"))]
        kind = KINDS[_take(file, "B")]
        raw[name] = np.frombuffer(file.read(_take(file, "I")), kind).reshape(shape)
    values = {name: _whole(name, raw) for name in raw}
    for _ in range(_take(file, "I")):
        alias = _text(file)
        values[alias] = values[_text(file)]
    return values


def _whole(name: str, raw: Numbers) -> np.ndarray[Any, Any]:
    values = raw[name].astype(np.float32)
    scale = raw.get(f"{name}_scale")
    return values if scale is None else values / scale.reshape(-1, *[1] * (values.ndim - 1))


def _take(file: BinaryIO, kind: str) -> int:
    return int(struct.unpack(f"<{kind}", file.read(struct.calcsize(kind)))[0])


def _text(file: BinaryIO) -> str:
    return file.read(_take(file, "H")).rstrip(b"\0").decode()


def _fill(network: Network, values: Numbers) -> None:
    network.embedding.weight.copy_(_of(values, "encoder/embeddings_0/weight"))
    network.bias.copy_(_of(values, "decoder/projection/bias"))
    _norm(network.encoder_norm, values, "encoder/layer_norm")
    _norm(network.decoder_norm, values, "decoder/layer_norm")
    for side, layers in (("encoder", network.encoder), ("decoder", network.decoder)):
        for number, layer in enumerate(layers):
            assert isinstance(layer, Layer)
            _layer(layer, values, f"{side}/layer_{number}")


def _layer(layer: Layer, values: Numbers, name: str) -> None:
    _attention(layer.own, values, f"{name}/self_attention")
    if layer.source is not None:
        _attention(layer.source, values, f"{name}/attention")
    _norm(layer.inner.norm, values, f"{name}/ffn/layer_norm")
    _linear(layer.inner.rise, values, f"{name}/ffn/linear_0")
    _linear(layer.inner.fall, values, f"{name}/ffn/linear_1")


def _attention(attention: Attention, values: Numbers, name: str) -> None:
    _norm(attention.norm, values, f"{name}/layer_norm")
    memory = [attention.memory] if attention.memory is not None else []
    for number, linear in enumerate([attention.query, *memory, attention.out]):
        _linear(linear, values, f"{name}/linear_{number}")


def _norm(norm: nn.LayerNorm, values: Numbers, name: str) -> None:
    norm.weight.copy_(_of(values, f"{name}/gamma"))
    norm.bias.copy_(_of(values, f"{name}/beta"))


def _linear(linear: nn.Linear, values: Numbers, name: str) -> None:
    linear.weight.copy_(_of(values, f"{name}/weight"))
    linear.bias.copy_(_of(values, f"{name}/bias"))


def _of(values: Numbers, name: str) -> Tensor:
    return torch.from_numpy(values[name])
