"""Who speaks, and in which language: an interpreter speaks two, to the one side and to the other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview.tongues import base
from web.speech.segment import Pace
from web.speech.speakers import Mark
from web.store import Interview, Segment, SpeakerMark, Track

INTERPRETER, SIDES = "interpreter", ("interviewer", "child")
INTERPRETED = Pace(silence_ms=1200)
"""Through an interpreter thoughts come in pieces: twice the silence before one counts as said."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`unsure`: nobody said so, and the sound does not clearly tell."""

    speaker: str
    language: str
    unsure: bool = False

    @property
    def label(self) -> str:
        """For Mark, which tells speakers apart by one word."""
        return f"{self.speaker} {self.language}{' ?' if self.unsure else ''}"

    @classmethod
    def of(cls, label: str) -> Voice:
        speaker, language, *unsure = label.split(" ")
        return cls(speaker, language, bool(unsure))


def pace(interview: Interview) -> Pace:
    """How long a silence ends a turn in this interview; never changes: a restart hears the same."""
    return Pace() if base(interview.interviewer_language) == base(interview.child_language) else INTERPRETED


def tongue(interview: Interview, speaker: str) -> str:
    """The language of a side; an interpreter's, unless something says otherwise, is the interviewer's."""
    return interview.child_language if speaker == "child" else interview.interviewer_language


def one_language(interview: Interview, track: Track) -> str | None:
    """The language of all that is said on a track; None where it may be several."""
    if track.speaker in SIDES:
        return track.language or tongue(interview, str(track.speaker))
    same = interview.interviewer_language == interview.child_language
    return track.language or (interview.interviewer_language if same else None)


def pressed(session: Session, interview: Interview) -> list[Mark]:
    """The speaker keys in order, each with its voice as label."""
    rows = session.scalars(
        select(SpeakerMark).where(SpeakerMark.interview_id == interview.id).order_by(SpeakerMark.at_ms)
    )
    return [
        Mark(row.at_ms, Voice(row.speaker, row.language or tongue(interview, row.speaker)).label)
        for row in rows
    ]


def marks(session: Session, interview: Interview) -> list[Mark]:
    """The speaker keys in order; without any, the interviewer."""
    nobody = Mark(0, Voice("interviewer", interview.interviewer_language).label)
    return pressed(session, interview) or [nobody]


def alone(session: Session, interview: Interview, track: Track, start_ms: int, end_ms: int) -> Voice | None:
    """Whose voice a stretch of a track is, times on the interview's clock; None where several speak on it.

    An interpreter's track has two languages. The key says which, and where none was pressed since somebody
    else spoke, the order of a consecutive talk: after the interviewer, to the child; after the child, back.
    """
    if track.speaker is None:
        return None
    if track.speaker != INTERPRETER or track.language:
        return Voice(track.speaker, track.language or tongue(interview, track.speaker))
    keyed = [
        (mark.at_ms, Voice.of(mark.speaker).language)
        for mark in marks(session, interview)
        if mark.speaker.startswith(INTERPRETER) and mark.at_ms <= end_ms
    ]
    found = max([*keyed[-1:], *_after_side(session, interview, start_ms)], default=None)
    return Voice(INTERPRETER, found[1] if found else interview.interviewer_language)


def _after_side(session: Session, interview: Interview, start_ms: int) -> list[tuple[int, str]]:
    """When a side spoke last before, on a track of its own, and the language to say that again in.

    What is not over half before this begins is the same voice in another microphone.
    """
    rows = session.execute(
        select(Segment, Track)
        .join(Track, Track.id == Segment.track_id)
        .where(Track.interview_id == interview.id, Track.speaker.in_(SIDES))
        .where(2 * Track.offset_ms + Segment.start_ms + Segment.end_ms <= 2 * start_ms)
        .order_by((Track.offset_ms + Segment.start_ms).desc())
        .limit(1)
    ).all()
    other = {"interviewer": interview.child_language, "child": interview.interviewer_language}
    return [(track.offset_ms + segment.start_ms, other[str(track.speaker)]) for segment, track in rows]
