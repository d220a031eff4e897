"""Labelled examples: every file can be read, and what a label means."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from web.language.indicators.taxonomy import taxonomy
from web.language.learned.examples import FOLDER, HEARD_FLAGS, Example, intents, read_examples
from web.language.model import QuestionType, Response


def write(folder: Path, intent: str, *texts: str) -> None:
    lines = "".join(f"    - {text}\n" for text in texts)
    (folder / "some.yml").write_text(f'version: "3.1"\nnlu:\n- intent: {intent}\n  examples: |\n{lines}')


@pytest.mark.parametrize(
    ("intent", "example"),
    [
        ("yes_no/tag", Example("x y", kind="yes_no/tag")),  # a file that says nothing about flags
        ("choice", Example("x y", kind="choice")),
        ("wh/causal+why+disapproval", Example("x y", kind="wh/causal", flags=frozenset(["disapproval"]))),
        ("indicator_ABU-PHY+SAF-NOW", Example("x y", tags=frozenset(["ABU-PHY", "SAF-NOW"]))),
        ("trap_ABU-PHY", Example("x y", tags=frozenset())),
        ("trap_ABU-PHY+WAR", Example("x y", tags=frozenset(["WAR"]))),
        ("ordinary", Example("x y", tags=frozenset())),
        ("response_short", Example("x y", response="short")),
    ],
)
def test_what_an_intent_says(tmp_path: Path, intent: str, example: Example) -> None:
    write(tmp_path, intent, "x y")
    assert read_examples(tmp_path) == [example]


def test_where_some_examples_have_flags_the_others_have_none(tmp_path: Path) -> None:
    lines = "".join(
        f"- intent: {intent}\n  examples: |\n    - {text}\n"
        for intent, text in (("yes_no/tag", "x"), ("choice+pressure", "y"))
    )
    (tmp_path / "some.yml").write_text(f'version: "3.1"\nnlu:\n{lines}')
    assert [one.flags for one in read_examples(tmp_path)] == [frozenset(), {"pressure"}]


def test_a_strange_intent_is_named_with_its_file(tmp_path: Path) -> None:
    write(tmp_path, "greet", "hello")
    with pytest.raises(ValueError, match=r"some\.yml: intent greet is none of ours"):
        read_examples(tmp_path)


def test_no_examples_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no examples"):
        read_examples(tmp_path)


def test_there_are_thousands_and_each_label_is_one_of_the_manual() -> None:
    examples = read_examples()
    kinds = {one.kind.partition("/")[0] for one in examples if one.kind}
    assert kinds == set(QuestionType)
    assert {one.response for one in examples if one.response} <= set(Response)
    assert {flag for one in examples for flag in one.flags or ()} <= set(HEARD_FLAGS)
    assert {tag for one in examples for tag in one.tags or ()} <= {concept.tag for concept in taxonomy()}
    assert sum(1 for one in examples if one.kind) > 2_000
    assert sum(1 for one in examples if one.tags is not None) > 2_000


def test_every_tag_has_examples_and_false_friends() -> None:
    count = Counter(tag for one in read_examples() for tag in one.tags or ())
    scarce = {tag for tag in count if count[tag] < 25}
    assert not scarce


def test_no_text_is_held_out() -> None:
    """Short stock phrases of every protocol are met everywhere; anything longer would have been copied."""
    trained = {one.text.lower() for one in read_examples()}
    held = (FOLDER / "held_out" / "dialogues.jsonl").read_text("utf-8").splitlines()
    texts = {json.loads(line)["text"].lower() for line in held}
    assert len(texts) > 2_000
    assert not trained & {text for text in texts if len(text.split()) > 10}


def test_nothing_is_a_tag_and_its_own_false_friend() -> None:
    said: dict[str, set[str]] = {}
    for path in (FOLDER / "children").glob("*.yml"):
        for text, intent in intents(path):
            said.setdefault(f"{intent.partition('+')[0]}|{text.lower()}", set()).add(path.name)
    twice = {
        key for key in said if key.replace("indicator_", "trap_") in said and key.startswith("indicator_")
    }
    assert not twice
