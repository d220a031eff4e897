"""A package opened again is the network it was made of, but for the rounding."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from tests.translation.training.conftest import PIECES
from web.translation.training import __main__ as command
from web.translation.training import carried, convert, publish
from web.translation.training.batches import Recipe
from web.translation.training.corpora import BadCorpus
from web.translation.training.network import Network, Shape
from web.translation.training.pieces import BEGIN, END, known
from web.translation.training.publish import Trained

TINY = Shape(PIECES, width=64, heads=2, inner=128, encoder=2, decoder=1, dropout=0.0)
FIGURES = {"tatoeba-heldout": {"chrf": 62.5, "bleu": 45.1, "n": 1000}}


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(5)
    made = Network(TINY).eval()
    for values in made.parameters():
        torch.nn.init.normal_(values, std=0.2)  # biases and norms, too, say whose they are
    return made


@pytest.fixture(scope="module")
def package(network: Network, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("carried")
    convert.convert(network, known(model), folder / "model")
    publish.publish(
        Trained("uk-en", "1.0", folder / "model", model, several=False), FIGURES, folder / "shipped"
    )
    return folder / "shipped" / "translate-uk_en.argosmodel"


def test_every_weight_comes_back_within_the_rounding(network: Network, package: Path, tmp_path: Path) -> None:
    again = Network(TINY).eval()
    carried.unpack(package, tmp_path / "p.spm", again)
    for (name, wanted), found in zip(network.named_parameters(), again.parameters(), strict=True):
        step = wanted.abs().amax(-1, keepdim=True) / 127 if wanted.dim() == 2 else torch.tensor(0.0)
        assert ((wanted - found).abs() <= step / 2 + 1e-6).all(), name
    source, target = torch.tensor([[7, 9, 40, END]]), torch.tensor([[BEGIN, 11, 12]])
    with torch.no_grad():
        assert torch.allclose(network(source, target), again(source, target), atol=0.3)


def test_its_word_pieces_come_with_it(package: Path, model: Path, tmp_path: Path) -> None:
    carried.unpack(package, tmp_path / "p.spm", Network(TINY))
    assert (tmp_path / "p.spm").read_bytes() == model.read_bytes()


@pytest.mark.parametrize(
    "other", [Shape(PIECES, 32, 2, 128, 2, 1), Shape(PIECES, 64, 2, 128, 3, 1), Shape(PIECES + 1, 64, 2, 128)]
)
def test_another_shape_is_refused_by_name_and_leaves_nothing(
    package: Path, other: Shape, tmp_path: Path
) -> None:
    with pytest.raises(BadCorpus, match=r"translate-uk_en\.argosmodel: not a network of this shape"):
        carried.unpack(package, tmp_path / "p.spm", Network(other))
    assert not (tmp_path / "p.spm").exists()


def test_a_torn_model_is_refused_by_name(package: Path, tmp_path: Path) -> None:
    torn = tmp_path / "translate-uk_en.argosmodel"
    with zipfile.ZipFile(package) as whole, zipfile.ZipFile(torn, "w") as half:
        for name in whole.namelist():
            data = whole.read(name)
            half.writestr(name, data[: len(data) // 2] if name.endswith("model.bin") else data)
    with pytest.raises(BadCorpus, match="translate-uk_en"):
        carried.unpack(torn, tmp_path / "p.spm", Network(TINY))


def test_training_goes_on_from_what_is_carried(
    package: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe("tiny", ("ru-en", "uk-en"), PIECES, {"uk-en": {"gold": 4}})
    begun: list[dict[str, torch.Tensor]] = []

    class Watched(command.Course):
        def go(self, steps: int, slow: int, say: object) -> None:
            begun.append({name: values.clone() for name, values in self.network.state_dict().items()})

    monkeypatch.setattr(command, "_recipe", lambda _: recipe)
    monkeypatch.setattr(command, "Shape", lambda _: TINY)
    monkeypatch.setattr(command, "Course", Watched)
    monkeypatch.setattr(publish, "SHIPPED", package.parent)
    asked = ["--data", str(corpus), "--work", str(tmp_path), "train", "tiny", "--steps", "1", "--slow", "1"]
    done = CliRunner().invoke(command.main, [*asked, "--carried"], catch_exceptions=False)
    assert done.exit_code == 0
    again = Network(TINY)
    carried.unpack(package, tmp_path / "p.spm", again)
    assert all(torch.equal(begun[0][name], values) for name, values in again.state_dict().items())


def test_with_nothing_carried_it_says_what_to_do(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "SHIPPED", tmp_path)
    asked = ["--data", str(corpus), "--work", str(tmp_path / "w"), "train", "west-en"]
    done = CliRunner().invoke(command.main, [*asked, "--steps", "1", "--slow", "1", "--carried"])
    assert done.exit_code == 1
    assert "no package of west-en is shipped: train it without --carried" in done.output
