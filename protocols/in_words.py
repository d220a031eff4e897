"""Guards, branches and steps in plain words: the data is in in_words.yml and vocabulary.yml."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from protocols.files import ROOT
from protocols.model import Phase, Step
from protocols.reading import Way
from protocols.strict_yaml import read

Say = Callable[[str], str]
"""Gives a text in the reader's language."""

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "exactly",
    ast.NotEq: "but",
    ast.Lt: "fewer",
    ast.LtE: "at_most",
    ast.Gt: "more",
    ast.GtE: "at_least",
}


@cache
def phrases() -> Mapping[str, Mapping[str, str]]:
    """All of in_words.yml."""
    found: Mapping[str, Mapping[str, str]] = read(ROOT / "in_words.yml", "in_words.yml").data
    return found


@dataclass(frozen=True)
class InWords:
    """Says things about a flow. `conditions`: those of the library's vocabulary."""

    conditions: Mapping[str, str]
    say: Say = str

    def phrase(self, group: str, name: str, **values: Any) -> str:
        """A sentence or part of one. KeyError: there is none of that name."""
        return self.say(phrases()[group][name]).format(**values)

    def guard(self, text: str) -> str:
        """What a guard asks, such as "2 or more short answers in a row"; '' for one that always holds."""
        return self._said(ast.parse(text, mode="eval").body) if text else ""

    def way(self, way: Way) -> str:
        """When a branch is taken."""
        return self.phrase("ways", way.kind, guard=self.guard(way.guard))

    def step(self, step: Step) -> list[str]:
        """How a step is worked through, in short pieces."""
        found = [self.phrase("modes", step.mode, n=len(step.cards))]
        if step.until:
            found.append(self.phrase("modes", "until", guard=self.guard(step.until.text)))
        if step.mode == "rotate":
            found.append(self.phrase("modes", "limit", n=step.limit))
        if step.new_incident:
            found.append(self.phrase("modes", "new_incident"))
        if "." in step.id:
            found.append(self.phrase("modes", "shared"))
        return found

    def phase(self, phase: Phase, again: bool = False) -> list[str]:
        """What is special about a phase."""
        marks = {"again": again, "pause": phase.pause, "substantive": phase.probing, "owed": phase.owed}
        return [self.phrase("phase", name) for name, holds in marks.items() if holds]

    def _said(self, node: ast.expr) -> str:
        if isinstance(node, ast.BoolOp):
            word = "and" if isinstance(node.op, ast.And) else "or"
            said = self._operand(node.values[0], node)
            for value in node.values[1:]:
                said = self.phrase("join", word, one=said, other=self._operand(value, node))
            return said
        if isinstance(node, ast.UnaryOp):
            return self.phrase("join", "not", one=self._operand(node.operand, node))
        if isinstance(node, ast.Compare):
            return self._compared(node)
        assert isinstance(node, ast.Name)
        if node.id in self.conditions:
            return _inside(self.say(self.conditions[node.id]))
        return self.phrase("flags", node.id)

    def _operand(self, node: ast.expr, around: ast.expr) -> str:
        """In brackets where and, or, not would otherwise run into each other."""
        said = self._said(node)
        mixed = isinstance(node, ast.BoolOp) and not (
            isinstance(around, ast.BoolOp) and type(node.op) is type(around.op)
        )
        return self.phrase("join", "group", one=said) if mixed else said

    def _compared(self, node: ast.Compare) -> str:
        assert isinstance(node.left, ast.Name)
        name, right = node.left.id, node.comparators[0]
        if isinstance(right, ast.Constant):
            sign, n = _SIGNS[type(node.ops[0])], right.value
            kind = "none" if (sign, n) == ("exactly", 0) else sign
            own = f"{name}_{kind}"
            return self.phrase(
                "compare",
                own if own in phrases()["compare"] else kind,
                n=n,
                what=self.phrase("numbers", name),
            )
        items = right.elts if isinstance(right, (ast.List, ast.Tuple)) else [right]
        said = [self.phrase(name, item.id) for item in items if isinstance(item, ast.Name)]
        words = said[0]
        for other in said[1:]:
            words = self.phrase("join", "either", one=words, other=other)
        negative = isinstance(node.ops[0], (ast.NotIn, ast.NotEq))
        return self.phrase("compare", f"not_{name}" if negative else name, words=words)


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
