from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.speech.models import catalogue, toy_folder
from web.speech.catalogue import Catalogue
from web.speech.installing import Installer
from web.speech.models import ALL, BadModel, Models, find, verify


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "models", catalogue())


@pytest.fixture
def with_toy(models: Models, tmp_path: Path) -> Models:
    installer = Installer(models)
    installer.errands.run("toy", installer.carried("toy", toy_folder(tmp_path / "stick"), "stick"))
    return models


def test_the_carried_model_is_found_and_is_the_known_one() -> None:
    model = find()

    assert model.name == "tiny.en"
    assert model.languages == ("en",)
    assert hashlib.sha256((model.path / "model.bin").read_bytes()).hexdigest() == model.sha256
    assert not model.removable


def test_the_shipped_catalogue_can_be_fetched_from() -> None:
    shipped = Catalogue.load()
    assert shipped.models["tiny.en"].size == sum(
        file.stat().st_size for file in find().path.iterdir() if file.name in shipped.models["tiny.en"].files
    )
    for known in shipped.models.values():
        assert known.files["model.bin"].sha256, known.name
        assert {"config.json", "tokenizer.json"} <= known.files.keys()
        assert known.licence == "MIT"
        assert known.memory_mb * 10**6 > known.files["model.bin"].size
        assert known.url(shipped.hub, "x").startswith("https://huggingface.co/Systran/faster-")
        assert len(known.revision) == 40
    assert {"uk", "es", "ar", "tr", "no"} <= {*shipped.models["small"].languages}
    assert shipped.models["distil-large-v3"].languages == ("en",)


def test_a_broken_catalogue_names_the_model(tmp_path: Path) -> None:
    file = tmp_path / "list.yml"
    file.write_text("hub: h\nhosts: []\ndefault: x\nlanguages: {en: en}\nmodels: {x: {files: {}}}")
    with pytest.raises(ValueError, match=r"list\.yml, model x: 'languages'"):
        Catalogue.load(file)


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadModel, match="'huge'; known: base, .*tiny.en"):
        find("huge")


def test_a_known_model_that_is_not_here_says_how_to_get_it(models: Models) -> None:
    with pytest.raises(BadModel, match="get it with: tellmore models install toy"):
        models.find("toy")


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


def test_an_installed_file_that_was_changed_or_cut_does_not_count(with_toy: Models) -> None:
    home = with_toy.find("toy").path
    (home / "tokenizer.json").write_bytes(b'{"t": 9}')
    with pytest.raises(BadModel, match=r"tokenizer\.json is not the file it should be"):
        with_toy.find("toy")
    (home / "tokenizer.json").write_bytes(b"{")
    assert "toy" not in with_toy.installed()


def test_a_model_writes_what_it_was_chosen_for(with_toy: Models) -> None:
    assert with_toy.in_use() == {"en": "tiny.en"}
    assert with_toy.active("uk") is None

    with_toy.use("toy", ["uk"])
    assert with_toy.in_use() == {"en": "tiny.en", "uk": "toy"}

    with_toy.use("toy")
    assert with_toy.chosen() == {ALL: "toy"}
    assert with_toy.in_use() == {"en": "toy", "uk": "toy"}

    with_toy.use("tiny.en")
    assert with_toy.in_use() == {"en": "tiny.en", "uk": "toy"}


def test_a_model_is_not_chosen_for_what_it_cannot(with_toy: Models) -> None:
    with pytest.raises(BadModel, match="does not write 'so'"):
        with_toy.use("toy", ["uk", "so"])
    with pytest.raises(BadModel, match="second is not installed"):
        with_toy.use("second")
    assert with_toy.chosen() == {}


def test_removing_a_model_gives_its_languages_back(with_toy: Models) -> None:
    with_toy.use("toy")
    with_toy.remove("toy")
    assert with_toy.in_use() == {"en": "tiny.en"}
    assert with_toy.chosen() == {}
    with pytest.raises(BadModel, match="was not installed here"):
        with_toy.remove("toy")
    with pytest.raises(BadModel, match="was not installed here"):
        with_toy.remove("tiny.en")
