"""The same short talk in every format, and ways to write any talk into one."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

Talk = Sequence[tuple[str, str, int, int]]  # who, what, from, to in milliseconds

TALK: Talk = (
    ("Interviewer", "Tell me about your day.", 1000, 2500),
    ("Mia", "We went to the lake, & I swam < ten minutes.", 3250, 7040),
    ("Interviewer", "And then?", 7500, 8000),
    ("Mia", "Потім ми пішли додому.", 8100, 3_600_010),
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def clock(ms: int, mark: str = ".") -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{mark}{rest:03d}"


def vtt(talk: Talk = TALK) -> bytes:
    cues = [
        f"{i}\n{clock(start)} --> {clock(end)} align:start\n<v {escape(who)}>{escape(text)}</v>\n"
        for i, (who, text, start, end) in enumerate(talk, 1)
    ]
    return "\n".join(["WEBVTT - a talk\n", "NOTE\nwritten by hand\n", *cues]).encode()


def srt(talk: Talk = TALK) -> bytes:
    cues = [
        f"{i}\n{clock(start, ',')} --> {clock(end, ',')}\n{who}: {text}\n"
        for i, (who, text, start, end) in enumerate(talk, 1)
    ]
    return "\r\n".join("\n".join(cues).split("\n")).encode("utf-8-sig")


def eaf(talk: Talk = TALK, head: str = "") -> bytes:
    slots, tiers = [], {}
    for i, (who, text, start, end) in enumerate(talk):
        slots += [
            f'<TIME_SLOT TIME_SLOT_ID="b{i}" TIME_VALUE="{start}"/>',
            f'<TIME_SLOT TIME_SLOT_ID="e{i}" TIME_VALUE="{end}"/>',
        ]
        tiers.setdefault(who, []).append(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{i}" TIME_SLOT_REF1="b{i}" '
            f'TIME_SLOT_REF2="e{i}">'
            f"<ANNOTATION_VALUE>{escape(text)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        )
    body = "".join(
        f"<TIER TIER_ID={quoteattr(who)} PARTICIPANT={quoteattr(who)}>{''.join(said)}</TIER>"
        for who, said in tiers.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<ANNOTATION_DOCUMENT><TIME_ORDER>{"".join(slots)}'
        f"</TIME_ORDER>{body}</ANNOTATION_DOCUMENT>"
    ).encode()


def json_file(talk: Talk = TALK) -> bytes:
    segments = [
        {"speaker": who, "text": text, "start": start / 1000, "end": end / 1000}
        for who, text, start, end in talk
    ]
    return json.dumps({"segments": segments}).encode()


def csv_file(talk: Talk = TALK, delimiter: str = ";") -> bytes:
    content = io.StringIO()
    writer = csv.writer(content, delimiter=delimiter)
    writer.writerow(["Start (hh:mm:ss)", "End", "Speaker", "Text"])
    for who, text, start, end in talk:
        writer.writerow([clock(start), clock(end), who, text])
    return content.getvalue().encode()


def docx(talk: Talk = TALK, body: str | None = None, head: str = "") -> bytes:
    if body is None:
        rows = [("Start", "End", "Speaker", "Text")]
        rows += [(clock(start), clock(end), who, text) for who, text, start, end in talk]
        body = table(rows)
    return packed(
        f'<?xml version="1.0"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    def cell(text: str) -> str:
        return f'<w:tc><w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'

    made = ["".join(map(cell, row)) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in made)}</w:tbl>"


def packed(document: bytes, name: str = "word/document.xml") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(name, document)
    return content.getvalue()


WRITERS = {"vtt": vtt, "srt": srt, "eaf": eaf, "json": json_file, "csv": csv_file, "docx": docx}
