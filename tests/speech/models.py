"""A catalogue of small models for tests, beside tiny.en: `second` is tiny.en under another name, and writes
Ukrainian by its catalogue; `toy` is a few bytes."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

from tests.artifacts.server import digest
from web.speech.catalogue import Catalogue, Known, KnownFile
from web.speech.models import find

TOY = {
    "config.json": b"{}",
    "model.bin": random.Random(5).randbytes(200_000),
    "tokenizer.json": b'{"t": 1}',
}


def catalogue(hub: str = "http://127.0.0.1:1") -> Catalogue:
    shipped = Catalogue.load()
    tiny = shipped.models["tiny.en"]
    second = replace(tiny, name="second", languages=("en", "uk"), carried=None, parameters=74, memory_mb=600)
    files = {name: KnownFile(len(content)) for name, content in TOY.items()}
    files["model.bin"] = KnownFile(200_000, digest(TOY["model.bin"]))
    toy = Known("toy", "some/toy", "abc", ("en", "uk"), "MIT", 39, 400, files)
    return Catalogue(hub, (), "tiny.en", {"tiny.en": tiny, "second": second, "toy": toy})


def toy_folder(place: Path) -> Path:
    place.mkdir(parents=True)
    for name, content in TOY.items():
        (place / name).write_bytes(content)
    return place


def tiny_folder() -> Path:
    """The files of tiny.en, as if somebody had brought them."""
    return find().path
