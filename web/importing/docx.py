"""Tables of Word files. Read from the package itself: python-docx leaves out text that was inserted with
changes tracked, and opens whatever size an archive claims."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from web.importing.labels import split_labels
from web.importing.model import BadTranscript, ImportedTranscript, Problem, collect
from web.importing.table import Row, read_rows
from web.importing.xml_tree import tree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"
MOST_UNPACKED = 16 * 1024 * 1024
MOST_ENTRIES = 2000
_ENTRY = b"PK\x01\x02"  # begins each entry of the list at an archive's end
_GONE = {f"{W}del", f"{W}moveFrom", f"{W}instrText"}


def read_docx(content: bytes) -> ImportedTranscript:
    """All tables of the document, one after the other; a heading row that comes again is left out.

    Raises BadTranscript, also for a document without a table.
    """
    body = tree(_unpack(content))
    rows = [(number, row) for number, row in enumerate(_rows(body), 1)]
    if not rows:
        raise BadTranscript("no_table")
    heading = [cell.casefold().strip() for cell in rows[0][1]]
    kept: list[Row] = [
        row for row in rows if row[0] == 1 or [cell.casefold().strip() for cell in row[1]] != heading
    ]
    problems: list[Problem] = []
    return collect("docx", "row", split_labels(read_rows(kept, problems)), problems)


def _unpack(content: bytes) -> bytes:
    """The main part; a package that claims, or turns out, to be larger than any transcript is refused."""
    if _listed(content) > MOST_ENTRIES:
        raise BadTranscript("zip_bomb")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, package.open(BODY) as part:
            body = part.read(MOST_UNPACKED + 1)
    except KeyError:
        raise BadTranscript("no_header") from None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise BadTranscript("bad_zip") from None
    if len(body) > MOST_UNPACKED:
        raise BadTranscript("zip_bomb")
    return body


def _listed(content: bytes) -> int:
    """How many files the archive says it holds, at most; counted before zipfile makes an object of each."""
    return content.count(_ENTRY)


def _rows(body: Any) -> Iterator[list[str]]:
    """Rows of every table that is not inside another."""
    for table in _tables(body):
        for row in table.iterfind(f"{W}tr"):
            cells: list[str] = []
            for cell in row.iterfind(f"{W}tc"):
                cells += [_text(cell), *[""] * (_span(cell) - 1)]
            yield cells


def _tables(body: Any) -> Iterator[Any]:
    waiting = [body]
    while waiting:
        one = waiting.pop()
        if one.tag == f"{W}tbl":
            yield one
        else:
            waiting.extend(reversed(one))


def _span(cell: Any) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "" if found is None else found.get(f"{W}val", "")
    return min(int(value), 60) if value.isdecimal() and len(value) < 4 else 1


def _text(node: Any) -> str:
    """What can be read in it: insertions are there, deletions are gone."""
    parts: list[str] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.tag in _GONE:
            continue
        if one.tag == f"{W}t":
            parts.append(one.text or "")
        elif one.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            parts.append(" ")
        elif one.tag == f"{W}p" and parts:
            parts.append("\n")
        waiting.extend(reversed(one))
    return "".join(parts)
