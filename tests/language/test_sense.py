"""The learned reading: the same for the same text, whatever it is read with."""

from __future__ import annotations

import json
import random

import pytest

from tests.language.talk import NLU_DATA
from web.language.learned import Sense
from web.language.learned.sense import MAX_PIECES, MET


@pytest.fixture(scope="module")
def sense() -> Sense:
    return Sense.load()


def _texts() -> list[str]:
    lines = (NLU_DATA / "development" / "earlier.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines][:150]
    return [*texts, " ".join(texts), "", " ", "؟", "💔" * 300, "a" * 2000, texts[0]]


def test_a_text_is_read_the_same_alone_and_among_others(sense: Sense) -> None:
    texts = _texts()
    alone = []
    for text in texts:
        sense.forget()
        alone.append(sense.read([text])[0])
    for seed, window in ((1, 3), (2, 32), (3, 1000)):
        order = random.Random(seed).sample(range(len(texts)), len(texts))
        sense.forget()
        for start in range(0, len(order), window):
            places = order[start : start + window]
            found = sense.read([texts[place] for place in places])
            assert found == [alone[place] for place in places]


def test_shares_add_up_and_places_lie_in_the_text(sense: Sense) -> None:
    texts = _texts()
    for text, found in zip(texts, sense.read(texts), strict=True):
        assert sum(found.kinds.values()) == pytest.approx(1, abs=1e-5)
        assert sum(found.responses.values()) == pytest.approx(1, abs=1e-5)
        assert all(0 <= likely <= 1 for likely in found.marks.values())
        assert found.places.keys() == found.marks.keys()
        assert all(0 <= start <= end <= len(text) for start, end in found.places.values())


def test_the_whole_of_a_long_turn_is_read(sense: Sense) -> None:
    """An act at the end of a turn of many windows is heard, and heard there."""
    act = "he hit me with a stick and it hurt."
    filler = "we went to the shop and bought some bread and then we looked at the ducks. " * 30
    long, before = sense.read([filler + act, filler])
    assert len(filler.split()) > 3 * MAX_PIECES
    assert long.marks["ABU-PHY"] > 10 * before.marks["ABU-PHY"]
    start, end = long.places["ABU-PHY"]
    assert start >= len(filler) - 60
    assert end <= len(filler + act)


def test_remembered_texts_are_few(sense: Sense) -> None:
    for start in range(0, 3 * MET, 100):
        sense.read([f"yes {number}" for number in range(start, start + 100)])
        assert len(sense._met) <= MET
    sense.read([f"no {number}" for number in range(2 * MET)])
    assert len(sense._met) <= MET
