"""Reads the turns of an interview for the comparison: words, translations on record, and where to listen."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interpreting.model import Said, base
from web.interview.new import direction
from web.review.reading import Sound
from web.store import Interview, Sealer, Segment, Track, Translation, Turn


def said(session: Session, sealer: Sealer, interview: Interview) -> list[Said]:
    """All turns in order, as they were said: corrections of the transcript are not looked at."""
    english = _english(session, sealer, interview)
    sounds = _sounds(session, interview)
    rows = session.scalars(select(Turn).where(Turn.interview_id == interview.id).order_by(Turn.number))
    return [
        Said(
            id=row.id,
            number=row.number,
            speaker=row.speaker,
            text=sealer.open(row.sealed_text, f"turn:{row.id}"),
            language=row.language,
            dir=direction(row.language),
            english=english.get(row.id),
            sound=sounds.get(row.id),
        )
        for row in rows
    ]


def _english(session: Session, sealer: Sealer, interview: Interview) -> dict[str, str]:
    rows = session.scalars(select(Translation).where(Translation.interview_id == interview.id))
    return {
        row.turn_id: sealer.open(row.sealed_text, f"translation:{row.id}")
        for row in rows
        if base(row.language) == "en"
    }


def _sounds(session: Session, interview: Interview) -> dict[str, Sound]:
    rows = session.execute(
        select(Segment, Track).join(Track, Track.id == Segment.track_id).where(
            Track.interview_id == interview.id, Segment.turn_id.is_not(None)
        )
    )  # fmt: skip
    return {
        segment.turn_id: Sound(track.name, segment.start_ms, segment.end_ms)
        for segment, track in rows
        if segment.turn_id is not None
    }
