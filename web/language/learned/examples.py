"""The labelled examples in nlu_data/, in the labels that the heads learn.

An intent is Rasa's: `yes_no/tag+other_source` is a type with its flags, `indicator_ABU-PHY+SAF-NOW` a child's
turn with its tags, `trap_ABU-PHY` one that only looks like it, `response_short` an answer of that class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[3] / "nlu_data"
HEARD_FLAGS = (
    "other_source",
    "pressure",
    "promise",
    "praise_content",
    "disapproval",
    "speculation",
    "props",
    "support",
)
"""Flags that live in the wording, so that a sentence alone can show them."""
SEEN_FLAGS = (
    "new_info",
    "new_topic",
    "misquote",
    "negative_term",
    "double_negative",
    "compound",
    "recast",
    "faux_invitation",
    "repeated",
    "why",
    "time_number",
)
"""Flags that only a turn in its dialogue shows, or that examples do not label."""
FLAGS = HEARD_FLAGS + SEEN_FLAGS


@dataclass(frozen=True, slots=True)
class Example:
    """One turn; None in a field says that the example teaches nothing about it."""

    text: str
    kind: str | None = None
    flags: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    response: str | None = None


def read_examples(folder: Path = FOLDER) -> list[Example]:
    """All examples of a folder of Rasa NLU files, each text once for each kind of label.

    ValueError names the file and the intent that is none of ours, or the folder that has no example.
    """
    found = [one for path in sorted(folder.rglob("*.yml")) for one in _file(path)]
    if not found:
        raise ValueError(f"{folder} has no examples")
    return list(dict.fromkeys(found))


def intents(path: Path) -> Iterator[tuple[str, str]]:
    """(text, intent) of a Rasa NLU file."""
    data: Any = yaml.safe_load(path.read_text("utf-8"))
    for entry in data["nlu"]:
        for line in entry["examples"].splitlines():
            if line.startswith("- "):
                yield line[2:].strip(), str(entry["intent"])


def _file(path: Path) -> Iterator[Example]:
    lines = list(intents(path))
    flagged = any("+" in intent for _, intent in lines)
    for text, intent in lines:
        try:
            yield _example(text, intent, flagged)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


def _example(text: str, intent: str, flagged: bool) -> Example:
    """`flagged`: whether the file says anything about flags at all."""
    first, *more = intent.split("+")
    if first == "choice" or "/" in first:
        flags = frozenset(more) & frozenset(HEARD_FLAGS)
        return Example(text, kind=first, flags=flags if flagged else None)
    group, _, name = first.partition("_")
    if group == "indicator":
        return Example(text, tags=frozenset([name, *more]))
    if group == "trap":
        return Example(text, tags=frozenset(more))
    if group == "ordinary":
        return Example(text, tags=frozenset())
    if group == "response":
        return Example(text, response=name)
    raise ValueError(f"intent {intent} is none of ours")
