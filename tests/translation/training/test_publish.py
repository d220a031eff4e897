"""What is trained becomes a package that installs like any other, with its figures beside it."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.translation.training.conftest import PIECES
from web.translation.training import convert, judge
from web.translation.training.corpora import BadCorpus
from web.translation.training.network import Network, Shape
from web.translation.training.publish import Trained, publish

GOOD = {
    "tatoeba-heldout": {"chrf": 62.5, "bleu": 45.1, "n": 1000},
    "domain": {"chrf": 60.0, "bleu": 40.0, "n": 300},
}


@pytest.fixture(scope="module")
def trained(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    torch.manual_seed(1)
    network = Network(Shape(PIECES, width=32, heads=2, inner=64, encoder=1, decoder=1)).eval()
    folder = tmp_path_factory.mktemp("network") / "model"
    convert.convert(
        network, [f"p{i}" if i > 3 else ["<pad>", "<unk>", "<s>", "</s>"][i] for i in range(PIECES)], folder
    )
    return Trained("uk-en", "1.0", folder, model, several=True)


def test_a_package_is_entered_with_hash_figures_and_attribution(trained: Trained, tmp_path: Path) -> None:
    entry = publish(trained, GOOD, tmp_path)
    [listed] = json.loads((tmp_path / "shipped.json").read_text(encoding="utf-8"))
    assert listed == entry
    assert entry["file"] == "translate-uk_en.argosmodel"
    assert (entry["from"], entry["to"], entry["weak"]) == ("uk", "en", False)
    assert entry["bytes"] == (tmp_path / entry["file"]).stat().st_size
    assert "tatoeba.org" in entry["attribution"]
    assert entry["quality"] == GOOD


def test_the_same_weights_give_the_same_bytes(trained: Trained, tmp_path: Path) -> None:
    first = publish(trained, GOOD, tmp_path / "a")
    assert publish(trained, GOOD, tmp_path / "b")["sha256"] == first["sha256"]


def test_a_new_version_takes_the_place_of_the_old(trained: Trained, tmp_path: Path) -> None:
    publish(trained, GOOD, tmp_path)
    weaker = {"tatoeba-heldout": {"chrf": 40.0, "bleu": 20.0, "n": 1000}}
    publish(trained, weaker, tmp_path)
    [listed] = json.loads((tmp_path / "shipped.json").read_text(encoding="utf-8"))
    assert listed["weak"] is True
    assert listed["quality"] == weaker


def test_a_bad_network_is_not_shipped(trained: Trained, tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match=r"chrF 34\.9"):
        publish(trained, {"tatoeba-heldout": {"chrf": 34.9, "bleu": 9.0, "n": 1000}}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_held_out_sets_are_given_in_the_direction_asked_for(corpus: Path) -> None:
    found = {name: (sources[0], wanted[0]) for name, sources, wanted in judge.held_out(corpus, "uk", "en")}
    assert found["tatoeba-heldout"] == ("Том спить.", "Tom sleeps.")
    back = {name: (sources[0], wanted[0]) for name, sources, wanted in judge.held_out(corpus, "en", "uk")}
    assert back["tatoeba-heldout"] == ("Tom sleeps.", "Том спить.")


def test_weak_is_what_is_weak_in_a_talk(trained: Trained, tmp_path: Path) -> None:
    unspoken = GOOD | {"domain": {"chrf": 59.9, "bleu": 21.6, "n": 300}}
    assert publish(trained, unspoken, tmp_path)["weak"] is True
    assert (
        publish(trained, GOOD | {"flores200-devtest": {"chrf": 9.0, "bleu": 1.0, "n": 1012}}, tmp_path)[
            "weak"
        ]
        is False
    )


def test_sources_of_one_language_are_named_by_its_packages_only(trained: Trained, tmp_path: Path) -> None:
    german = publish(replace(trained, pair="de-en"), GOOD, tmp_path)
    assert "CC BY-SA 4.0" in german["licence"]
    assert "BConTrasT" in german["attribution"]
    assert "BConTrasT" in german["trained_on"]
    with zipfile.ZipFile(tmp_path / german["file"]) as archive:
        [readme] = [name for name in archive.namelist() if "README" in name.upper()]
        assert b"CC BY-SA 4.0 for what BConTrasT gave" in archive.read(readme)
    ukrainian = publish(trained, GOOD, tmp_path)
    assert "BConTrasT" not in ukrainian["attribution"] + ukrainian["licence"] + ukrainian["trained_on"]
