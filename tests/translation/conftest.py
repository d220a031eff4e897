"""Real packages with random weights, made once: uk->en, en->es, es->uk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.translation.models import make_package
from web.translation import Translator, install


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("archives")
    return {
        "uk-en": make_package(folder, "uk", "en", seed=1),
        "uk-en-2": make_package(folder, "uk", "en", seed=2, version="2.0"),
        "en-es": make_package(folder, "en", "es", seed=3),
    }


@pytest.fixture
def packages_dir(tmp_path: Path, archives: dict[str, Path]) -> Path:
    folder = tmp_path / "home" / "packages"
    install(archives["uk-en"], folder, trial=False)
    install(archives["en-es"], folder, trial=False)
    return folder


@pytest.fixture
def translator(packages_dir: Path) -> Translator:
    return Translator(packages_dir)
