"""Who speaks, where a file writes it into the text: `INTERVIEWER: …`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from web.importing.model import LONGEST_LABEL, Said

ROLES = ("interviewer", "child", "interpreter_child", "interpreter_interviewer", "leave_out")
_LABEL = re.compile(r"\s*(?:-\s*)?\[?([^\W\d_][^\n:\[\]<>]{0,39}?)\]?\s*:(?!//)\s*(.*)", re.DOTALL)
_MOST_WORDS = 3


@cache
def known() -> dict[str, Any]:
    """Data of this room: roles by name, columns by heading."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("names.yml").read_text(encoding="utf-8"))
    return loaded


def plain_label(name: str) -> str:
    return " ".join(name.split())[:LONGEST_LABEL]


def role_of(label: str) -> str | None:
    """The role a label most likely stands for; a person confirms it."""
    name = re.sub(r"[\W\d_]+", " ", label).strip().casefold() or label.casefold()
    return next((role for role, names in known()["roles"].items() if name in names), None)


def split_labels(turns: Sequence[Said]) -> list[Said]:
    """Take names off the beginning of texts that name their speaker.

    Only what surely is a name: it comes again in the file, is written in capitals, or is a role's. `He said:
    come` stays what somebody said.
    """
    found = [_LABEL.match(turn.text) if not turn.speaker else None for turn in turns]
    count = Counter(match[1].strip() for match in found if match)
    sure = {
        name
        for name, times in count.items()
        if len(name.split()) <= _MOST_WORDS and (times > 1 or name.isupper() or role_of(name))
    }
    return [
        replace(turn, speaker=plain_label(match[1]), text=match[2])
        if match and match[1].strip() in sure
        else turn
        for turn, match in zip(turns, found, strict=True)
    ]
