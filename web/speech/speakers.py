"""Who spoke, where one microphone heard everybody and a key was pressed for each change of speaker."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from web.speech.model import Segment, Word


@dataclass(frozen=True, slots=True)
class Mark:
    """From `at_ms` on this person speaks, until the next mark. With `since_ms` the change came somewhere
    between the two: where nobody spoke for longest."""

    at_ms: int
    speaker: str
    since_ms: int | None = None


def _at(moment_ms: int, marks: Sequence[Mark]) -> str:
    """Who speaks at this moment: before the first mark, the person it names."""
    index = bisect_right(marks, moment_ms, key=lambda mark: mark.at_ms)
    return marks[max(0, index - 1)].speaker


def _ordered(marks: Sequence[Mark]) -> list[Mark]:
    if not marks:
        raise ValueError("no speaker was ever marked in this recording")
    return sorted(marks, key=lambda mark: mark.at_ms)


def assign(segment_start_ms: int, segment_end_ms: int, marks: Sequence[Mark]) -> str:
    """The speaker who held the larger part of this stretch; the earlier one where it is even.

    Raises ValueError without any mark.
    """
    ordered = _ordered(marks)
    edges = [segment_start_ms]
    edges += [mark.at_ms for mark in ordered if segment_start_ms < mark.at_ms < segment_end_ms]
    edges.append(segment_end_ms)
    held: dict[str, int] = {}
    for start, end in zip(edges, edges[1:], strict=False):
        speaker = _at(start, ordered)
        held[speaker] = held.get(speaker, 0) + end - start
    return max(held, key=lambda speaker: held[speaker])


def split(segment: Segment, marks: Sequence[Mark]) -> list[tuple[str, Segment]]:
    """Cut an utterance where the speaker changed, by the middle of each word; words are never cut.

    A segment without words stays whole. Raises ValueError without any mark.
    """
    ordered = _ordered(marks)
    if not segment.words:
        return [(assign(segment.start_ms, segment.end_ms, ordered), segment)]
    ordered = [_at_pause(mark, segment.words) for mark in ordered]
    runs = [
        (speaker, list(words))
        for speaker, words in groupby(
            segment.words, key=lambda word: _at((word.start_ms + word.end_ms) // 2, ordered)
        )
    ]
    if len(runs) == 1:
        return [(runs[0][0], segment)]
    parts = [(speaker, _part(segment, words)) for speaker, words in runs]
    first, last = parts[0], parts[-1]
    parts[0] = (first[0], replace(first[1], start_ms=segment.start_ms))
    parts[-1] = (last[0], replace(last[1], end_ms=segment.end_ms))
    return parts


def _at_pause(mark: Mark, words: Sequence[Word]) -> Mark:
    if mark.since_ms is None:
        return mark
    middle = (mark.since_ms + mark.at_ms) // 2
    gaps = [
        (after.start_ms - before.end_ms, -abs(moment - middle), moment)
        for before, after in zip(words, words[1:], strict=False)
        if mark.since_ms <= (moment := (before.end_ms + after.start_ms) // 2) <= mark.at_ms
    ]
    return replace(mark, at_ms=max(gaps)[2] if gaps else middle)


def _part(segment: Segment, words: list[Word]) -> Segment:
    return replace(
        segment,
        text=" ".join(word.text for word in words),
        words=tuple(words),
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        confidence=round(sum(word.probability for word in words) / len(words), 3),
    )
