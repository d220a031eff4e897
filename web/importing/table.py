"""Rows of cells to turns, whatever the table came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from web.importing.labels import known, plain_label
from web.importing.model import BadTranscript, Problem, Said
from web.importing.times import moment

Row = tuple[int, list[str]]  # its number, its cells
LONGEST_SPAN = 40  # letters; also what keeps the pattern from trying a long cell in every way
SPAN = re.compile(r"\s*(\S+)\s*(?:-->|–|—|-|to|bis)\s*(\S+)\s*")


@dataclass(frozen=True)
class Columns:
    """Where to find what; None where the table does not have it. `ms`: times are whole milliseconds."""

    text: int
    speaker: int | None = None
    start: int | None = None
    end: int | None = None
    language: int | None = None
    ms: bool = False


def read_rows(rows: Sequence[Row], problems: list[Problem]) -> list[Said]:
    """By the headings of the first row; a table without any is taken as times, speaker, text.

    Raises BadTranscript where no column can hold what was said.
    """
    rows = [row for row in rows if any(cell.strip() for cell in row[1])]
    if not rows:
        raise BadTranscript("nothing_said")
    columns = by_heading(rows[0][1])
    body = rows[1:] if columns else rows
    columns = columns or by_content(rows)
    return [_said(row, columns, problems) for row in body]


def by_heading(cells: Sequence[str]) -> Columns | None:
    """None where the row holds no heading for what was said."""
    names = [_heading(cell) for cell in cells]
    place = {
        kind: next((i for i, name in enumerate(names) if name in words), None)
        for kind, words in known()["columns"].items()
    }
    if place["text"] is None:
        return None
    ms = place["start_ms"] is not None
    return Columns(
        text=place["text"],
        speaker=place["speaker"],
        start=place["start_ms"] if ms else place["start"],
        end=place["end_ms"] if ms else place["end"],
        language=place["language"],
        ms=ms,
    )


def _heading(cell: str) -> str:
    """`Start (hh:mm:ss)` is `start`, `Start [ms]` is `start ms`."""
    words = " ".join(re.findall(r"\w+", cell.casefold()))
    return re.sub(r" (hh mm ss|h mm ss|mm ss|s|sec|seconds)$", "", words)


def by_content(rows: Sequence[Row]) -> Columns:
    """Without headings: leading columns of times, then who, then what; numbers of rows are passed over. A
    single column holds texts."""
    width = max(len(cells) for _, cells in rows)
    times: list[int] = []
    column = 0
    while column < width - 1:
        cells = [row[column].strip() for _, row in rows if column < len(row) and row[column].strip()]
        if len(times) < 2 and _all_times(cells):
            times.append(column)
        elif not _all_numbers(cells):
            break
        column += 1
    return Columns(
        text=width - 1,
        speaker=column if column < width - 1 else None,
        start=times[0] if times else None,
        end=times[1] if len(times) > 1 else None,
    )


def _all_times(cells: Sequence[str]) -> bool:
    """Whole numbers alone count rows as well as seconds: only a heading makes times of them."""
    timed = all(moment(cell) is not None or _span(cell) for cell in cells)
    return bool(cells) and timed and not _all_numbers(cells)


def _all_numbers(cells: Sequence[str]) -> bool:
    return bool(cells) and all(cell.strip("[]()#.").isdecimal() for cell in cells)


def _span(cell: str) -> tuple[int, int] | None:
    found = SPAN.fullmatch(cell) if len(cell) <= LONGEST_SPAN else None
    if found is None:
        return None
    start, end = moment(found[1]), moment(found[2])
    return None if start is None or end is None else (start, end)


def _said(row: Row, columns: Columns, problems: list[Problem]) -> Said:
    where, cells = row

    def cell(place: int | None) -> str:
        return cells[place].strip() if place is not None and place < len(cells) else ""

    start, end = _times(where, cell(columns.start), cell(columns.end), columns.ms, problems)
    if columns.text >= len(cells):
        problems.append(Problem("short_row", where))
    speaker = plain_label(cell(columns.speaker)).removesuffix(":")
    return Said(where, speaker, cell(columns.text), start, end, cell(columns.language) or None)


def _times(
    where: int, start: str, end: str, ms: bool, problems: list[Problem]
) -> tuple[int | None, int | None]:
    both = _span(start) if not end else None
    if both:
        return both
    found = [_moment(text, ms) for text in (start, end)]
    if any(text and value is None for text, value in zip((start, end), found, strict=True)):
        problems.append(Problem("bad_times", where))
    return found[0], found[1]


def _moment(text: str, ms: bool) -> int | None:
    if not ms:
        return moment(text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
