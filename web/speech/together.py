"""Utterances that lie close together, heard as one and then told apart again.

Whisper learned from stretches of half a minute: it understands a sentence better among its neighbours, with
the pauses between them, than cut out. Somebody who is to read words at once cannot wait for that; a file can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from web.speech.model import Samples, Segment, Utterance, Word
from web.speech.transcriber import Limits

if TYPE_CHECKING:
    from web.speech.transcribers import Scribe

LONGEST_MS = 28_000
PAUSE_MS = 3_000  # behind a longer one somebody begins anew
LIMITS = Limits()


def belonging(said: Sequence[Utterance], certain_ms: float) -> int:
    """How many of the first utterances of a track are heard as one; 0 while that cannot be said yet.

    No utterance still to come begins before `certain_ms`. Where more lie together than fit, the cut is at the
    longest pause of the second half. The answer does not depend on how many more are known already.
    """
    count = 1
    while count < len(said) and _pause(said, count) <= PAUSE_MS and _fits(said, count):
        count += 1
    if count == len(said):
        return count if certain_ms > said[-1].end_ms + PAUSE_MS else 0
    late = [n for n in range(1, count) if said[n - 1].end_ms - said[0].start_ms >= LONGEST_MS // 2]
    return max([*late, count], key=lambda number: (_pause(said, number), number))


def hear(scribe: Scribe, said: Sequence[Utterance], sound: Samples, language: str | None) -> list[Segment]:
    """What was said in each utterance. `sound`: from the beginning of the first to the end of the last.

    What is not understood so, or doubtfully, is heard alone as well, and its words are taken back from
    neighbours into whose time they had fallen. Raises UnsupportedLanguage.
    """
    whole = scribe.transcribe(sound, said[0].start_ms, language)
    if len(said) == 1:
        return [whole]
    parts = apart(whole, said)
    found = [_better(scribe, one, part, language) for one, part in zip(said, parts, strict=True)]
    again = [after is not part for after, part in zip(found, parts, strict=True)]
    for at in range(len(said)):
        if not again[at]:
            found[at] = _once(scribe, said[at], parts[at], _doubled(parts[at], at, found, again), language)
    return found


def apart(whole: Segment, said: Sequence[Utterance]) -> list[Segment]:
    """The words of each utterance: of the one in whose time most of the word lies, or else the nearest."""
    words: list[list[Word]] = [[] for _ in said]
    for word in whole.words:
        at = max(range(len(said)), key=lambda number: _shared(word, said[number]))
        start = min(max(word.start_ms, said[at].start_ms), said[at].end_ms)
        words[at].append(replace(word, start_ms=start, end_ms=min(max(word.end_ms, start), said[at].end_ms)))
    return [_part(whole, one, found) for one, found in zip(said, words, strict=True)]


def _better(scribe: Scribe, one: Utterance, part: Segment, language: str | None) -> Segment:
    if part.words and part.confidence >= LIMITS.phantom:
        return part
    alone = scribe.transcribe(one.samples, one.start_ms, language)
    if alone.doubt == "noise" or alone.confidence > part.confidence or not part.words:
        return alone
    return part


def _doubled(part: Segment, at: int, found: Sequence[Segment], again: Sequence[bool]) -> tuple[int, int]:
    """How many words at its beginning and end stand in a neighbour too, since that was heard alone."""
    words = _plain(part)
    before = _plain(found[at - 1]) if at and again[at - 1] else []
    after = _plain(found[at + 1]) if at + 1 < len(found) and again[at + 1] else []
    return _meeting(before, words), _meeting(words, after)


def _meeting(left: list[str], right: list[str]) -> int:
    """The longest end of the one that is the other's beginning."""
    longest = min(len(left), len(right))
    return next((size for size in range(longest, 0, -1) if left[-size:] == right[:size]), 0)


def _once(
    scribe: Scribe, one: Utterance, part: Segment, doubled: tuple[int, int], language: str | None
) -> Segment:
    """Without the words that are its neighbour's: whether they were said here too, its own sound tells."""
    if doubled == (0, 0):
        return part
    alone = scribe.transcribe(one.samples, one.start_ms, language)
    heard, words = _plain(alone), _plain(part)
    first, last = doubled
    first = 0 if heard[:first] == words[:first] else first
    last = 0 if heard[len(heard) - last :] == words[len(words) - last :] else last
    rest = list(part.words[first : len(words) - last])
    if first + last == 0 or len(heard) > len(rest) or (rest and not heard):
        return part  # nothing doubled, or the same words understood otherwise, or nothing told
    return _part(part, one, rest) if rest else alone


def _plain(part: Segment) -> list[str]:
    """Its words, to compare."""
    return ["".join(filter(str.isalnum, word.text)).casefold() for word in part.words]


def _part(whole: Segment, one: Utterance, words: list[Word]) -> Segment:
    sure = round(sum(word.probability for word in words) / len(words), 3) if words else 0.0
    return Segment(
        text=" ".join(word.text for word in words),
        words=tuple(words),
        start_ms=one.start_ms,
        end_ms=one.end_ms,
        confidence=sure,
        language=whole.language,
        doubt="unsure" if sure < LIMITS.unsure else None,
    )


def _shared(word: Word, one: Utterance) -> int:
    """Milliseconds of the word in the utterance; below 0 it is how far they are apart."""
    return min(word.end_ms, one.end_ms) - max(word.start_ms, one.start_ms)


def _pause(said: Sequence[Utterance], number: int) -> int:
    return said[number].start_ms - said[number - 1].end_ms


def _fits(said: Sequence[Utterance], number: int) -> bool:
    return said[number].end_ms - said[0].start_ms <= LONGEST_MS
