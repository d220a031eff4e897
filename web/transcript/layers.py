"""What of the turns was corrected, and which codes were made before that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from web.store import Interview, Sealer, TranscriptEdit, Turn
from web.transcript import record
from web.transcript.folding import by_turn, fold
from web.transcript.record import Record

Parts = tuple[tuple[str, str], ...]
"""What is left of a turn: (speaker, words), in order."""


@dataclass(frozen=True)
class Coded:
    """The code that counts for a turn: `by_person` or the machine's; `edits`: how many steps it was made
    after, where that was written down."""

    at: datetime
    by_person: bool
    edits: int | None = None


@dataclass(frozen=True)
class Laid:
    """By number of the turn: `corrected` only those that differ from what was written down first; `older`:
    turns whose code was made from other words or for another speaker than there are now."""

    corrected: Mapping[int, Parts]
    older: frozenset[int]


NOTHING = Laid({}, frozenset())


def read(session: Session, sealer: Sealer, interview: Interview, codes: Mapping[int, Coded]) -> Laid:
    """Nothing where nobody corrected anything, which costs one look."""
    if not session.scalar(select(exists().where(TranscriptEdit.interview_id == interview.id))):
        return NOTHING
    return laid(record.read(session, sealer, interview), codes)


def voice(session: Session, sealer: Sealer, interview: Interview, turn: Turn) -> tuple[str, str, int]:
    """Who says a turn by now, most of it at least, their words, and after how many steps; for a turn as it
    was first written down, or of which no word is left, that speaker and text and 0."""
    said = (turn.speaker, str(sealer.open(turn.sealed_text, f"turn:{turn.id}")), 0)
    laid_over = read(session, sealer, interview, {}).corrected
    if not laid_over.get(turn.number):
        return said
    return *chief(laid_over[turn.number]), record.last_number(session, interview.id)


def laid(held: Record, codes: Mapping[int, Coded]) -> Laid:
    first, now = _parts(held, 0), _parts(held, held.now.number)
    corrected = {one: now.get(one, ()) for one in first if not _same(now.get(one, ()), first[one])}
    seen = {0: first, held.now.number: now}
    older = set()
    for turn, code in codes.items():
        edits = _made_after(held, code)
        if edits not in seen:
            seen[edits] = _parts(held, edits)
        if not _same(seen[edits].get(turn, ()), now.get(turn, ())):
            older.add(turn)
    return Laid(corrected, frozenset(older))


def chief(parts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Who said most of it, and their words; parts must not be empty."""
    letters: dict[str, int] = {}
    for speaker, text in parts:
        letters[speaker] = letters.get(speaker, 0) + len(text)
    most = max(letters, key=lambda speaker: letters[speaker])
    return most, " ".join(text for speaker, text in parts if speaker == most)


def _made_after(held: Record, code: Coded) -> int:
    if code.edits is not None:
        return code.edits
    if not code.by_person:
        return 0  # the machine codes what was said as it was first written down
    return max((number for number, taken in held.taken.items() if taken.at <= code.at), default=0)


def _parts(held: Record, edits: int) -> dict[int, Parts]:
    steps = [step for step in held.now.steps if step.number <= edits]
    return {turn: tuple(parts) for turn, parts in by_turn(fold(held.base, steps).segments).items()}


def _same(one: Parts, other: Parts) -> bool:
    """Cut or not, the same people said the same words in the same order."""
    return _told(one) == _told(other)


def _told(parts: Parts) -> list[tuple[str, str]]:
    return [(speaker, word) for speaker, text in parts for word in text.split()]
