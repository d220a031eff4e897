"""Training: reproducible, goes on after being killed as if nothing had happened, and learns."""

from __future__ import annotations

import random
from pathlib import Path

import ctranslate2
import pytest
import sentencepiece
import torch

from tests.translation.training.conftest import PIECES, sentences
from web.translation.training import convert, judge
from web.translation.training.batches import Recipe, Rounds, drawn, joined
from web.translation.training.corpora import Pair
from web.translation.training.learn import Course, Pace, inherit
from web.translation.training.network import LONGEST, Network, Shape
from web.translation.training.pieces import BEGIN, END, PAD, known, prefix

TINY = Shape(PIECES, width=64, heads=2, inner=128, encoder=1, decoder=1, dropout=0.0)
PACE = Pace(warm_up=20, save_every=10)


def course(rounds: Rounds, file: Path) -> Course:
    return Course(TINY, rounds, file, PACE, seed=3)


def weights(network: Network) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in network.parameters()])


def test_a_round_is_always_the_same_and_rounds_differ(rounds: Rounds) -> None:
    first, again, second = rounds.batches(0), rounds.batches(0), rounds.batches(1)
    assert all(
        torch.equal(a, b) for x, y in zip(first, again, strict=True) for a, b in zip(x, y, strict=True)
    )
    assert [tuple(s.shape) for s, _ in first] != [tuple(s.shape) for s, _ in second]


def test_a_batch_holds_sources_of_one_length_and_padded_targets(rounds: Rounds) -> None:
    for sources, targets in rounds.batches(0):
        assert (sources[:, -1] == END).all()
        assert (sources != PAD).all()
        assert (targets[:, 0] == BEGIN).all()
        assert ((targets == END).sum(1) == 1).all()
        assert sources.numel() + targets.numel() <= 200 + targets.shape[1] * len(targets)
        assert max(sources.shape[1], targets.shape[1]) <= LONGEST


def test_joining_loses_no_sentence_and_keeps_sides_together() -> None:
    pairs = [Pair(f"а{i}.", f"b{i}.", "en") for i in range(500)]
    found = list(joined(list(pairs), random.Random(1)))
    assert 400 < len(found) < 450
    assert sorted(" ".join(p.text for p in found).split()) == sorted(p.text for p in pairs)
    for pair in found:
        assert pair.translation == pair.text.replace("а", "b")


def test_a_network_with_several_targets_is_told_which(corpus: Path, model: Path) -> None:
    both = Recipe("both", ("en-uk", "en-ru"), PIECES, {"uk-en": {"gold": 1}})
    words = sentencepiece.SentencePieceProcessor(model_file=str(model))
    for _, targets in Rounds(both, corpus, model, 200, 1).batches(0):
        assert (targets[:, 1] == words.piece_to_id(prefix("uk"))).all()


def test_going_on_after_a_kill_gives_the_same_network(rounds: Rounds, tmp_path: Path) -> None:
    whole = course(rounds, tmp_path / "whole.pt")
    whole.go(25, 5, lambda _: None)
    broken = course(rounds, tmp_path / "broken.pt")
    broken.go(14, 0, lambda _: None)  # killed after the state of step 10 was written
    state = torch.load(tmp_path / "broken.pt", weights_only=True)
    assert state["place"][0] == 10
    again = course(rounds, tmp_path / "broken.pt")
    assert again.step == 10
    again.go(25, 5, lambda _: None)
    assert torch.equal(weights(whole.network), weights(again.network))


def test_a_later_run_goes_on_from_before_the_slowing_down(rounds: Rounds, tmp_path: Path) -> None:
    course(rounds, tmp_path / "a.pt").go(20, 10, lambda _: None)
    longer = course(rounds, tmp_path / "a.pt")
    assert longer.step == 20
    longer.go(40, 10, lambda _: None)
    straight = course(rounds, tmp_path / "b.pt")
    straight.go(40, 10, lambda _: None)
    assert torch.equal(weights(longer.network), weights(straight.network))


@pytest.fixture(scope="module")
def learned(corpus: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, Path]:
    folder = tmp_path_factory.mktemp("learned")
    rounds = Rounds(Recipe("tiny", ("uk-en",), PIECES, {"uk-en": {"gold": 4}}), corpus, model, 400, 1)
    taught = Course(TINY, rounds, folder / "tiny.pt", PACE, seed=3)
    taught.go(160, 40, lambda _: None)
    convert.convert(taught.network.eval(), known(model), folder / "model")
    return taught.network, folder


def test_it_learns_its_sentences_and_translates_them(learned: tuple[Network, Path], model: Path) -> None:
    translate = judge.translator(learned[1] / "model", model, "")
    english, other = zip(*sentences(), strict=True)
    quality = judge.judge(translate, other, english)
    assert quality.chrf > 80
    assert quality.n == 25


def test_the_converted_model_gives_the_same_likelihoods(learned: tuple[Network, Path], model: Path) -> None:
    words = sentencepiece.SentencePieceProcessor(model_file=str(model))
    engine = ctranslate2.Translator(str(learned[1] / "model"), compute_type="float32")
    text, wanted = "мій брат співає.", "my brother sings."
    [scored] = engine.score_batch([words.encode(text, out_type=str)], [words.encode(wanted, out_type=str)])
    source = torch.tensor([[*words.encode(text), END]])
    target = torch.tensor([[BEGIN, *words.encode(wanted), END]])
    with torch.no_grad():
        logits = learned[0](source, target[:, :-1])
    ours = torch.log_softmax(logits, -1)[0].gather(1, target[0, 1:, None])[:, 0]
    assert scored.log_probs == pytest.approx(ours.tolist(), abs=0.1)  # int8 weights


def test_a_network_begins_as_another_one_piece_by_piece(learned: tuple[Network, Path], model: Path) -> None:
    elder, theirs = learned[0], known(model)
    ours = ["<new>", *reversed(theirs)]
    young = Network(Shape(len(ours), width=64, heads=2, inner=128, encoder=1, decoder=1, dropout=0.0)).eval()
    fresh = young.embedding.weight[0].clone()
    inherit(young, ours, elder.state_dict(), theirs)
    place = [ours.index(piece) for piece in theirs]
    source, target = torch.tensor([[7, 9, END]]), torch.tensor([[BEGIN, 11]])
    moved = [torch.tensor([[place[int(i)] for i in row] for row in one]) for one in (source, target)]
    assert torch.allclose(young(*moved)[..., place], elder.eval()(source, target), atol=1e-5)
    assert torch.equal(young.embedding.weight[0], fresh)


def test_a_broken_number_reads_a_share_anew_each_time() -> None:
    pairs = [Pair(f"а{i}.", f"b{i}.", "en") for i in range(40)]
    whole, again, share = drawn(pairs, 2.25, random.Random(1))
    assert whole == again == pairs
    assert len(set(share)) == 10
    assert set(share) < set(pairs)
    assert set(next(drawn(pairs, 0.25, random.Random(2)))) != set(share)
    assert list(drawn(pairs, 1, random.Random(1))) == [pairs]
