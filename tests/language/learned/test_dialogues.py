"""Dialogues to learn from: each turn with its codes, what came before, and what the rules say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.dialogues import BY_AGE
from web.language.encoder import Encoder
from web.language.learned.dialogues import Told, read_dialogues, told
from web.language.learned.examples import FLAGS, FOLDER
from web.language.model import QuestionType, Response

OPEN = {"type": "invitation", "subtype": "general", "flags": []}
PLACE = {"type": "wh", "subtype": "static", "flags": ["new_info", "long"]}
HARM = {"response": "short", "tags": ["ABU-PHY"], "traps": []}
TALK: list[dict[str, Any]] = [
    {"speaker": "interviewer", "text": "Tell me why you came.", "gold": OPEN},
    {"speaker": "child", "text": "My dad smacked me.", "gold": HARM},
    {"speaker": "interpreter", "text": "She says her dad smacked her."},
    {"speaker": "interviewer", "text": "Where did he hit you, in the shed?", "gold": PLACE},
    {"speaker": "child", "text": "No.", "gold": {"response": "no", "tags": [], "traps": ["ABU-PHY"]}},
]


@pytest.fixture(scope="module")
def turns() -> list[Told]:
    rows = [{"session": "a", "turn": place, "age": 7, **row} for place, row in enumerate(TALK)]
    return told(rows, Encoder.load())


def test_codes_become_labels(turns: list[Told]) -> None:
    assert [one.example.kind for one in turns] == ["invitation/general", None, "wh/static", None]
    assert [one.example.response for one in turns] == [None, "short", None, "no"]
    assert [one.example.tags for one in turns] == [None, {"ABU-PHY"}, None, frozenset()]
    assert turns[2].example.flags == {"new_info"}  # flags against the age are not learned


def test_each_turn_knows_who_spoke_last(turns: list[Told]) -> None:
    """Interpreters' turns are passed over."""
    assert [(one.other, one.own) for one in turns] == [(-1, -1), (0, -1), (1, 0), (2, 1)]


def test_rules_are_asked_of_each_turn(turns: list[Told]) -> None:
    assert [one.rule for one in turns] == ["invitation/general", "short", "wh/static", "no"]
    assert "ABU-PHY" in (turns[1].worded or ())
    assert "new_info" in (turns[2].worded or ())


def test_words_of_the_child_are_known_in_any_form(turns: list[Told]) -> None:
    text = turns[2].example.text
    said = {text[start:end] for start, end in turns[2].said}
    assert "hit" in said
    assert "shed" not in said


def test_bare_text_is_read_bare() -> None:
    rows = [{"session": "a", "turn": place, "age": 7, **row} for place, row in enumerate(TALK)]
    assert [one.example.text for one in told(rows, Encoder.load(), plain=True)][2] == (
        "where did he hit you in the shed"
    )


def test_the_dialogues_in_the_project_are_whole_and_coded_in_the_manuals_words() -> None:
    dialogues = read_dialogues()
    assert len(dialogues) > 200
    kinds: set[str] = set()
    for rows in dialogues:
        assert [row["turn"] for row in rows] == list(range(1, len(rows) + 1))
        for gold in (row["gold"] for row in rows if "gold" in row):
            kinds.add(gold.get("type") or gold["response"])
            assert set(gold.get("flags", ())) <= set(FLAGS) | BY_AGE
    assert kinds == set(QuestionType) | set(Response)


def test_no_dialogue_is_held_out_or_for_development() -> None:
    def longer(path: Path) -> set[str]:
        texts = (json.loads(line)["text"].lower() for line in path.read_text("utf-8").splitlines())
        return {text for text in texts if len(text.split()) > 10}

    learned = {row["text"].lower() for rows in read_dialogues() for row in rows}
    for name in (
        "held_out/dialogues.jsonl",
        "development/second.jsonl",
        "development/third.jsonl",
        "development/fourth.jsonl",
    ):
        assert not learned & longer(FOLDER / name)
