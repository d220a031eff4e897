"""Whether a guard can ever hold: tried out over every value that makes a difference to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any

from protocols.guards import FLAGS, NUMBERS, WORDS, Guard
from protocols.model import Branch, Flow
from protocols.state import CAP

Finding = tuple[str, str, str]
Values = Mapping[str, Sequence[Any]]
_MOST = 5_000
"""Combinations that are tried of guards that ask for many things at once."""
_GRAMMAR = {"and", "or", "not", "in", *WORDS["answer"], *WORDS["stage"]} - set(FLAGS)


def guards_can_hold(flow: Flow) -> Iterator[Finding]:
    """Every branch can be taken, so that no way exists on paper alone."""
    ages = range(flow.ages[0], flow.ages[1] + 1)
    every = {"age": ages}
    for where, branch in _dead(flow.always, every):
        yield "always", f"'{where}' can never lead to '{branch.to}'", _HOW
    for step in flow.steps.values():
        known = {**every, "stage": (flow.phase(step.phase).stage,)}
        for branches in (step.when, step.next):
            for where, branch in _dead(branches, known):
                yield step.id, f"'{where}' can never lead to '{branch.to}'", _HOW


_HOW = "Mend the condition or one before it that always holds, or let it ask for fewer things at once"


def _dead(branches: Sequence[Branch], known: Values) -> Iterator[tuple[str, Branch]]:
    for index, branch in enumerate(branches):
        before = [other.guard for other in branches[:index]]
        if not can_hold([branch.guard], known, before, unsure=False):
            yield branch.guard.text or "else", branch


def can_hold(
    guards: Sequence[Guard], known: Values, without: Sequence[Guard] = (), unsure: bool = True
) -> bool:
    """Whether all `guards` can hold while none of `without` does, with `known` values of some facts.

    `unsure`: the answer where too many combinations would have to be tried.
    """
    texts = " ".join(guard.text for guard in (*guards, *without))
    names = sorted(set(re.findall(r"[a-z_]+", texts)) - _GRAMMAR)
    values = [_values(name, texts, known) for name in names]
    tried = 0
    for chosen in islice(product(*values), _MOST):
        facts, tried = dict(zip(names, chosen, strict=True)), tried + 1
        if all(guard(facts) for guard in guards) and not any(guard(facts) for guard in without):
            return True
    return unsure and tried == _MOST


def _values(name: str, texts: str, known: Values) -> Sequence[Any]:
    if name in WORDS:
        return known.get(name, ("", *WORDS[name]) if name == "answer" else WORDS[name])
    if name not in NUMBERS:
        return known.get(name, (False, True))
    limits = {int(number) for number in re.findall(r"\d+", texts)}
    near = sorted({0, *(limit + by for limit in limits for by in (-1, 0, 1))})
    within = known.get(name, range(CAP + 1))
    return [value for value in near if value in within] or [within[0]]
