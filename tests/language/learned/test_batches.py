"""Turns as tensors: nothing is lost, and what each teaches is told apart from what it does not."""

from __future__ import annotations

import random

import pytest
from tokenizers import Tokenizer

from web.language.learned.batches import BESIDE, MAX_PIECES, batch, batches, single, wanted
from web.language.learned.dialogues import Told
from web.language.learned.examples import FLAGS, Example
from web.language.learned.network import Labels
from web.language.models import minilm_folder

LABELS = Labels(("choice", "wh/static"), ("no", "short"), (*FLAGS, "ABU-PHY"))
ASKED = Told(
    Example("Where was the belt?", kind="wh/static", flags=frozenset(["new_info"])),
    asked=True, rule="choice", worded=frozenset(["pressure"]), said=((14, 18),),
)  # fmt: skip
TOLD = Told(
    Example("he hit me", tags=frozenset(["ABU-PHY"]), response="short"),
    asked=False, other=0, rule="short", worded=frozenset(),
)  # fmt: skip
ALONE = single(Example("Was it red?", kind="wh/static", flags=frozenset(["promise"])))


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def test_rules_and_places_stand_in_the_order_of_the_turns(tokenizer: Tokenizer) -> None:
    made = batch([ASKED, TOLD, ALONE], LABELS, tokenizer)
    assert made.other.tolist() == [-1, 0, -1]
    assert made.asked.tolist() == [1, 0, 1]
    assert made.rule.tolist() == [0, 3, 4]  # 4: no rule was asked
    assert made.shared.shape == (3, 3)
    assert made.worded[0].tolist() == [1.0 if name == "pressure" else -1.0 for name in LABELS.marks]
    assert set(made.worded[2].tolist()) == {0.0}
    assert sorted(place for *_, places in made.texts for place in places) == [0, 1, 2]


def test_the_childs_words_are_marked_piece_by_piece(tokenizer: Tokenizer) -> None:
    ((_, there, said, _),) = batch([ASKED], LABELS, tokenizer).texts
    assert said.sum().item() == 1
    assert said.shape == there.shape


def test_of_long_turns_the_asking_end_and_the_answering_beginning_are_read(tokenizer: Tokenizer) -> None:
    text = " ".join(f"w{number}" for number in range(300))
    whole = tokenizer.encode(text).ids
    for asked, kept in ((True, whole[1 - MAX_PIECES :]), (False, whole[1 : MAX_PIECES - 1])):
        ((ids, *_),) = batch([Told(Example(text), asked=asked)], LABELS, tokenizer).texts
        assert ids.shape == (1, MAX_PIECES)
        assert (ids[0, 1:] if asked else ids[0, 1:-1]).tolist() == kept


def test_a_sentence_alone_teaches_only_flags_that_it_can_show() -> None:
    there, known = wanted(LABELS, [ASKED, TOLD, ALONE])
    place = {name: LABELS.marks.index(name) for name in LABELS.marks}
    assert known[0].tolist() == [1.0] * len(FLAGS) + [0.0]
    assert known[1].tolist() == [0.0] * len(FLAGS) + [1.0]
    assert known[2, place["promise"]] == there[2, place["promise"]] == 1
    assert known[2, place["new_info"]] == known[2, place["ABU-PHY"]] == 0
    assert there[0, place["new_info"]] == there[1, place["ABU-PHY"]] == 1


def test_every_dialogue_comes_once_with_examples_beside_it() -> None:
    dialogues = [[ASKED, TOLD]] * 3
    made = list(batches(dialogues, [ALONE] * (2 * BESIDE + 1), random.Random(1)))
    assert [one[:2] for one in made] == dialogues
    assert sorted(len(one) - 2 for one in made) == [1, BESIDE, BESIDE]


def test_dialogues_go_on_where_examples_end() -> None:
    made = list(batches([[ASKED, TOLD]] * 3, [ALONE], random.Random(1)))
    assert len(made) == 3
