"""What every format is read into. Where something is (`where`) is a number: of a line, a row, an entry."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

from web.importing.languages import tag_of
from web.interview import tongues

MAX_BYTES = 20 * 1024 * 1024
MOST_TURNS = 10_000
MOST_SPEAKERS = 40
LONGEST_LABEL = 80
LONGEST_TURN = 64 * 1024  # bytes, as for any turn
LATEST_MS = 24 * 3600 * 1000
LEAST_BLOCKS, LEAST_LINES = 2, 2  # of lines that stand speaker by speaker, not in order


class BadTranscript(ValueError):
    """A file that cannot be used as a whole. `code` says why (see words.py); never holds what was said."""

    def __init__(self, code: str, where: int | None = None) -> None:
        super().__init__(f"{code} at {where}" if where else code)
        self.code = code
        self.where = where


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should look at in the file itself."""

    code: str
    where: int


@dataclass(frozen=True, slots=True)
class Said:
    """One turn. `speaker` as the file calls them, empty where it does not say; times in milliseconds;
    `language`, once collected, is a code."""

    where: int
    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    language: str | None = None
    words: tuple[dict[str, Any], ...] | None = None


@dataclass(frozen=True)
class ImportedTranscript:
    """`unit` is what `where` counts: line, row or entry."""

    format: str
    unit: str
    turns: tuple[Said, ...]
    problems: tuple[Problem, ...]

    @property
    def speakers(self) -> dict[str, int]:
        """Label -> number of turns, in the order of first words."""
        return dict(Counter(turn.speaker for turn in self.turns))


def collect(
    form: str, unit: str, said: Iterable[Said], problems: Iterable[Problem] = ()
) -> ImportedTranscript:
    """What a parser found, within limits and in the order it was found in. Raises BadTranscript."""
    found = list(problems)
    turns: list[Said] = []
    for one in said:
        if len(turns) >= MOST_TURNS:
            raise BadTranscript("too_many", one.where)
        turn = _checked(one, found)
        if turn is not None:
            turns.append(turn)
    if not turns:
        raise BadTranscript("nothing_said")
    if len({turn.speaker for turn in turns}) > MOST_SPEAKERS:
        raise BadTranscript("too_many_speakers")
    turns = _forwards(turns, found)
    found.sort(key=lambda problem: problem.where)
    return ImportedTranscript(form, unit, tuple(turns), tuple(found))


def _checked(one: Said, problems: list[Problem]) -> Said | None:
    text = " ".join(one.text.split())
    speaker = " ".join(one.speaker.split())
    if not storable(text + speaker):
        raise BadTranscript("not_text", one.where)
    if len(text.encode()) > LONGEST_TURN:
        raise BadTranscript("turn_too_long", one.where)
    if len(speaker) > LONGEST_LABEL:
        raise BadTranscript("label_too_long", one.where)
    if not text:
        problems.append(Problem("empty", one.where))
        return None
    start, end = one.start_ms, one.end_ms
    if any(moment is not None and not 0 <= moment <= LATEST_MS for moment in (start, end)):
        problems.append(Problem("no_such_time", one.where))
        start = end = None
    if start is not None and end is not None and end < start:
        problems.append(Problem("ends_before", one.where))
        end = None
    language = tag_of(one.language) if one.language else None
    if one.language and language is None:
        problems.append(Problem("language", one.where))
    if language is not None and tongues.readable(language) and tongues.in_script(text, language) is False:
        problems.append(Problem("script", one.where))
        language = None
    words = one.words if start is not None else None
    return replace(
        one, text=text, speaker=speaker, start_ms=start, end_ms=end, language=language, words=words
    )


def _forwards(turns: list[Said], problems: list[Problem]) -> list[Said]:
    """As they stand, without times that run backwards: what somebody typed beside the words is sooner wrong
    than their order. Of all times as many are kept as fit together. Where all lines of one speaker come first
    and then those of the next, they are put in one another by their times, and that is said."""
    if (second := _in_blocks(turns)) is not None:
        problems.append(Problem("blocks", turns[second].where))
        return sorted(turns, key=lambda turn: turn.start_ms or 0)
    fits = _fitting([-1 if turn.start_ms is None else turn.start_ms for turn in turns])
    done = list(turns)
    for place, turn in enumerate(turns):
        if turn.start_ms is not None and place not in fits:
            done[place] = replace(turn, start_ms=None, end_ms=None, words=None)
            problems.append(Problem("backwards", turn.where))
    return done


def _in_blocks(turns: list[Said]) -> int | None:
    """Where the second block begins, in a file of one block of lines for each speaker, in each of which the
    times begin anew and run forwards; None for any other file."""
    blocks = [list(lines) for _, lines in groupby(turns, lambda turn: turn.speaker)]
    if len(blocks) < LEAST_BLOCKS or len(blocks) != len({turn.speaker for turn in turns}):
        return None
    times = [[turn.start_ms for turn in lines if turn.start_ms is not None] for lines in blocks]
    whole = all(len(t) == len(lines) >= LEAST_LINES for t, lines in zip(times, blocks, strict=True))
    if not whole or any(t != sorted(t) for t in times):
        return None
    anew = all(later[0] < before[-1] and before[0] < later[-1] for before, later in pairwise(times))
    return len(blocks[0]) if anew else None


def _fitting(starts: list[int]) -> set[int]:
    """The places of the most times that run forwards together, of several such the first; -1 is no time."""
    best: list[int] = []
    length: dict[int, int] = {}
    for place in range(len(starts) - 1, -1, -1):
        if starts[place] >= 0:
            at = bisect_right(best, -starts[place])
            best[at : at + 1] = [-starts[place]]
            length[place] = at + 1
    left, last, found = len(best), -1, set()
    for place in sorted(length):
        if length[place] == left and starts[place] >= last:
            found.add(place)
            left, last = left - 1, starts[place]
    return found


def storable(text: str) -> bool:
    """Whether a database and a file can hold it: no NUL, no half of a pair of surrogates."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
