"""Reads what was written down and every step taken since, opened with the interview's key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.speech.speakers import Mark, assign
from web.store import (
    WRITTEN,
    Certification,
    Interview,
    Sealer,
    SpeakerMark,
    Track,
    TranscriptEdit,
    Turn,
    Upload,
    UploadState,
)
from web.store import Segment as Heard
from web.transcript.folding import fold
from web.transcript.model import Segment, Step, Transcript
from web.transcript.words import heard

NOBODY_YET = "child"
"""Who spoke where one microphone heard all and no speaker key was pressed: the word least to be lost."""


@dataclass(frozen=True)
class Taken:
    """Who took a step, when and why, and the text it began from."""

    author_id: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Record:
    """`base` as it was written down, `now` with all steps; `taken` by the number of the step; `tracks`: the
    first moment of each on the interview's clock, milliseconds."""

    base: tuple[Segment, ...]
    now: Transcript
    taken: dict[int, Taken]
    tracks: dict[str, int] = field(default_factory=dict)

    def newest_of(self, author_id: str) -> int | None:
        """The step of this person that "undo" undoes; those of others are undone from the history only."""
        return self.now.newest({one for one, taken in self.taken.items() if taken.author_id == author_id})


@dataclass(frozen=True)
class Certified:
    """One certification. `edits`: after how many steps; `turns`: how many there were."""

    author_id: str
    at: datetime
    edits: int
    turns: int
    sha256: str
    statement: str


def read(session: Session, sealer: Sealer, interview: Interview) -> Record:
    """The transcript of an interview as it stands."""
    tracks = list(session.scalars(select(Track).where(Track.interview_id == interview.id)))
    base = _base(session, sealer, interview, tracks)
    steps, taken = [], {}
    for row in edits(session, interview.id):
        payload = opened(sealer, row)
        taken[row.number] = Taken(row.author_id, row.at, payload.pop("why", ""))
        steps.append(Step(row.number, row.kind, **payload))
    return Record(base, fold(base, steps), taken, {track.name: track.offset_ms for track in tracks})


def unwritten(session: Session, interview_id: str) -> bool:
    """Whether sound is on record, or on its way there, that has not been written down yet. What is left of a
    file that somebody stopped, or that could not be read on, never will be."""
    files = list(session.scalars(select(Upload).where(Upload.interview_id == interview_id)))
    if any(one.state in {UploadState.WAITING, UploadState.READING} for one in files):
        return True
    over = {UploadState.CANCELLED, UploadState.FAILED}
    ended = tuple(f"file-{one.sha256.hex()[:10]}-" for one in files if one.sha256 and one.state in over)
    waiting = select(Track.name).where(Track.interview_id == interview_id, ~Track.heard_out)
    return any(not name.startswith(ended) for name in session.scalars(waiting))


def last_number(session: Session, interview_id: str) -> int:
    """Of the last step; 0 where there is none."""
    last = select(func.max(TranscriptEdit.number)).where(TranscriptEdit.interview_id == interview_id)
    return session.scalar(last) or 0


def edits(session: Session, interview_id: str) -> Iterable[TranscriptEdit]:
    wanted = select(TranscriptEdit).where(TranscriptEdit.interview_id == interview_id)
    return session.scalars(wanted.order_by(TranscriptEdit.number))


def opened(sealer: Sealer, row: TranscriptEdit) -> dict[str, Any]:
    value: dict[str, Any] = sealer.open(row.sealed_payload, f"transcript:{row.id}")
    return value


def certified(session: Session, sealer: Sealer, interview_id: str) -> list[Certified]:
    """All certifications, the oldest first."""
    rows = session.scalars(
        select(Certification).where(Certification.interview_id == interview_id).order_by(Certification.at)
    )
    return [
        Certified(
            row.author_id,
            row.at,
            row.edits,
            row.turns,
            row.sha256.hex(),
            sealer.open(row.sealed_statement, f"certification:{row.id}"),
        )
        for row in rows
    ]


def _base(session: Session, sealer: Sealer, interview: Interview, tracks: list[Track]) -> tuple[Segment, ...]:
    """Turns in order, and between them, by their time, the speech of which the machine made none; what people
    wrote there is laid over it by their steps."""
    names = {track.id: track for track in tracks}
    rows = list(session.scalars(select(Heard).where(Heard.track_id.in_(names)).order_by(Heard.start_ms)))
    tracked = {row.turn_id: names[row.track_id].name for row in rows if row.turn_id is not None}
    turns = list(session.scalars(select(Turn).where(Turn.interview_id == interview.id).order_by(Turn.number)))
    written: dict[str | None, int | None] = {None: None}
    written |= {turn.id: turn.number for turn in turns if turn.source == WRITTEN}
    marks = [
        Mark(row.at_ms, row.speaker)
        for row in session.scalars(select(SpeakerMark).where(SpeakerMark.interview_id == interview.id))
    ]
    silent = [
        _unheard(interview, names[row.track_id], row, marks, written[row.turn_id])
        for row in rows
        if row.turn_id in written
    ]
    waiting = sorted(silent, key=lambda one: one.start_ms or 0)
    found: list[Segment] = []
    for turn in turns:
        if turn.id in written:
            continue
        while waiting and turn.started_ms is not None and (waiting[0].start_ms or 0) < turn.started_ms:
            found.append(waiting.pop(0))
        found.append(_said(sealer, turn, tracked.get(turn.id)))
    return (*found, *waiting)


def _said(sealer: Sealer, row: Turn, track: str | None) -> Segment:
    text: str = sealer.open(row.sealed_text, f"turn:{row.id}").strip()
    said = sealer.open(row.sealed_words, f"words:{row.id}") if row.sealed_words else []
    span = (row.started_ms, row.ended_ms)
    return Segment(
        str(row.number),
        row.speaker,
        row.language,
        text,
        heard(text, span, said, row.number),
        *span,
        turn=row.number,
        track=track,
    )


def _unheard(
    interview: Interview, track: Track, row: Heard, marks: list[Mark], written: int | None
) -> Segment:
    start, end = row.start_ms + track.offset_ms, row.end_ms + track.offset_ms
    speaker = track.speaker or (assign(start, end, marks) if marks else NOBODY_YET)
    child = speaker == "child"
    language = interview.child_language if child else interview.interviewer_language
    return Segment(
        f"{track.name}@{row.start_ms}",
        speaker,
        track.language or language,
        "",
        (),
        start,
        end,
        None,
        track.name,
        written,
    )
