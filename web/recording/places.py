"""Where on an interview's clock a recorded file begins, and what cannot stand beside what is there."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview.errors import Conflict
from web.recording.upload_status import may_go_on
from web.speech.model import RATE
from web.store import Chunk, Track, Turn, Upload

OF_FILE = "file-"
"""How the names of a file's tracks begin; the beginning of its SHA-256 follows."""


def of_file(digest: bytes) -> str:
    """The beginning of the names of this file's tracks."""
    return f"{OF_FILE}{digest.hex()[:10]}-"


def begins_ms(session: Session, interview_id: str, digest: bytes, beside: bool) -> int:
    """Where the file with this SHA-256 begins: where it began before, else at the end of all sound, or
    `beside` the newest of it. A file of which not all has been read yet is as long as it says."""
    spans = _spans(session, interview_id)
    mine = [begin for name, begin, _ in spans if name.startswith(of_file(digest))]
    if mine:
        return mine[0]
    if beside:
        return spans[-1][1] if spans else 0
    return max((end for _, _, end in spans), default=0)


def over_file(session: Session, interview_id: str, offset_ms: int) -> bool:
    """Whether a recorded file stands at this time of the interview."""
    spans = _spans(session, interview_id)
    return any(begin <= offset_ms < end for name, begin, end in spans if name.startswith(OF_FILE))


def refuse_beside_transcript(session: Session, interview_id: str) -> None:
    """What is heard in a recording would stand a second time behind turns that were brought in. Raises
    Conflict."""
    brought_in = select(Turn.id).where(Turn.interview_id == interview_id, Turn.source == "import").limit(1)
    if session.scalar(brought_in) is not None:
        raise Conflict(
            "The turns of this interview come from a transcript. Its recording would add every turn a second"
            " time. Nothing was saved."
        )


def _spans(session: Session, interview_id: str) -> list[tuple[str, int, int]]:
    """Name, begin and end of each track, on the interview's clock, the newest last. What a file says of its
    length counts as long as more of it may be read."""
    samples = select(func.coalesce(func.sum(Chunk.samples), 0)).where(Chunk.track_id == Track.id)
    rows = session.execute(
        select(Track.name, Track.offset_ms, samples.scalar_subquery())
        .where(Track.interview_id == interview_id)
        .order_by(Track.created_at, Track.name)
    )
    files = session.scalars(
        select(Upload).where(Upload.interview_id == interview_id, Upload.sha256.is_not(None))
    )
    said = {of_file(file.sha256): file.total_ms or 0 for file in files if file.sha256 and may_go_on(file)}
    return [
        (name, begin, begin + max(int(heard) * 1000 // RATE, _length(said, name)))
        for name, begin, heard in rows
    ]


def _length(said: dict[str, int], name: str) -> int:
    return next((length for start, length in said.items() if name.startswith(start)), 0)
