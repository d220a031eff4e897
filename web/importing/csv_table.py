"""CSV and its kin: commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io

from web.importing.labels import split_labels
from web.importing.model import LONGEST_TURN, BadTranscript, ImportedTranscript, Problem, collect
from web.importing.table import Row, by_heading, read_rows
from web.importing.text import decode

DELIMITERS = ",;\t|"


def read_csv(content: bytes) -> ImportedTranscript:
    """Raises BadTranscript."""
    csv.field_size_limit(LONGEST_TURN * 4)
    text = decode(content)
    rows = _rows(text, _delimiter(text))
    problems: list[Problem] = []
    return collect("csv", "row", split_labels(read_rows(rows, problems)), problems)


def _delimiter(text: str) -> str:
    """The one that makes headings of the first line; else the one found there most often."""
    head = text.lstrip("\n").partition("\n")[0]
    try:
        rows = {mark: next(csv.reader([head], delimiter=mark)) for mark in DELIMITERS if mark in head}
    except csv.Error:
        raise BadTranscript("turn_too_long", 1) from None
    told = [mark for mark, cells in rows.items() if by_heading(cells)]
    return told[0] if told else max(DELIMITERS, key=head.count)


def _rows(text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            rows.append((reader.line_num, cells))
    except csv.Error:
        raise BadTranscript("bad_quotes", reader.line_num) from None
    return rows
