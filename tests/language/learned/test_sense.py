"""What the learned coder hears, from the weights that ship with the project."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.language.learned import Sense
from web.language.learned.sense import MAX_PIECES

HARM = "he takes his belt off and hits me till i can't sit"


@pytest.fixture(scope="module")
def sense() -> Sense:
    return Sense.load()


def kind(sense: Sense, text: str) -> str:
    shares = sense.read([text])[0].kinds
    return max(shares, key=lambda name: shares[name])


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
    assert kind(sense, text).partition("/")[0] == type_


def test_shares_add_up(sense: Sense) -> None:
    heard = sense.read(["Where was he?"])[0]
    assert sum(heard.kinds.values()) == pytest.approx(1, abs=1e-5)
    assert sum(heard.responses.values()) == pytest.approx(1, abs=1e-5)
    assert all(0 <= share <= 1 for share in heard.marks.values())


def test_harm_is_heard_where_it_is_said(sense: Sense) -> None:
    text = f"we went to the shop and bought apples. {HARM}. then we watched telly"
    heard = sense.read([text])[0]
    assert heard.marks["ABU-PHY"] > 0.5
    start, end = heard.places["ABU-PHY"]
    assert text[start:end] in HARM


def test_the_end_of_a_very_long_turn_is_read_too(sense: Sense) -> None:
    long = "we went to the shop and bought apples and pears and bread. " * MAX_PIECES
    assert sense.read([long])[0].marks["ABU-PHY"] < 0.5
    heard = sense.read([long + HARM])[0]
    assert heard.marks["ABU-PHY"] > 0.5
    assert heard.places["ABU-PHY"][0] >= len(long)
    assert kind(sense, "I'll write that down. " * 50 + "Where was he?").startswith("wh")


def test_many_are_read_as_one_by_one(sense: Sense) -> None:
    texts = ["Where was he?", HARM, "", "ok", "And then what happened after you had gone up the stairs?"]
    for together, alone in zip(sense.read(texts), (sense.read([text])[0] for text in texts), strict=True):
        assert together.places.keys() == alone.places.keys()
        for name, share in together.marks.items():
            assert share == pytest.approx(alone.marks[name], abs=0.05)


def test_nothing_to_read(sense: Sense) -> None:
    assert sense.read([]) == []


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(sense: Sense, text: str) -> None:
    heard = sense.read([text])[0]
    assert all(0 <= start <= end <= len(text) for start, end in heard.places.values())
