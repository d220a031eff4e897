from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from web.speech.models import BadModel, find, verify


def test_the_carried_model_is_found_and_is_the_known_one() -> None:
    model = find()

    assert model.name == "tiny.en"
    assert model.languages == ("en",)
    assert hashlib.sha256((model.path / "model.bin").read_bytes()).hexdigest() == model.sha256


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadModel, match="'huge'; known: tiny.en"):
        find("huge")


def test_a_changed_or_missing_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(b"weights")
    files = {"model.bin": hashlib.sha256(b"weights").hexdigest()}

    verify(tmp_path, files)
    file.write_bytes(b"weighty")
    with pytest.raises(BadModel, match=r"model\.bin is not the file"):
        verify(tmp_path, files)
    file.unlink()
    with pytest.raises(BadModel, match=r"model\.bin is missing"):
        verify(tmp_path, files)
