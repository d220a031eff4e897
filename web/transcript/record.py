"""Reads what was written down and every step taken since, opened with the interview's key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
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
from web.transcript.model import Place, Placed, Said, Segment, Step, Transcript, told
from web.transcript.order import as_said
from web.transcript.words import heard

NOBODY_YET = "child"
"""Who spoke where one microphone heard all and no speaker key was pressed: the word least to be lost."""


@dataclass(frozen=True)
class Taken:
    """Who took a step, when and why, and the text it began from."""

    author_id: str
    at: datetime
    why: str
    seal: bytes


@dataclass(frozen=True)
class Record:
    """`base` as it was written down, `now` with all steps; `taken` by the number of the step; `tracks`: the
    first moment of each on the interview's clock, milliseconds; `seal`: SHA-256 of what `base` was made of,
    as it lies in the database."""

    base: tuple[Segment, ...]
    now: Transcript
    taken: dict[int, Taken]
    tracks: dict[str, int] = field(default_factory=dict)
    seal: bytes = b""

    def drawn(self, number: int) -> str:
        """Names the transcript after this step, over what is written down by now, without opening a word of
        it: what has the same name is the same, word for word."""
        steps = (one.seal for of, one in sorted(self.taken.items()) if of <= number)
        return hashlib.sha256(b"".join((self.seal, *steps))).hexdigest()

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
    base, seal = _base(session, sealer, interview, tracks)
    steps, taken = [], {}
    for row in edits(session, interview.id):
        payload = opened(sealer, row)
        sealed = hashlib.sha256(f"{row.id}:{row.number}:{row.kind}:".encode() + row.sealed_payload).digest()
        taken[row.number] = Taken(row.author_id, row.at, payload.pop("why", ""), sealed)
        steps.append(Step(row.number, row.kind, **payload))
    offsets = {track.name: track.offset_ms for track in tracks}
    return Record(base, fold(base, steps), taken, offsets, seal)


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


def edits(session: Session, interview_id: str) -> Iterable[Any]:
    """As plain rows: of thousands, objects would cost more than all else."""
    edit = TranscriptEdit
    columns = (edit.id, edit.number, edit.kind, edit.author_id, edit.at, edit.sealed_payload)
    return session.execute(select(*columns).where(edit.interview_id == interview_id).order_by(edit.number))


def opened(sealer: Sealer, row: Any) -> dict[str, Any]:
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


def _base(
    session: Session, sealer: Sealer, interview: Interview, tracks: list[Track]
) -> tuple[tuple[Segment, ...], bytes]:
    """Turns in order, and between them, by their time, the speech of which the machine made none; what people
    wrote there is laid over it by their steps. The second is SHA-256 of all that went into it."""
    names = {track.id: track for track in tracks}
    rows = _heard(session, names)
    tracked = {row.turn_id: names[row.track_id].name for row in rows if row.turn_id is not None}
    turns = _turns(session, interview.id)
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
    seal = hashlib.sha256()
    found: list[Segment] = []
    for turn in turns:
        if turn.id in written:
            continue
        while waiting and turn.started_ms is not None and (waiting[0].start_ms or 0) < turn.started_ms:
            found.append(waiting.pop(0))
        found.append(_said(sealer, turn, tracked.get(turn.id)))
        seal.update(turn.sealed_text)
        seal.update(turn.sealed_words or b"")
    for one in (*found, *waiting):
        seal.update(repr((one.id, one.speaker, one.language, one.said.place)).encode())
    return (*found, *waiting), seal.digest()


def _heard(session: Session, names: Iterable[str]) -> Sequence[Any]:
    columns = (Heard.track_id, Heard.turn_id, Heard.start_ms, Heard.end_ms)
    return session.execute(select(*columns).where(Heard.track_id.in_(names)).order_by(Heard.start_ms)).all()


def _turns(session: Session, interview_id: str) -> Sequence[Any]:
    columns = (
        Turn.id, Turn.number, Turn.speaker, Turn.language, Turn.source, Turn.started_ms, Turn.ended_ms,
        Turn.sealed_text, Turn.sealed_words,
    )  # fmt: skip
    wanted = select(*columns).where(Turn.interview_id == interview_id).order_by(Turn.number)
    return as_said(session.execute(wanted))


def _said(sealer: Sealer, row: Any, track: str | None) -> Segment:
    place = Place(row.started_ms, row.ended_ms, row.number, track)
    said = Said(partial(_text, sealer, row), partial(_placed, sealer, row, place), place)
    return Segment(str(row.number), row.speaker, row.language, said)


def _text(sealer: Sealer, row: Any) -> str:
    return str(sealer.open(row.sealed_text, f"turn:{row.id}")).strip()


def _placed(sealer: Sealer, row: Any, place: Place, text: str) -> Placed:
    said = sealer.open(row.sealed_words, f"words:{row.id}") if row.sealed_words else []
    return heard(text, (place.start_ms, place.end_ms), said, place.turn), place


def _unheard(interview: Interview, track: Track, row: Any, marks: list[Mark], written: int | None) -> Segment:
    start, end = row.start_ms + track.offset_ms, row.end_ms + track.offset_ms
    speaker = track.speaker or (assign(start, end, marks) if marks else NOBODY_YET)
    child = speaker == "child"
    language = interview.child_language if child else interview.interviewer_language
    place = Place(start, end, None, track.name, written)
    return Segment(f"{track.name}@{row.start_ms}", speaker, track.language or language, told("", place=place))
