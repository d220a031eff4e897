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

from web.importing.model import LONGEST_LABEL, ImportedTranscript, Said

AS_BEFORE = "as_before"
ROLES = ("interviewer", "child", "interpreter_child", "interpreter_interviewer", AS_BEFORE, "leave_out")
_COUNTED = re.compile(r"([^\W\d_]+)[\s_#-]{0,2}\d{1,2}|([^\W\d_]+)[\s_#-]{1,2}[A-Z]")
_LABEL = re.compile(r"\s*(?:-\s*)?\[?([^\W\d_][^\n:\[\]<>]{0,39}?)\]?\s*:(?!//)\s*(.*)", re.DOTALL)
_MOST_WORDS = 3
_LEAST_SHARE = 3  # a name nobody knows stands on at least one line in three


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


def likely(label: str) -> str | None:
    """The role to offer; none for lines without a name: they may be the last speaker's, or the child's."""
    return role_of(label) if label else None


def without_name(transcript: ImportedTranscript) -> list[tuple[Said, str]]:
    """Every line without a name, with the name on the last line before that has one, empty if none has."""
    found, last = [], ""
    for turn in transcript.turns:
        last = turn.speaker or last
        if not turn.speaker:
            found.append((turn, last))
    return found


def split_labels(turns: Sequence[Said]) -> list[Said]:
    """Take names off the beginning of texts that name their speaker.

    Only what surely is a name: a role's, a speaker's number or letter, or one whose words begin with capitals
    and that comes again, on a third of the lines at least; and no clock time. `He said: come` stays what
    somebody said.
    """
    found = [_LABEL.match(turn.text) if not turn.speaker else None for turn in turns]
    count = Counter(match[1].strip() for match in found if match)
    sure = {name for name, times in count.items() if _is_name(name, times, len(turns))}
    return [
        replace(turn, speaker=plain_label(match[1]), text=match[2])
        if match and match[1].strip() in sure
        else turn
        for turn, match in zip(turns, found, strict=True)
    ]


def _counted(name: str) -> bool:
    """`Speaker 1`, `Speaker A`, `SPEAKER_00`: as programs call people they tell apart."""
    found = _COUNTED.fullmatch(name)
    return found is not None and (found[1] or found[2]).casefold() in known()["counted"]


def _is_name(name: str, times: int, lines: int) -> bool:
    words = name.split()
    if _counted(name):
        return True
    if len(words) > _MOST_WORDS or name[-1].isdigit():
        return False
    often = times > 1 and times * _LEAST_SHARE >= lines
    return role_of(name) is not None or (often and all(word[0].isupper() for word in words))
