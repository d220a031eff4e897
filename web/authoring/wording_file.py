"""An agency's own words in one language: the file `wording/own_LANG.yml` as a form fills it, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from protocols.errors import ProtocolError
from protocols.strict_yaml import parse

_ENTRY = re.compile(r"  ([a-z][a-z0-9_]*):")


@dataclass(frozen=True)
class OwnWords:
    """`texts`: card -> (words, note for the interviewer). Validated when both `by` and `on` are there.

    `on` is a date as in 2026-11-22. `head`: remarks at the top of the file, kept as they are.
    """

    language: str
    author: str = ""
    version: str = "1.0"
    by: str = ""
    on: str = ""
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    head: str = ""

    @property
    def validated(self) -> bool:
        return bool(self.by and self.on)


def path_of(language: str) -> str:
    return f"wording/own_{language}.yml"


def read(text: str, language: str) -> OwnWords:
    """Raises ProtocolError when the file does not hold words in this form; the form cannot show it then."""
    name = path_of(language)
    if not text.strip():
        return OwnWords(language)
    document = parse(text.encode(), name)
    data, validated = document.data, document.data.get("validated") or {}
    wording = data.get("wording") or {}
    if not isinstance(validated, dict) or not isinstance(wording, dict):
        raise document.error(("wording",), "this is no list of cards and words", "Mend it as text")
    texts = {card: _words(document.error, card, raw) for card, raw in wording.items()}
    told = {key: str(data.get(key) or "") for key in ("author", "version")}
    by, on = (str(validated.get(key) or "") for key in ("by", "on"))
    return OwnWords(language, told["author"], told["version"], by, on, texts, _head(text))


def write(words: OwnWords) -> str:
    """The file; the same words give the same text."""
    data: dict[str, Any] = {
        "language": words.language,
        "author": words.author,
        "version": _Quoted(words.version),
        "status": "validated" if words.validated else "draft",
    }
    if words.validated:
        data["validated"] = {"by": words.by, "on": _Quoted(words.on)}
    data["wording"] = {
        card: {"text": text, "note": note} if note else text for card, (text, note) in words.texts.items()
    }
    dumped = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return words.head + str(dumped)


def card_at(text: str, line: int) -> str:
    """The card whose words stand in a line of the file, counted from 1; "" where there is none."""
    found = ""
    for row in text.split("\n")[:line]:
        entry = _ENTRY.match(row)
        found = entry[1] if entry else found if row.startswith("   ") else ""
    return found


def remarks_within(text: str) -> bool:
    """Whether the file holds remarks that the form would lose."""
    return any(row.lstrip().startswith("#") for row in text[len(_head(text)) :].split("\n"))


def _head(text: str) -> str:
    rows = text.split("\n")
    end = next((i for i, row in enumerate(rows) if row.strip() and not row.startswith("#")), 0)
    return "".join(f"{row}\n" for row in rows[:end])


def _words(error: Any, card: str, raw: Any) -> tuple[str, str]:
    if isinstance(raw, dict) and isinstance(raw.get("text"), str) and raw.keys() <= {"text", "note"}:
        return raw["text"], str(raw.get("note") or "")
    if isinstance(raw, str):
        return raw, ""
    problem: ProtocolError = error(("wording", card), f"'{card}' has no words", "Write them, or remove it")
    raise problem


class _Quoted(str):
    """Looks like a number or a date and is none."""


class _Dumper(yaml.SafeDumper):
    """Writes each text so that it reads back as the same text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Quoted, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style='"')
)
