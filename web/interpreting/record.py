"""Reads the talk for the comparison: words as corrected, translations on record, and where to listen."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interpreting.model import English, Said
from web.interview.new import direction
from web.interview.readings import of_present_words
from web.interview.tongues import CODED, base
from web.recording.voices import INTERPRETER, alone
from web.review.reading import Sound
from web.store import Interview, Sealer, Track, Translation, Turn
from web.transcript import record, uncertain
from web.transcript.model import Segment


def said(session: Session, sealer: Sealer, interview: Interview) -> list[Said]:
    """What was said, in order, as people corrected it; stretches without words are left out."""
    held = record.read(session, sealer, interview)
    english = _english(session, sealer, interview)
    unsure = uncertain.segments(held.now, uncertain.unsure(session, sealer, interview.id))
    rows = session.scalars(select(Track).where(Track.interview_id == interview.id))
    tracks = {track.name: track for track in rows}
    found = []
    for one in held.now.segments:
        if not one.text.strip():
            continue
        language = _language(session, interview, one, tracks.get(one.track or ""))
        source, translated = english.get(one.number or 0, ("", None))
        found.append(
            Said(
                id=one.id,
                number=one.turn,
                speaker=one.speaker,
                text=one.text,
                language=language,
                dir=direction(language),
                english=translated if source == one.text else None,
                sound=_sound(one, tracks.get(one.track or "")),
                unsure=one.id in unsure,
            )
        )
    return found


def _language(session: Session, interview: Interview, one: Segment, track: Track | None) -> str:
    """As written down; of what a person wrote who listened to an interpreter, by the order of the talk."""
    if one.turn is not None or one.speaker != INTERPRETER or track is None:
        return one.language
    voice = alone(session, interview, track, one.start_ms or 0, one.end_ms or 0)
    return voice.language if voice is not None and voice.speaker == INTERPRETER else one.language


def _english(session: Session, sealer: Sealer, interview: Interview) -> dict[int, tuple[str, English]]:
    """The translations into English that are on record of what turns say by now, by their number, each with
    what it is of."""
    rows = session.execute(
        select(Translation, Turn)
        .join(Turn, Turn.id == Translation.turn_id)
        .where(Translation.interview_id == interview.id, of_present_words())
    )
    return {
        turn.number: (
            str(sealer.open(turn.sealed_text, f"turn:{turn.id}")).strip(),
            English(
                sealer.open(row.sealed_text, f"translation:{row.id}"),
                tuple(row.warnings),
                tuple(one["sha256"] for one in row.packages),
            ),
        )
        for row, turn in rows
        if base(row.language) == CODED
    }


def _sound(one: Segment, track: Track | None) -> Sound | None:
    if track is None or one.start_ms is None or one.end_ms is None:
        return None
    return Sound(track.name, one.start_ms - track.offset_ms, one.end_ms - track.offset_ms)
