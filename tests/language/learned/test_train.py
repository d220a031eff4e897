"""Training learns, the same each time, and what is kept can be read back without torch."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from tests.language.learned.felt import alone
from web.language.learned import Before
from web.language.learned.batches import batch, single
from web.language.learned.examples import FLAGS, Example
from web.language.learned.keep import WEIGHTS, keep, stamp
from web.language.learned.network import Labels, Network
from web.language.learned.said import UNSAID
from web.language.learned.sense import Sense
from web.language.learned.train import labels_of, train
from web.language.models import minilm_folder
from web.language.parse import ModelMissing

FEW = [
    *(
        Example(f"Tell me about the {thing}.", kind="invitation/cued", flags=frozenset())
        for thing in ("car", "dog")
    ),
    *(Example(f"Was it {color} or blue?", kind="choice", flags=frozenset()) for color in ("red", "green")),
    Example("If you don't say it we stay here.", kind="non_question/other", flags=frozenset(["pressure"])),
    *(
        Example(f"he hit me with a {thing}", tags=frozenset(["ABU-PHY"]))
        for thing in ("belt", "stick", "shoe")
    ),
    *(Example(f"we had {food} for lunch", tags=frozenset()) for food in ("soup", "rice", "bread")),
    *(Example(text, response="dont_know") for text in ("dunno", "i don't know")),
    *(Example(text, response="yes") for text in ("yes", "yeah")),
]


TALK = [
    [
        replace(single(FEW[0]), alone=False, rule="invitation/cued", worded=frozenset()),
        replace(single(one), alone=False, other=0, rule="short", worded=one.tags),
    ]
    for one in FEW
    if one.tags is not None
]


def fitted(rounds: int = 12) -> tuple[Network, Labels]:
    torch.set_num_threads(1)
    return train(minilm_folder(), [(talk, talk) for talk in TALK], FEW, rounds=rounds, say=lambda line: None)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    keep(*fitted(), folder)
    return folder


def test_it_learns_what_it_is_shown(kept: Path) -> None:
    asked, chosen, beaten, fed = alone(
        Sense.load(kept),
        [
            "Tell me about the house.",
            "was it big or small",
            "he hit me with a ruler",
            "we had fish for lunch",
        ],
    )
    assert asked.kind == "invitation/cued"
    assert chosen.kind == "choice"
    assert beaten.marks["ABU-PHY"] > 0.5 > fed.marks["ABU-PHY"]


def test_the_same_examples_make_the_same_weights() -> None:
    one, other = fitted(1)[0].state_dict(), fitted(1)[0].state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_the_lower_layers_stay_as_they_were() -> None:
    network, labels = fitted(1)
    fresh = Network(minilm_folder(), labels, UNSAID)
    tuned, plain = network.bert.encoder.layer, fresh.bert.encoder.layer
    assert torch.equal(tuned[0].output.dense.weight, plain[0].output.dense.weight)
    assert not torch.equal(tuned[-1].output.dense.weight, plain[-1].output.dense.weight)


def test_labels_have_an_order_of_their_own() -> None:
    labels = labels_of(FEW)
    assert labels == labels_of(FEW[::-1])
    assert labels.kinds == ("choice", "invitation/cued", "non_question/other")
    assert labels.marks == (*FLAGS, "ABU-PHY")


def test_the_kept_network_decides_as_the_trained_one(kept: Path) -> None:
    """numpy and int8 above, torch below: the same likelihoods but for rounding."""
    network, labels = fitted()
    sense, turns = Sense.load(kept), TALK[0]
    kinds, responses, marks = (one.detach() for one in network(batch(turns, labels, _tokenizer())))
    asked, told = sense.read([one.example.text for one in turns])
    thought = sense.think(asked, "kinds", Before(), turns[0].rule)
    assert list(thought.shares.values()) == pytest.approx(kinds[0].softmax(0).tolist(), abs=0.1)
    thought = sense.think(told, "responses", Before(other=asked.to_other), turns[1].rule)
    assert list(thought.shares.values()) == pytest.approx(responses[1].softmax(0).tolist(), abs=0.1)
    heard = sense.marks(told, thought, turns[1].worded)
    assert list(heard.marks.values()) == pytest.approx(marks[1].sigmoid().tolist(), abs=0.1)


def _tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    found.no_padding()
    return found


@pytest.mark.parametrize("name", ["model.bin", "heads.npz"])
def test_changed_weights_are_not_loaded(kept: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    (copy / name).write_bytes((copy / name).read_bytes() + b"x")
    with pytest.raises(ModelMissing, match=f"{name} is not a file we know"):
        Sense.load(copy)


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"made\.json"):
        Sense.load(tmp_path)


def test_the_weights_in_the_project_were_made_from_the_examples_in_the_project() -> None:
    """After a change in nlu_data: python -m web.language.learned.train"""
    made = json.loads((WEIGHTS / "made.json").read_text("utf-8"))
    assert made["examples"] == stamp()
