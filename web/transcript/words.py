"""Words with their places in a text and their times, and how they keep them when the text is edited.

Times are milliseconds on the interview's clock and never run backwards; both are None where nothing is known.
Places are counted in characters (code points), from `at` up to `to`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Any

_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"  # written without spaces
    r"|[^\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
)
MOST_COMPARED = 250_000
"""Old words times new ones: beyond it a rewritten stretch is not compared word by word."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Word:
    """`probability` is the speech model's own, None where a person wrote the word or nothing is known.
    `turn` is the number of the turn it was said in; None where no turn was made of the sound."""

    at: int
    to: int
    start_ms: int | None = None
    end_ms: int | None = None
    probability: float | None = None
    turn: int | None = None


def tokens(text: str) -> list[Span]:
    """Where the words of a text are."""
    return [match.span() for match in _TOKEN.finditer(text)]


def heard(
    text: str, span_ms: tuple[int | None, int | None], said: Iterable[Mapping[str, Any]], turn: int | None
) -> tuple[Word, ...]:
    """The words of a turn. `said`: [{"text", "start_ms", "end_ms", "probability"}] of speech recognition;
    words it does not know share the time between their neighbours."""
    start, end = span_ms
    if start is None or end is None:
        return tuple(Word(at, to, turn=turn) for at, to in tokens(text))
    known = _found(text, said)
    words: list[Word] = []
    waiting: list[Span] = []
    clock = start
    for span in tokens(text):
        word = _timed(span, known, turn)
        if word is None:
            waiting.append(span)
            continue
        assert word.start_ms is not None
        words += spread(waiting, clock, max(clock, word.start_ms), turn)
        waiting = []
        words.append(word)
        clock = max(clock, word.end_ms or clock)
    words += spread(waiting, clock, max(clock, end), turn)
    return in_order(words, start, end)


def spread(spans: Sequence[Span], start: int | None, end: int | None, turn: int | None) -> list[Word]:
    """Words that share a stretch of time by their length."""
    if start is None or end is None:
        return [Word(at, to, turn=turn) for at, to in spans]
    whole = sum(to - at for at, to in spans) or 1
    edges = [0, *accumulate(to - at for at, to in spans)]
    cut = [start + (end - start) * edge // whole for edge in edges]
    return [Word(at, to, cut[index], cut[index + 1], turn=turn) for index, (at, to) in enumerate(spans)]


def in_order(words: Iterable[Word], start: int | None, end: int | None) -> tuple[Word, ...]:
    """The same with times that never run backwards nor out of the stretch."""
    clock = start
    done = []
    for word in words:
        if word.start_ms is None or word.end_ms is None or clock is None or end is None:
            done.append(word)
            continue
        began = min(max(word.start_ms, clock), end)
        clock = min(max(word.end_ms, began), end)
        moved = (began, clock) != (word.start_ms, word.end_ms)
        done.append(replace(word, start_ms=began, end_ms=clock) if moved else word)
    return tuple(done)


def shifted(words: Iterable[Word], by: int) -> list[Word]:
    """The same words further on in a longer text."""
    return [replace(word, at=word.at + by, to=word.to + by) for word in words]


def rewritten(
    before: str, words: Sequence[Word], after: str, span_ms: tuple[int | None, int | None], turn: int | None
) -> tuple[Word, ...]:
    """The words of the new text. What stays keeps its times; a new word takes those of the word it replaces,
    or shares the gap it stands in. `turn`: whose words they are where no old one tells."""
    new = tokens(after)
    old_keys = [_key(before[word.at : word.to]) for word in words]
    new_keys = [_key(after[at:to]) for at, to in new]
    done: list[Word] = []
    for i1, i2, j1, j2 in _blocks(old_keys, new_keys):
        fresh = new[j1:j2]
        if i2 - i1 == j2 - j1 and old_keys[i1:i2] == new_keys[j1:j2]:
            done += [_kept(before, old, after, span) for old, span in zip(words[i1:i2], fresh, strict=True)]
        elif i1 < i2:
            done += spread(fresh, words[i1].start_ms, words[i2 - 1].end_ms, words[i1].turn)
        else:
            left = words[i1 - 1] if i1 else None
            right = words[i1] if i1 < len(words) else None
            began = left.end_ms if left else span_ms[0]
            ended = right.start_ms if right else span_ms[1]
            beside = left or right
            done += spread(fresh, began, ended, beside.turn if beside else turn)
    return in_order(done, *span_ms)


def _kept(before: str, old: Word, after: str, span: Span) -> Word:
    same = before[old.at : old.to] == after[slice(*span)]
    return replace(old, at=span[0], to=span[1], probability=old.probability if same else None)


def _blocks(old: list[str], new: list[str]) -> list[tuple[int, int, int, int]]:
    """Which stretch of the old words became which of the new ones, in order; equal ones at both ends first,
    so that the usual edit is found at once and a hostile one costs little."""
    most = min(len(old), len(new))
    head = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - head) if old[-1 - n] != new[-1 - n]), most - head)
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    found = [(0, head, 0, head)] if head else []
    if len(a) * len(b) > MOST_COMPARED:
        found.append((head, head + len(a), head, head + len(b)))
    else:
        matched = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
        found += [(i1 + head, i2 + head, j1 + head, j2 + head) for _, i1, i2, j1, j2 in matched]
    if tail:
        found.append((len(old) - tail, len(old), len(new) - tail, len(new)))
    return found


def _key(word: str) -> str:
    """What makes a word the same in spite of capitals and marks around it."""
    bare = re.sub(r"^\W+|\W+$", "", word)
    return (bare or word).casefold()


def _found(text: str, said: Iterable[Mapping[str, Any]]) -> list[tuple[Span, Mapping[str, Any]]]:
    """Where in the text each word of the recogniser stands; those that are not in it are passed over."""
    found, at = [], 0
    for word in said:
        bare = str(word["text"]).strip()
        place = text.find(bare, at) if bare else -1
        if place >= 0:
            at = place + len(bare)
            found.append(((place, at), word))
    return found


def _timed(span: Span, known: list[tuple[Span, Mapping[str, Any]]], turn: int | None) -> Word | None:
    """One word of the text from those of the recogniser that it shares letters with."""
    while known and known[0][0][1] <= span[0]:
        known.pop(0)
    over = []
    for place, word in known:
        if place[0] >= span[1]:
            break
        over.append((place, word))
    if not over:
        return None
    sure = [float(word["probability"]) for _, word in over if word.get("probability") is not None]
    start, end = _moment(over[0], span[0]), _moment(over[-1], span[1])
    return Word(*span, start, end, min(sure, default=None), turn)


def _moment(known: tuple[Span, Mapping[str, Any]], place: int) -> int:
    """When a place inside a recognised word was reached."""
    (at, to), word = known
    start, end = int(word["start_ms"]), int(word["end_ms"])
    return start + (end - start) * (min(max(place, at), to) - at) // (to - at)
