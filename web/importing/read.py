"""Which format a file is in, by what it holds first and by its name second."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from web.importing.csv_table import read_csv
from web.importing.cues import read_srt, read_vtt
from web.importing.docx import read_docx
from web.importing.eaf import read_eaf
from web.importing.json_items import read_json
from web.importing.model import MAX_BYTES, BadTranscript, ImportedTranscript

FORMATS: dict[str, Callable[[bytes], ImportedTranscript]] = {
    "vtt": read_vtt,
    "srt": read_srt,
    "eaf": read_eaf,
    "json": read_json,
    "csv": read_csv,
    "docx": read_docx,
}
_BY_NAME = {"tsv": "csv", "txt": "csv", "xml": "eaf"}


def read(content: bytes, name: str = "") -> ImportedTranscript:
    """A transcript out of a file. `name` is only looked at for its ending. Raises BadTranscript."""
    if not content.strip():
        raise BadTranscript("nothing_said")
    if len(content) > MAX_BYTES:
        raise BadTranscript("too_large")
    return FORMATS[_format(content, name)](content)


def _format(content: bytes, name: str) -> str:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")):
        raise BadTranscript("other_program")
    head = content[:4096].removeprefix(codecs.BOM_UTF8).replace(b"\0", b"").lstrip()
    if re.match(rb"(\xff\xfe|\xfe\xff)?WEBVTT", head):
        return "vtt"
    if head.startswith(b"<"):
        return "eaf"
    ending = name.rpartition(".")[2].casefold()
    ending = _BY_NAME.get(ending, ending)
    if ending in FORMATS and ending not in {"docx", "eaf"}:
        return ending
    if head[:1] in (b"{", b"["):
        return "json"
    return "srt" if b"-->" in head else "csv"
