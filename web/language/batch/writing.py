"""Coded turns as lines of JSON or CSV: what was given comes back as it came, codings are added."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any, Protocol

from web.language.batch.rows import Format, Row
from web.language.model import Coding, Flag, Indicator, Question, Speaker, Turn

Write = Callable[[Row, Coding], None]
_ADDED = frozenset({"question", "response", "indicators"})
_GIVEN = ("session", "turn", "speaker", "text", "age", "language")
_SCHEMES = ("lyon4", "lyon6", "nichd", "recommended2")
_CSV_ADDED = ("question_type", "question_subtype", "flags", *_SCHEMES, "confidence", "response", "indicators")


class TakesText(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> object: ...


def writer(out: TakesText, format: Format) -> Write:
    """What writes one coded turn to `out`, whole lines in one go."""
    return _json_writer(out) if format == "jsonl" else _csv_writer(out)


def shape(turn: Turn, coding: Coding) -> dict[str, Any]:
    """What is added to a turn of this speaker; None and [] where the language is not coded."""
    if turn.speaker is Speaker.INTERVIEWER:
        question = coding.question
        flags = [_fields(flag) for flag in question.flags] if question else []
        return {"question": _fields(question) | {"flags": flags} if question else None}
    if turn.speaker is Speaker.CHILD:
        return {"response": coding.response, "indicators": [_fields(one) for one in coding.indicators]}
    return {}


def _fields(one: Question | Flag | Indicator) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def _json_writer(out: TakesText) -> Write:
    def write(row: Row, coding: Coding) -> None:
        given = {key: value for key, value in row.fields.items() if key not in _ADDED}
        out.write(_line({**given, **shape(row.turn, coding)}) + "\n")

    return write


def _line(fields: dict[str, Any]) -> str:
    """Half a character in a field that is not ours cannot be written; it goes back as its escape."""
    text = json.dumps(fields, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(fields)
    return text


def _csv_writer(out: TakesText) -> Write:
    header: list[str] = []

    def write(row: Row, coding: Coding) -> None:
        buffer = io.StringIO()
        cells = csv.writer(buffer, lineterminator="\n")
        if not header:
            header.extend((*_GIVEN, *(key for key in row.fields if key not in {*_GIVEN, *_CSV_ADDED})))
            cells.writerow([*header, *_CSV_ADDED])
        cells.writerow([*(row.fields.get(key, "") for key in header), *_cells(shape(row.turn, coding))])
        out.write(buffer.getvalue())

    return write


def _cells(added: dict[str, Any]) -> list[Any]:
    question = added.get("question") or {}
    schemes = question.get("schemes", {})
    indicators = added.get("indicators")
    return [
        question.get("type", ""),
        question.get("subtype") or "",
        ";".join(flag["flag"] for flag in question.get("flags", ())),
        *(schemes.get(scheme, "") for scheme in _SCHEMES),
        question.get("confidence", ""),
        added.get("response") or "",
        json.dumps(indicators, ensure_ascii=False) if indicators is not None else "",
    ]
