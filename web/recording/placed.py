"""Where the parts of a track lie in its time, worked out by the database.

A part that never arrived, though nothing more is expected, leaves a hole. For each part missing in it a
silence stands that is as long as the part before the hole (at the beginning of a track: the one after it). So
what was said behind it is heard; its times can be wrong by as much as the hole was longer or shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Row, Subquery, func, select
from sqlalchemy.orm import Session

from web.speech.model import RATE
from web.store import Chunk, Track

Part = Row[tuple[int, int, int, int, int, int]]


@dataclass(frozen=True)
class Missing:
    """A hole in an ended track; milliseconds of the track, as long as it is taken to be."""

    track: str
    from_ms: int
    to_ms: int


def parts(track_id: str) -> Subquery:
    """Of each part: `number`, `samples`, how many before it are `missing` and how long one of those is taken
    to be (`usual`), the place of its `end`, and how many are missing up to here (`behind`). In samples."""
    before = func.lag(Chunk.number).over(order_by=Chunk.number)
    length = func.lag(Chunk.samples).over(order_by=Chunk.number)
    each = (
        select(
            Chunk.number,
            Chunk.samples,
            (Chunk.number - 1 - func.coalesce(before, -1)).label("missing"),
            func.coalesce(length, Chunk.samples).label("usual"),
        )
        .where(Chunk.track_id == track_id)
        .subquery()
    )
    taken = each.c.samples + each.c.missing * each.c.usual
    return select(
        *each.c,
        func.sum(taken).over(order_by=each.c.number).label("end"),
        func.sum(each.c.missing).over(order_by=each.c.number).label("behind"),
    ).subquery()


def between(session: Session, track_id: str, first: int, last: int | None) -> list[Part]:
    """The parts of which something lies between two places, in samples, with the holes before them."""
    part = parts(track_id)
    wanted = select(part).where(part.c.end > first).order_by(part.c.number)
    if last is not None:
        wanted = wanted.where(part.c.end - part.c.samples - part.c.missing * part.c.usual < last)
    return list(session.execute(wanted))


def place(session: Session, track_id: str, at: int) -> tuple[int, int]:
    """The number of the part in which a sample lies, whether it arrived or not, and how many come before it
    there."""
    part = parts(track_id)
    row = session.execute(select(part).where(part.c.end > at).order_by(part.c.number).limit(1)).first()
    if row is None:
        end, number = session.execute(select(func.max(part.c.end), func.max(part.c.number))).one()
        return (0, at) if number is None else (number + 1, at - int(end))
    begin = int(row.end) - row.samples
    if at >= begin:
        return row.number, at - begin
    passed, before = divmod(at - (begin - row.missing * row.usual), row.usual)
    return row.number - row.missing + passed, before


def length(session: Session, track_id: str) -> tuple[int, int]:
    """Of a track with the silences for what is missing, and of these alone, in samples."""
    part = parts(track_id)
    end, silence = session.execute(
        select(
            func.coalesce(func.max(part.c.end), 0), func.coalesce(func.sum(part.c.missing * part.c.usual), 0)
        )
    ).one()
    return int(end), int(silence)


def missing(session: Session, interview_id: str) -> list[Missing]:
    """The holes in the ended tracks of an interview, in order."""
    tracks = select(Track).where(Track.interview_id == interview_id, Track.ended).order_by(Track.name)
    return [hole for track in session.scalars(tracks) for hole in _holes(session, track)]


def _holes(session: Session, track: Track) -> Iterator[Missing]:
    part = parts(track.id)
    for row in session.execute(select(part).where(part.c.missing > 0).order_by(part.c.number)):
        to = int(row.end) - row.samples
        yield Missing(track.name, (to - row.missing * row.usual) * 1000 // RATE, to * 1000 // RATE)
