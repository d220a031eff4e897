"""Bytes to text, without guessing: a wrong guess would put letters into mouths."""

from __future__ import annotations

import codecs

from web.importing.model import BadTranscript

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(content: bytes) -> str:
    """UTF-8, or what a byte order mark says. Raises BadTranscript with the line of the first wrong byte."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadTranscript("encoding", content[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise BadTranscript("not_text", text[: text.index("\0")].count("\n") + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")
