"""Guards: the small conditions of the flow language, checked when a flow is loaded, run without eval.

A guard is a line such as `open_prompts >= 3 and not one_time` or `answer in [short, none]`.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from protocols.state import COUNTERS

NUMBERS = ("age", "answers", *COUNTERS)
FLAGS = ("disclosed", "reluctance", "rules_owed", "substantive")
WORDS = {
    "answer": (
        "narrative", "short", "none", "dont_know", "dont_understand", "refuse",
        "off_topic", "asks", "yes", "no", "corrects",
    ),
    "stage": ("before", "substantive", "after"),
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
Test = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class Guard:
    """A condition on the state of the walk: its text, for the explanation, and its test."""

    text: str
    test: Test = field(repr=False, compare=False)

    def __call__(self, facts: Mapping[str, Any]) -> bool:
        return self.test(facts)


ALWAYS = Guard("", lambda _facts: True)


def compile_guard(text: str, conditions: frozenset[str]) -> Guard:
    """Turn the text of a guard into a Guard. ValueError says what is wrong with it."""
    if len(text) > 300:
        raise ValueError("the guard is longer than 300 characters")
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"the guard '{text}' is not a condition") from error
    return Guard(text, _test(tree, conditions))


def _test(node: ast.expr, conditions: frozenset[str]) -> Test:
    if isinstance(node, ast.BoolOp):
        parts = [_test(value, conditions) for value in node.values]
        every = isinstance(node.op, ast.And)
        return lambda facts: all(p(facts) for p in parts) if every else any(p(facts) for p in parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _test(node.operand, conditions)
        return lambda facts: not inner(facts)
    if isinstance(node, ast.Name) and (node.id in FLAGS or node.id in conditions):
        name = node.id
        return lambda facts: bool(facts.get(name, False))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.left, ast.Name):
        return _comparison(node.left.id, node.ops[0], node.comparators[0])
    raise ValueError(f"'{ast.unparse(node)}' is not known in guards")


def _comparison(name: str, op: ast.cmpop, right: ast.expr) -> Test:
    if (
        name in NUMBERS
        and isinstance(right, ast.Constant)
        and type(right.value) is int
        and type(op) in _COMPARE
    ):
        compare, limit = _COMPARE[type(op)], right.value
        return lambda facts: compare(facts[name], limit)
    if name in WORDS:
        values = _words(name, right)
        if isinstance(op, (ast.In, ast.Eq)):
            return lambda facts: facts[name] in values
        if isinstance(op, (ast.NotIn, ast.NotEq)):
            return lambda facts: facts[name] not in values
    raise ValueError(f"'{name}' cannot be compared like this")


def _words(name: str, node: ast.expr) -> frozenset[str]:
    items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    values = frozenset(item.id for item in items if isinstance(item, ast.Name))
    unknown = sorted(values - set(WORDS[name]))
    if unknown or len(values) != len(items) or not values:
        raise ValueError(f"'{name}' is one of {', '.join(WORDS[name])}")
    return values
