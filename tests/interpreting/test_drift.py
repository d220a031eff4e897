"""The comparison by the real coder, on sixty pairs written for it before it was."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import yaml

from web.interpreting.drift import CHANGES, Compared, compare
from web.interpreting.finding import Comparer
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.encoder import Encoder
from web.language.model import Coding, Speaker, Turn

Pairs = dict[str, list[list[str]]]


def pairs(name: str) -> Pairs:
    read: Pairs = yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return read


PAIRS = pairs("pairs.yml")


@pytest.fixture(scope="module")
def comparer() -> Comparer:
    return partial(compare, Coder.load(), Encoder.load())


def right(kind: str, found: Compared) -> bool:
    return kind in found.changes if kind != "faithful" else not found.changes


def test_there_are_sixty() -> None:
    assert sum(map(len, PAIRS.values())) == 60
    assert set(PAIRS) <= {"faithful", *CHANGES}


@pytest.mark.parametrize(("kind", "least"), [("faithful", 15), ("closed", 12), ("opened", 8),
                                             ("suggestion", 12), ("left_out", 12)])  # fmt: skip
def test_changes_are_found_and_faithful_ones_left_alone(comparer: Comparer, kind: str, least: int) -> None:
    wrong = [one for one in PAIRS[kind] if not right(kind, comparer(*one))]
    assert len(PAIRS[kind]) - len(wrong) >= least, wrong


def test_pairs_it_was_not_mended_by(comparer: Comparer) -> None:
    every = [(kind, pair) for kind, those in pairs("fresh_pairs.yml").items() for pair in those]
    wrong = [pair for kind, pair in every if not right(kind, comparer(*pair))]
    assert len(every) == 38
    assert len(wrong) <= 1, wrong


def test_the_same_words_are_no_change(comparer: Comparer) -> None:
    for those in PAIRS.values():
        for asked, _ in those:
            assert comparer(asked, asked).changes == (), asked


@pytest.mark.parametrize(("asked", "rendered", "change"), [
    ("Tell me about your school.", "Tell me about your school, and then about your dog.", "added"),
    ("Tell me what happened then.", "He is listening to you.", "no_question"),
    ("Tell me everything about your day.", "Where were you that day?", "narrower"),
])  # fmt: skip
def test_other_changes(comparer: Comparer, asked: str, rendered: str, change: str) -> None:
    found = comparer(asked, rendered).changes
    assert change in found or "suggestion" in found, found


def test_the_order_of_earlier_comparisons_changes_nothing(comparer: Comparer) -> None:
    pair = PAIRS["suggestion"][4]
    first = comparer(*pair).changes
    for other in PAIRS["closed"]:
        comparer(*other)
    assert comparer(*pair).changes == first


def test_nothing_said_is_compared_without_falling_over(comparer: Comparer) -> None:
    assert comparer("", "").changes == ()
    assert comparer("Tell me what happened.", "…").changes == ("no_question",)


def test_an_interpreters_words_are_never_coded_or_marked_as_the_childs() -> None:
    coder, talk = Coder.load(), Conversation()
    words = "He hit me with a belt and locked me in the cellar."
    assert coder.code(talk, Turn(Speaker.INTERPRETER, words)) == Coding()
    assert talk.child_lemmas == {}
    assert coder.cues(talk) == []
    assert coder.code(Conversation(), Turn(Speaker.CHILD, words)).indicators  # of the child, they would be
