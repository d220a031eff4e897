"""Words that people write where the machine heard none, as a turn: so they can be coded and marked."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview.turns import TurnIn
from web.language.model import Speaker
from web.store import WRITTEN, Interview, Sealer, Track, Turn
from web.store import Segment as Heard
from web.store.base import new_id
from web.transcript.model import Segment, Step, Transcript


def place(now: Transcript, step: Step) -> Segment | None:
    """The segment that a step writes the first words into, of which nobody knows by what turn they go."""
    if step.kind != "text" or not step.text:
        return None
    found = now.find(step.segment)
    if found is None or found.turn is not None or found.written is not None or "@" not in found.id:
        return None
    return found if all(word.turn is None for word in found.words) else None


def turn(  # noqa: PLR0917
    session: Session, sealer: Sealer, interview: Interview, into: Segment, text: str, seq: int
) -> None:
    """Write the turn; `seq` is of the event of the step. The caller holds the interview's lock."""
    wanted = (
        select(Heard)
        .join(Track, Track.id == Heard.track_id)
        .where(
            Track.interview_id == interview.id,
            Track.name == into.track,
            Heard.start_ms == int(into.id.rpartition("@")[2]),
            Heard.turn_id.is_(None),
        )
    )
    heard = session.scalar(wanted)
    if heard is None:
        return
    last = session.scalar(select(func.max(Turn.number)).where(Turn.interview_id == interview.id))
    turn_id = new_id()
    row = Turn(
        id=turn_id,
        interview_id=interview.id,
        seq=seq,
        number=(last or 0) + 1,
        speaker=into.speaker,
        language=_language(interview, into, text),
        source=WRITTEN,
        started_ms=into.start_ms,
        ended_ms=into.end_ms,
        sealed_text=sealer.seal(text, f"turn:{turn_id}"),
        sealed_words=None,
        coded=True,  # not by the guide, which was not told; see CodingAgain
    )
    session.add(row)
    session.flush()
    heard.turn_id = turn_id


def _language(interview: Interview, into: Segment, text: str) -> str:
    """An interpreter's is known of the track; of the others, as if they had been typed."""
    if into.speaker == Speaker.INTERPRETER:
        return into.language
    return TurnIn("", into.speaker, text).tongue(interview)
