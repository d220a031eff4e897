"""The corrected transcript as a file; every form is made from the same lines: who, when, what, in order."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from web.store import Interview
from web.transcript import canonical
from web.transcript.model import Transcript

UNWRITTEN = "[not written down]"
"""Stands for speech that neither the machine nor a person has put into words."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be reckoned with by a spreadsheet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One segment with words in it; times in milliseconds of the interview's clock, where they are known."""

    number: int
    speaker: str
    language: str
    start_ms: int | None
    end_ms: int | None
    text: str
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file says beside its lines. `names` are the speakers' in the reader's language; `certified`:
    SHA-256 of each state that somebody certified; `unsure`: ids of segments of which it is uncertain who
    speaks, `uncertain` says so in that language."""

    interview: Interview
    transcript: Transcript
    names: Mapping[str, str]
    certified: Collection[str] = ()
    unsure: Collection[str] = frozenset()
    uncertain: str = "speaker uncertain"

    def who(self, line: Line) -> str:
        """The speaker's name, with the doubt about it."""
        name = self.names[line.speaker]
        return f"{name} ({self.uncertain})" if line.unsure else name


def lines(transcript: Transcript, unsure: Collection[str] = frozenset()) -> list[Line]:
    """What was said, without segments whose every word a person deleted."""
    found: list[Line] = []
    unwritten = transcript.unwritten
    for one in transcript.segments:
        text = " ".join(one.text.split())
        if not text and one.id not in unwritten:
            continue
        text = text or UNWRITTEN
        about = (one.speaker, one.language, one.start_ms, one.end_ms)
        found.append(Line(len(found) + 1, *about, text, one.id in unsure))
    return found


def as_txt(kept: Kept) -> str:
    head = f"{kept.interview.case_code} · {kept.interview.id} · {kept.transcript.number}\n\n"
    return head + "".join(
        f"{_clock(line.start_ms, '.')[:8] + '  ' if line.start_ms is not None else ''}"
        f"{kept.who(line)}: {line.text}\n"
        for line in lines(kept.transcript, kept.unsure)
    )


def as_vtt(kept: Kept) -> str:
    """WebVTT with voices. Lines without times cannot be in it: a note says how many."""
    timed, untimed = _timed(kept)
    note = f"NOTE {untimed} lines without times are not in this file\n\n" if untimed else ""
    return f"WEBVTT\n\n{note}" + "".join(
        f"{_clock(line.start_ms, '.')} --> {_clock(line.end_ms, '.')}\n"
        f"<v {_escaped(kept.who(line))}>{_escaped(line.text)}\n\n"
        for line in timed
    )


def as_srt(kept: Kept) -> str:
    """SubRip; lines without times are not in it."""
    timed, _ = _timed(kept)
    return "".join(
        f"{number}\n{_clock(line.start_ms, ',')} --> {_clock(line.end_ms, ',')}\n"
        f"{kept.who(line)}: {line.text.replace('-->', '- ->')}\n\n"
        for number, line in enumerate(timed, 1)
    )


def as_csv(kept: Kept) -> str:
    """Times in seconds. A cell that a spreadsheet would take for a formula begins with an apostrophe. The
    last column says “yes” where it is uncertain who speaks."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["number", "start_s", "end_s", "speaker", "language", "text", "uncertain"])
    for line in lines(kept.transcript, kept.unsure):
        text = f"'{line.text}" if line.text.startswith(_FORMULA) else line.text
        span = [_seconds(line.start_ms), _seconds(line.end_ms)]
        unsure = "yes" if line.unsure else ""
        table.writerow([line.number, *span, line.speaker, line.language, text, unsure])
    return out.getvalue()


def as_json(kept: Kept) -> str:
    """Everything, with words and their times; `sha256` is of `segments` (see canonical.digest), and
    `speaker_uncertain` has the ids of those of which it is uncertain who speaks."""
    found = canonical.segments(kept.transcript)
    sha256 = canonical.digest_of(found).hex()
    content = {
        "interview": kept.interview.id,
        "case_code": kept.interview.case_code,
        "step": kept.transcript.number,
        "certified": sha256 in kept.certified,
        "speaker_uncertain": sorted(kept.unsure),
        "sha256": sha256,
        "segments": found,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


FORMS: Mapping[str, tuple[str, Callable[[Kept], str]]] = {
    "txt": ("text/plain", as_txt),
    "vtt": ("text/vtt", as_vtt),
    "srt": ("application/x-subrip", as_srt),
    "csv": ("text/csv", as_csv),
    "json": ("application/json", as_json),
}


def _timed(kept: Kept) -> tuple[Sequence[Line], int]:
    every = lines(kept.transcript, kept.unsure)
    timed = [line for line in every if line.start_ms is not None and line.end_ms is not None]
    return sorted(timed, key=lambda line: line.start_ms or 0), len(every) - len(timed)


def _clock(moment_ms: int | None, point: str) -> str:
    seconds, ms = divmod(moment_ms or 0, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def _seconds(moment_ms: int | None) -> str:
    return "" if moment_ms is None else f"{moment_ms / 1000:.3f}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
