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
    text = decode(content)
    rows = _rows(text, _delimiter(text))
    problems: list[Problem] = []
    return collect("csv", "row", split_labels(read_rows(rows, problems)), problems)


def _delimiter(text: str) -> str:
    """The one that makes headings of the first line; else the one found there most often."""
    head = text.lstrip("\n").partition("\n")[0]
    told = [
        mark for mark in DELIMITERS if mark in head and by_heading(next(csv.reader([head], delimiter=mark)))
    ]
    return told[0] if told else max(DELIMITERS, key=head.count)


def _rows(text: str, delimiter: str) -> list[Row]:
    csv.field_size_limit(LONGEST_TURN * 4)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for cells in reader:
            rows.append((reader.line_num, cells))
    except csv.Error:
        raise BadTranscript("bad_quotes", reader.line_num) from None
    return rows
