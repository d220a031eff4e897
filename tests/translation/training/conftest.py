"""A tiny corpus of its own: forty sentences of a made-up uk-en, enough to learn by heart."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.translation.training import pieces
from web.translation.training.batches import Recipe, Rounds

WHO = {
    "Tom": "Том",
    "the child": "дитина",
    "my brother": "мій брат",
    "the dog": "собака",
    "a teacher": "учитель",
}
DOES = {"sleeps": "спить", "eats": "їсть", "sings": "співає", "runs": "біжить", "is here": "тут"}
PIECES = 310


def sentences() -> list[tuple[str, str]]:
    return [(f"{a} {b}.", f"{c} {d}.") for a, c in WHO.items() for b, d in DOES.items()]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pairs")
    (folder / "gold").mkdir()
    text = "".join(f"{english}\t{other}\n" for english, other in sentences())
    (folder / "gold" / "uk-en.tsv").write_text(text, encoding="utf-8")
    (folder / "eval").mkdir()
    (folder / "eval" / "uk-en.tatoeba-heldout.tsv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    return Recipe("tiny", ("uk-en",), PIECES, {"uk-en": {"gold": 4}})


@pytest.fixture(scope="session")
def model(corpus: Path, recipe: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pieces") / "tiny.spm"
    texts = [text for _, _, pairs in recipe.pairs(corpus) for p in pairs for text in (p.text, p.translation)]
    pieces.learn(texts * 20, file, PIECES, ["uk"], seed=1)
    return file


@pytest.fixture
def rounds(corpus: Path, recipe: Recipe, model: Path) -> Rounds:
    return Rounds(recipe, corpus, model, tokens=200, seed=1)
