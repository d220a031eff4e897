"""Turns as they are written in JSON Lines or CSV, judged before anything is made of them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from web.language.batch.faults import NEEDED, fault
from web.language.batch.lines import MAX_LINE, BadInput, decoded
from web.language.model import Speaker, Turn

Format = Literal["jsonl", "csv"]


@dataclass(frozen=True, slots=True)
class Row:
    """One turn as it was given: `fields` are written back as they came. `size` is about its bytes."""

    line: int
    fields: Mapping[str, Any]
    session: str
    number: int
    turn: Turn
    age: int | None
    size: int = 0


def rows(lines: Iterable[bytes], format: Format, name: str) -> Iterator[Row]:
    """The turns of a file called `name`. BadInput for the first line that is none."""
    return json_rows(lines, name) if format == "jsonl" else csv_rows(lines, name)


def json_rows(lines: Iterable[bytes], name: str) -> Iterator[Row]:
    for number, size, fields in json_objects(lines, name):
        yield row(fields, name, number, size)


def json_objects(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Number, bytes and object of each line that is not empty. BadInput for the first that is no object."""
    for number, raw in enumerate(lines, 1):
        text = decoded(raw, name, number)
        if not text.strip():
            continue
        try:
            fields = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            where = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
            raise BadInput(name, number, f"not JSON{where}") from None
        if not isinstance(fields, dict):
            raise BadInput(name, number, "not a JSON object")
        yield number, len(raw), fields


def _no_constant(word: str) -> NoReturn:
    raise ValueError(word)


def csv_rows(lines: Iterable[bytes], name: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader((decoded(raw, name, number) for number, raw in enumerate(lines, 1)), strict=True)
    header: list[str] = []
    try:
        for cells in reader:
            if not header:
                header = _header(cells, name, reader.line_num)
            elif cells:
                if len(cells) != len(header):
                    raise BadInput(name, reader.line_num, f"not {len(header)} columns like the header")
                yield row(_typed(header, cells), name, reader.line_num, sum(map(len, cells)))
    except csv.Error as error:
        raise BadInput(name, reader.line_num, f"not CSV: {_plain(error)}") from None
    if not header:
        raise BadInput(name, 1, f"the header lacks {', '.join(NEEDED)}")


def _header(cells: list[str], name: str, line: int) -> list[str]:
    if missing := [field for field in NEEDED if field not in cells]:
        raise BadInput(name, line, f"the header lacks {', '.join(missing)}")
    if len(set(cells)) < len(cells):
        raise BadInput(name, line, "two columns of the header have the same name")
    return cells


def _plain(error: csv.Error) -> str:
    """The library's reason; where it speaks to programmers, ours."""
    return "a line end within the line" if "new-line character" in str(error) else str(error)


def _typed(header: list[str], cells: list[str]) -> dict[str, Any]:
    """CSV knows only text: whole numbers become numbers, an empty optional cell is left out."""
    typed: dict[str, Any] = {}
    for key, value in zip(header, cells, strict=True):
        if key in {"turn", "age"} and re.fullmatch(r"-?[0-9]{1,9}", value):
            typed[key] = int(value)
        elif value or key not in {"age", "language"}:
            typed[key] = value
    return typed


def row(fields: Mapping[str, Any], name: str, line: int, size: int) -> Row:
    """The turn in these fields. BadInput if it is none."""
    reason = fault(fields)
    if reason is not None:
        raise BadInput(name, line, reason)
    turn = Turn(Speaker(fields["speaker"]), fields["text"], fields.get("language") or "en")
    return Row(line, fields, str(fields["session"]), fields["turn"], turn, fields.get("age"), size)
