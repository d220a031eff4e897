"""What the learned coder hears: the same for the same text, and more where it knows what came before."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.language.learned.felt import alone
from tests.language.talk import NLU_DATA
from web.language.learned import Before, Sense
from web.language.learned.felt import MAX_PIECES, MET, Reader

HARM = "he takes his belt off and hits me till i can't sit"


@pytest.fixture(scope="module")
def sense() -> Sense:
    return Sense.load()


def _texts() -> list[str]:
    lines = (NLU_DATA / "development" / "earlier.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines][:150]
    return [*texts, " ".join(texts), "", " ", "؟", "💔" * 300, "a" * 2000, texts[0]]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Tell me everything that happened at your auntie's place.", "invitation"),
        ("whereabouts was your sister when all that went on", "wh"),
        ("would your stepdad have been at home that evening", "yes_no"),
        ("was that in the kitchen or out in the yard", "choice"),
        ("I'm going to write a few things down while we talk.", "non_question"),
    ],
)
def test_types_without_any_rule(sense: Sense, text: str, type_: str) -> None:
    assert alone(sense, [text])[0].kind.partition("/")[0] == type_


def test_harm_is_heard_where_it_is_said(sense: Sense) -> None:
    text = f"we went to the shop and bought apples. {HARM}. then we watched telly"
    heard = alone(sense, [text])[0]
    assert heard.marks["ABU-PHY"] > 0.5
    start, end = heard.places["ABU-PHY"]
    assert text[start:end] in HARM


def test_the_end_of_a_very_long_turn_is_read_too(sense: Sense) -> None:
    """An act at the end of a turn of many windows is heard, and heard there."""
    long = "we went to the shop and bought apples and pears and bread. " * MAX_PIECES
    before, after, asked = alone(sense, [long, long + HARM, "I'll write that down. " * 50 + "Where was he?"])
    assert before.marks["ABU-PHY"] < 0.5 < after.marks["ABU-PHY"]
    assert len(long) <= after.places["ABU-PHY"][0] < len(long + HARM)
    assert asked.kind.startswith("wh")


def test_a_text_is_read_the_same_alone_and_among_others(sense: Sense) -> None:
    texts = _texts()
    single = []
    for text in texts:
        sense.forget()
        single += alone(sense, [text])
    for seed, window in ((1, 3), (2, 32), (3, 1000)):
        order = random.Random(seed).sample(range(len(texts)), len(texts))
        sense.forget()
        for start in range(0, len(order), window):
            places = order[start : start + window]
            assert alone(sense, [texts[place] for place in places]) == [single[place] for place in places]


def test_shares_add_up_and_places_lie_in_the_text(sense: Sense) -> None:
    texts = _texts()
    for text, found in zip(texts, alone(sense, texts), strict=True):
        assert sum(found.kinds.values()) == pytest.approx(1, abs=1e-5)
        assert sum(found.responses.values()) == pytest.approx(1, abs=1e-5)
        assert all(0 <= likely <= 1 for likely in found.marks.values())
        assert found.places.keys() == found.marks.keys()
        assert all(0 <= start <= end <= len(text) for start, end in found.places.values())


def test_what_the_rules_say_weighs(sense: Sense) -> None:
    felt = sense.read(["And the shed?"])[0]
    shares = {
        rule: sense.think(felt, "kinds", Before(), rule).shares[rule]
        for rule in ("invitation/cued", "yes_no/declarative", "wh/static")
    }
    unruled = sense.think(felt, "kinds", Before(), None).shares
    assert all(share > unruled[rule] for rule, share in shares.items())


def test_what_was_said_before_weighs(sense: Sense) -> None:
    answer, question, other = sense.read(["no", "Did he hit you?", "Tell me what happened in the garden."])
    after = [
        sense.think(answer, "responses", Before(other=one.to_other), None).shares for one in (question, other)
    ]
    assert after[0] != after[1]


def test_words_of_the_child_are_no_news(sense: Sense) -> None:
    text = "So what did he do with the belt in the shed?"
    felt = sense.read([text])[0]
    thought = sense.think(felt, "kinds", Before(), "wh/action")
    place = text.index("belt"), text.index("belt") + 4
    both = [(place[0], place[1]), (text.index("shed"), text.index("shed") + 4)]
    unknown, partly, known = (
        sense.marks(felt, thought, (), said).marks["new_info"] for said in ([], [place], both)
    )
    assert unknown > partly > known
    assert text[slice(*sense.marks(felt, thought, (), [place]).places["new_info"])] != "belt"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    heard = alone(Sense.load(), [text])[0]
    assert all(0 <= start <= end <= len(text) for start, end in heard.places.values())


def test_remembered_texts_are_few(sense: Sense) -> None:
    reader: Reader = sense._reader
    for start in range(0, 3 * MET, 100):
        sense.read([f"yes {number}" for number in range(start, start + 100)])
        assert len(reader._met) <= MET
    sense.read([f"no {number}" for number in range(2 * MET)])
    assert len(reader._met) <= MET
