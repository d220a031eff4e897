"""WebVTT and SubRip. Written here because the known libraries leave out, without a word, what they do not
understand; here every line ends up in a turn or in a problem with its number."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from web.importing.labels import plain_label, split_labels
from web.importing.model import BadTranscript, ImportedTranscript, Problem, Said, collect
from web.importing.text import decode
from web.importing.times import moment

_TIMES = re.compile(r"\s*([\d:.,]{4,20})\s*-->\s*([\d:.,]{4,20})(?=\s|$)")
_ASIDE = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")
_TAG = re.compile(r"</?(?:c|i|b|u|s|v|ruby|rt|lang|font)(?:[.\s][^<>]*)?/?>|<[\d:.]{5,}>|\{\\[^{}]*\}", re.I)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>]*)>")


@dataclass
class _Cue:
    where: int
    start: int | None
    end: int | None
    lines: list[str] = field(default_factory=list)


def read_vtt(content: bytes) -> ImportedTranscript:
    """WebVTT. Raises BadTranscript."""
    text = decode(content)
    head, _, _ = text.partition("\n")
    if not re.match(r"WEBVTT(\s|$)", head):
        raise BadTranscript("no_header", 1)
    problems: list[Problem] = []
    said = [turn for cue in _cues(text, problems, vtt=True) for turn in _voices(cue)]
    return collect("vtt", "line", split_labels(said), problems)


def read_srt(content: bytes) -> ImportedTranscript:
    """SubRip. Raises BadTranscript."""
    problems: list[Problem] = []
    said = [_whole(cue, _plain("\n".join(cue.lines))) for cue in _cues(decode(content), problems, vtt=False)]
    return collect("srt", "line", split_labels(said), problems)


def _cues(text: str, problems: list[Problem], *, vtt: bool) -> list[_Cue]:
    cues: list[_Cue] = []
    for first, block in _blocks(text):
        skipped = 0
        if vtt and first == 1:  # the heading, which cues may follow at once
            skipped = next((i for i, line in enumerate(block) if "-->" in line), len(block))
        elif vtt and _ASIDE.match(block[0]):
            continue
        _read_block(first + skipped, block[skipped:], cues, problems)
    return cues


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Lines that stand together, and the number of the first."""
    block: list[str] = []
    number = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []
    if block:
        yield number - len(block) + 1, block


def _read_block(first: int, block: list[str], cues: list[_Cue], problems: list[Problem]) -> None:
    """A name or number, times, text; a missing empty line between two is forgiven."""
    here: _Cue | None = None
    for offset, line in enumerate(block):
        if "-->" in line:
            times = _span(line)
            if times is None:
                problems.append(Problem("bad_times", first + offset))
            if here is not None and here.lines and here.lines[-1].strip().isdecimal():
                here.lines.pop()
            here = _Cue(first + offset, *(times or (None, None)))
            cues.append(here)
        elif here is not None:
            here.lines.append(line)
        elif offset == 0 and len(block) > 1 and "-->" in block[1]:
            continue  # the cue's name
        else:
            problems.append(Problem("continued" if cues else "no_times", first + offset))
            if cues:
                cues[-1].lines.append(line)


def _span(line: str) -> tuple[int, int] | None:
    found = _TIMES.match(line)
    if found is None:
        return None
    start, end = moment(found[1]), moment(found[2])
    return None if start is None or end is None else (start, end)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


def _whole(cue: _Cue, text: str, speaker: str = "") -> Said:
    return Said(cue.where, speaker, text, cue.start, cue.end)


def _voices(cue: _Cue) -> list[Said]:
    """A cue in which several speak becomes several turns with the same times."""
    pieces = _VOICE.split("\n".join(cue.lines))
    found = [_whole(cue, _plain(pieces[0]))] if pieces[0].strip() or len(pieces) == 1 else []
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        found.append(_whole(cue, _plain(text), plain_label(html.unescape(name))))
    return found
