"""Whether a guard can hold, against trying every state that a small guard may ask about."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.guards import compile_guard
from protocols.holds import can_hold

CONDITIONS = frozenset({"one_time", "script"})
HOLDS = ["age > 16", "not one_time", "answer == yes and prompts > 998", "stage != after", "substantive"]
NEVER = [
    "age > 17",
    "age < 4",
    "one_time and not one_time",
    "answer == yes and answer == no",
    "prompts > 999",
    "open_prompts < 0",
    "stage in [before, after]",
    "age > 5 and age < 6",
    "not (script or not script)",
]


def holds(text: str, *without: str) -> bool:
    known = {"age": range(4, 18), "stage": ("substantive",)}
    return can_hold(
        [compile_guard(text, CONDITIONS)], known, [compile_guard(one, CONDITIONS) for one in without]
    )


@pytest.mark.parametrize("text", HOLDS)
def test_what_some_interview_meets_can_hold(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize("text", NEVER)
def test_what_no_interview_meets_cannot(text: str) -> None:
    assert not holds(text)


def test_what_stands_behind_something_that_always_holds_cannot() -> None:
    assert holds("script", "one_time")
    assert not holds("script", "one_time or script")
    assert not holds("age > 10", "age >= 4")
    assert holds("age > 10", "age > 10 and one_time")


ATOMS = st.sampled_from(
    ["one_time", "script", "age > 7", "age <= 5", "prompts == 3", "prompts != 3", "prompts < 1"]
)
GUARDS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})"),
    ),
    max_leaves=6,
)


@given(text=GUARDS)
def test_it_agrees_with_trying_every_state(text: str) -> None:
    guard = compile_guard(text, CONDITIONS)
    states = product(range(4, 18), range(6), (False, True), (False, True))
    names = ("age", "prompts", "one_time", "script")
    tried = any(guard(dict(zip(names, state, strict=True))) for state in states)
    assert holds(text) == tried
