"""Which model hears which language, while people switch them."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from tests.speech.models import catalogue, tiny_folder, toy_folder
from web.speech.installing import Installer
from web.speech.model import Samples
from web.speech.models import BadModel, Model, Models
from web.speech.transcriber import Transcriber, UnsupportedLanguage
from web.speech.transcribers import Transcribers


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "models", catalogue())


def install(models: Models, name: str, place: Path) -> None:
    installer = Installer(models)
    installer.errands.run(name, installer.carried(name, place, "stick"))


class Loads:
    """Stands for loading: gives an empty Transcriber and remembers whose."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, threads: int, model: Model) -> Transcriber:
        self.names.append(model.name)
        return Transcriber(object(), model.name, model.languages, model.sha256)


def test_a_switch_counts_from_the_next_utterance_on_and_frees_the_old_model(
    models: Models, one_track: Samples
) -> None:
    install(models, "second", tiny_folder())
    heard = Transcribers(models)
    assert heard.names() == ["tiny.en"]
    first = heard.transcribe(one_track[:32_000], 0, "en")
    old = weakref.ref(heard.of("en"))
    with pytest.raises(UnsupportedLanguage):
        heard.transcribe(one_track[:32_000], 0, "uk")

    models.use("second")

    assert heard.transcribe(one_track[:32_000], 0, "en") == first
    gc.collect()
    assert old() is None
    assert heard.of("uk").name == "second"
    assert heard.names() == ["second"]
    assert heard.languages() == ["en", "uk"]


def test_each_language_keeps_its_own_model_loaded(models: Models, tmp_path: Path) -> None:
    install(models, "toy", toy_folder(tmp_path / "stick"))
    models.use("toy", ["uk"])
    loads = Loads()
    heard = Transcribers(models, load=loads)
    for language in ("en", "uk", "en-GB", "uk", None):
        heard.of(language)
    assert loads.names == ["tiny.en", "toy"]


def test_a_removed_model_is_let_go(models: Models, tmp_path: Path) -> None:
    install(models, "toy", toy_folder(tmp_path / "stick"))
    models.use("toy")
    loads = Loads()
    heard = Transcribers(models, load=loads)
    heard.of("en")
    models.remove("toy")
    assert heard.of("en").name == "tiny.en"
    with pytest.raises(UnsupportedLanguage, match="not 'uk'"):
        heard.of("uk")


def test_a_damaged_model_is_told_and_not_used(models: Models, tmp_path: Path) -> None:
    install(models, "toy", toy_folder(tmp_path / "stick"))
    models.use("toy")
    weights = models.find("toy").path / "model.bin"
    weights.write_bytes(bytes(200_000))
    with pytest.raises(BadModel, match=r"model\.bin is not the file"):
        Transcribers(models, load=Loads()).of("uk")
