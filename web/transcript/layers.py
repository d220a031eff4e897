"""What of the turns was corrected, and which codes were made before that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from web.language.model import Speaker
from web.store import WRITTEN, Coding, Interview, Sealer, TranscriptEdit, Turn
from web.transcript import record
from web.transcript.folding import by_turn, fold
from web.transcript.model import says_nothing
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
    """By number of the turn: `corrected` those that differ from what was written down first, and all that
    people wrote where the machine heard nothing; `older`:
    turns whose code was made from other words or for another speaker than there are now; `order` of all of
    them as they were said; `unheard`: stretches nobody has put into words yet, milliseconds of the track."""

    corrected: Mapping[int, Parts]
    older: frozenset[int]
    order: tuple[int, ...]
    unheard: tuple[tuple[str, int, int], ...]


def read(session: Session, sealer: Sealer, interview: Interview, codes: Mapping[int, Coded]) -> Laid | None:
    """None where nobody corrected anything, which costs one look."""
    if not session.scalar(select(exists().where(TranscriptEdit.interview_id == interview.id))):
        return None
    return laid(record.read(session, sealer, interview), codes)


def voice(session: Session, sealer: Sealer, interview: Interview, turn: Turn) -> tuple[str, str, int]:
    """Who says a turn by now, most of it at least, their words, and after how many steps; for a turn as it
    was first written down, or of which no word is left, that speaker and text and 0."""
    said = (turn.speaker, str(sealer.open(turn.sealed_text, f"turn:{turn.id}")), 0)
    found = read(session, sealer, interview, {})
    parts = found.corrected.get(turn.number) if found else None
    return (*chief(parts), record.last_number(session, interview.id)) if parts else said


def parts(session: Session, sealer: Sealer, interview: Interview) -> Mapping[int, Parts]:
    """What is left by now of the turns that were corrected, by number; () of one without words."""
    found = read(session, sealer, interview, {})
    return found.corrected if found else {}


def speakers(session: Session, sealer: Sealer, interview: Interview) -> dict[int, str]:
    """Who says most of it by now, of the turns that were corrected and have words left; by number."""
    left = parts(session, sealer, interview)
    return {number: chief(one)[0] for number, one in left.items() if one}


def fits(speaker: str, coding: Coding) -> bool:
    """Whether a code can be one of this speaker's turns: only an interviewer's questions have a type."""
    return (coding.type is not None) == (speaker == Speaker.INTERVIEWER)


def laid(held: Record, codes: Mapping[int, Coded]) -> Laid:
    first, now = _parts(held, 0), _parts(held, held.now.number)
    known = [one.number for one in held.base if one.number is not None]
    written = {one.written for one in held.base}
    corrected = {
        one: now.get(one, ())
        for one in known
        if one in written or not _same(now.get(one, ()), first.get(one, ()))
    }
    seen = {0: first, held.now.number: now}
    older = set()
    for turn, code in codes.items():
        edits = _made_after(held, code)
        if edits not in seen:
            seen[edits] = _parts(held, edits)
        if not _same(seen[edits].get(turn, ()), now.get(turn, ())):
            older.add(turn)
    return Laid(corrected, frozenset(older), tuple(known), tuple(_unheard(held)))


def _unheard(held: Record) -> Iterator[tuple[str, int, int]]:
    unwritten = held.now.unwritten
    for one in held.now.segments:
        if one.id not in unwritten or one.track is None or one.start_ms is None or one.end_ms is None:
            continue
        offset = held.tracks[one.track]
        yield one.track, one.start_ms - offset, one.end_ms - offset


def chief(parts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Who said most of it, and their words; parts must not be empty."""
    letters: dict[str, int] = {}
    for speaker, text in parts:
        letters[speaker] = letters.get(speaker, 0) + len(text)
    most = max(letters, key=lambda speaker: letters[speaker])
    return most, " ".join(text for speaker, text in parts if speaker == most)


def unseen(source: str, coded: bool, parts: Sequence[tuple[str, str]]) -> bool:
    """Whether a turn holds words that people wrote down and nothing has looked at. `parts`: who says which
    words of it by now; `coded`: by a machine or a person."""
    if source != WRITTEN or coded or not parts:
        return False
    speaker, text = chief(parts)
    return speaker != Speaker.INTERPRETER and not says_nothing(text)


def one_voice(parts: Sequence[tuple[str, str]]) -> bool:
    """Whether one person says all of it: only then can a translation of the whole turn stand for that."""
    return len({speaker for speaker, _ in parts}) == 1


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
