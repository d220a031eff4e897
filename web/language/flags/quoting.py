"""Whose words a turn is made of: what quotes the child is the child's and not held against the interviewer.

A passage counts as the child's if one turn of the child has it word for word, except for who speaks to whom
(my, your), forms of a word, contractions, articles and filling words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from web.language.conversation import Conversation
from web.language.newcontent import quote_start
from web.language.parse import text_of
from web.language.question.decide import Reading
from web.language.question.heard import alike, heard
from web.language.question.words import Word

THEIRS = "§"
"""Stands in a turn's text for each of the child's words; no pattern matches it."""
LEAST = 2
"""Words of the child's within a longer quotation count from this many in a row."""
ECHO = 5
TOLD = {"said", "says", "say", "told", "tells", "called", "calls", "call", "goes"}
_NOT = re.compile(r" (?:do )?(?:not|never) (?:ever )?")
_OPENING, _CLOSING = re.compile(r"[“„\"«‘']$"), re.compile(r"^[”“\"»’'?.,!]*[”“\"»’']")


def own_words(conversation: Conversation, reading: Reading) -> Reading:
    """The same turn with the child's quoted words, and requests within them, taken out of it."""
    theirs = {place for start, end in passages(conversation, reading) for place in range(start, end)}
    if not theirs:
        return reading
    words = tuple(replace(w, text=THEIRS) if i in theirs else w for i, w in enumerate(reading.words))
    asks = tuple(
        (replace(request, words=tuple(w.text for w in words[request.start : request.end])), ask)
        for request, ask in reading.asks
        if request.start not in theirs
    )
    return replace(reading, words=words, asks=asks)


def without_echoes(conversation: Conversation, reading: Reading) -> Reading:
    """The same turn without what retells the child: ECHO words in a row, or fewer after "he said"."""
    words, theirs = reading.words, set[int]()
    lines = heard(conversation).lines
    start = 0
    while start < len(words):
        told = {word.text for word in words[max(0, start - 2) : start]} & TOLD
        least = LEAST if told else ECHO
        until = next(
            (end for end in range(len(words), start + least - 1, -1) if _said(lines, words[start:end])), 0
        )
        theirs.update(range(start, until))
        start = max(until, start + 1)
    if not theirs:
        return reading
    return replace(
        reading, words=tuple(replace(w, text=THEIRS) if i in theirs else w for i, w in enumerate(words))
    )


def passages(conversation: Conversation, reading: Reading) -> list[tuple[int, int]]:
    """Where the turn quotes the child: words[start:end] of each passage."""
    if denied(conversation, reading):
        return []
    lines = heard(conversation).lines
    found: list[tuple[int, int]] = []
    for start, ends in _quotations(reading):
        whole = next((end for end in ends if _said(lines, reading.words[start:end])), None)
        if whole is not None:
            found += [(start, whole), *_again(reading.words, start, whole)]
        if whole is None or whole < ends[0] < len(reading.words):
            found += _runs(lines, reading.words, start, ends[0])
    return found


def denied(conversation: Conversation, reading: Reading) -> bool:
    """Does the turn quote as said what the child said with a "not"?"""
    start = quote_start(reading.words)
    if start is None:
        return False
    lines = heard(conversation).lines
    turned = [_NOT.sub(" ", line) for line in lines]
    ends = next((ends for begin, ends in _quotations(reading) if begin == start), [])
    quotes = [reading.words[start:end] for end in ends]
    return any(_said(turned, quote) for quote in quotes) and not any(_said(lines, quote) for quote in quotes)


def shown(words: Sequence[str]) -> str:
    """Words of a turn to be read by people, with the child's left out."""
    return re.sub(rf"{THEIRS}(?: {THEIRS})*", "…", " ".join(words))


def _quotations(reading: Reading) -> Iterator[tuple[int, list[int]]]:
    """Where a quotation starts and where it may end: at the sentence's end or before a request."""
    words = reading.words
    start = quote_start(words)
    if start is not None and start < len(words):
        last = next((i for i in range(start + 1, len(words)) if words[i].hard), len(words))
        asked = [request.start for request, _ in reading.asks if start < request.start < last]
        yield start, [last, *reversed(asked)]
    for opened in range(len(words)):
        if opened != start and _OPENING.search(words[opened].before):
            closed = (i for i in range(opened + 1, len(words)) if _CLOSING.search(words[i].before))
            end = next(closed, len(words) if _CLOSING.match(text_of(reading.doc)[words[-1].end :]) else None)
            if end is not None:
                yield opened, [end]


def _again(words: Sequence[Word], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The same words later in the turn: "You talked about the sock game. Tell me about the sock game." """
    quote, size = [word.text for word in words[start:end]], end - start
    for place in range(end, len(words) - size + 1):
        if [word.text for word in words[place : place + size]] == quote:
            yield place, place + size


def _said(lines: list[str], words: Sequence[Word]) -> bool:
    plain = " ".join(alike(tuple(word.text for word in words)))
    return bool(plain) and any(f" {plain} " in line for line in lines)


def _runs(lines: list[str], words: Sequence[Word], start: int, end: int) -> list[tuple[int, int]]:
    """The longest stretches that the child said, where the quotation as a whole is put otherwise."""
    found = []
    while start < end:
        until = next(
            (until for until in range(end, start + LEAST - 1, -1) if _said(lines, words[start:until])), None
        )
        if until is not None and any(not word.token.is_stop for word in words[start:until]):
            found.append((start, until))
        start = until if until is not None else start + 1
    return found
