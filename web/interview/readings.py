"""Turns that the coder cannot read as they were said, and the machine translations it reads instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from web.interview import tongues
from web.language.model import Coding
from web.store import WRITTEN, Event, Sealer, Translation, Turn

TRANSLATION, PACKAGE, DOUBTFUL = "translation", "package", "doubtful"
"""What a coding waits for: a translation that is on its way, a package that could make one, or one that says
what was said."""
NOT_SAID = frozenset({"empty", "untranslated", "script", "repetition"})
"""Doubts (web.translation.check) with which a translation is no words of anybody's, and is not coded."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A machine's words for a turn, in the coder's language. `id` is that of the translation; `doubtful`: too
    much so to be coded."""

    id: str
    language: str
    text: str
    doubtful: bool = False


def doubtful(warnings: Collection[str]) -> bool:
    """Whether a translation with these doubts is not to be coded."""
    return not NOT_SAID.isdisjoint(warnings)


@dataclass(frozen=True, slots=True)
class Coded:
    """What was made of a turn. `reading`: made of a machine's words; `waits`: nothing yet, for want of them;
    `late`: the guide was told of the turn before it could be coded."""

    row: Turn
    coding: Coding
    reading: Reading | None = None
    waits: str | None = None
    late: bool = False


def readings(session: Session, sealer: Sealer, turns: Sequence[Turn]) -> dict[str, Reading]:
    """Those there are of what the turns say by now, by the id of the turn; the first where there are
    several."""
    foreign = [turn.id for turn in turns if not tongues.readable(turn.language)]
    present = _of(foreign).where(of_present_words()).order_by(Translation.at.desc())
    rows = session.scalars(present) if foreign else ()
    return {
        row.turn_id: Reading(
            row.id,
            row.language,
            sealer.open(row.sealed_text, f"translation:{row.id}"),
            doubtful(row.warnings),
        )
        for row in rows
        if tongues.readable(row.language)
    }


def of_present_words() -> ColumnElement[bool]:
    """Of a Translation: that its turn has not been set right since, as only one that people wrote can be."""
    later = (
        select(Event.id)
        .join(Turn, (Turn.interview_id == Event.interview_id) & (Turn.seq == Event.seq))
        .where(Turn.id == Translation.turn_id, Turn.source == WRITTEN, Event.at > Translation.at)
        .correlate(Translation)
    )
    return ~later.exists()


def arrived(session: Session, turn_ids: Collection[str]) -> list[float]:
    """How many seconds after each of these turns that can be read by now its words came."""
    wanted = (
        select(Translation.language, Translation.at, Event.at)
        .join(Turn, Turn.id == Translation.turn_id)
        .join(Event, (Event.interview_id == Turn.interview_id) & (Event.seq == Turn.seq))
        .where(Translation.turn_id.in_(turn_ids), Translation.language.startswith(tongues.CODED))
    )
    rows = session.execute(wanted) if turn_ids else ()
    return [(came - said).total_seconds() for language, came, said in rows if tongues.readable(language)]


def _of(turn_ids: Collection[str]) -> Select[Translation]:
    return select(Translation).where(
        Translation.turn_id.in_(turn_ids), Translation.language.startswith(tongues.CODED)
    )
