"""Guards: what they may ask, what they answer, and that nothing else gets through."""

from __future__ import annotations

from typing import Any

import pytest

from protocols.guards import compile_guard

CONDITIONS = frozenset({"one_time", "script"})
FACTS: dict[str, Any] = {
    "open_prompts": 3,
    "short_answers": 0,
    "age": 7,
    "answer": "short",
    "stage": "before",
    "disclosed": True,
    "one_time": True,
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("open_prompts >= 3", True),
        ("open_prompts > 3", False),
        ("open_prompts < 3 or age == 7", True),
        ("open_prompts != 3", False),
        ("age <= 6", False),
        ("disclosed and one_time", True),
        ("not one_time", False),
        ("script", False),
        ("script or not script and disclosed", True),
        ("answer in [short, none]", True),
        ("answer not in [short, none]", False),
        ("answer == yes", False),
        ("stage != after", True),
    ],
)
def test_guards_answer(text: str, holds: bool) -> None:
    guard = compile_guard(text, CONDITIONS)
    assert guard(FACTS) is holds
    assert guard.text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "open_prompts >=",
        "__import__('os').system('true')",
        "disclosed()",
        "age.real",
        "age + 1 > 2",
        "1 < age < 5",
        "3 > age",
        "age > 3.5",
        "age > '3'",
        "age > True",
        "age",
        "answer",
        "unknown",
        "answer == maybe",
        "answer in []",
        "answer in [short, 'none']",
        "answer > short",
        "stage == during",
        "[x for x in y]",
        "lambda: 1",
        "disclosed if age > 3 else script",
        "a = 1",
        "not " * 400 + "script",
        "(" * 250 + "script" + ")" * 250,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"guard|known|compared|one of"):
        compile_guard(text, CONDITIONS)
