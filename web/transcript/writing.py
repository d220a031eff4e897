"""Words that people write where the machine heard none, as a turn: so they can be coded and marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview.errors import Conflict
from web.interview.turns import TurnIn
from web.language.model import Speaker
from web.store import WRITTEN, Interview, Sealer, Track, Turn
from web.store import Segment as Heard
from web.store.base import new_id
from web.transcript.folding import by_turn, fold, joined
from web.transcript.layers import chief
from web.transcript.model import Segment, Step, Transcript, told


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
    """Write the turn; `seq` is of the event of the step. The caller holds the interview's lock. Raises
    Conflict where the stretch has become a turn meanwhile."""
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
        raise Conflict("This was written down by the machine just now. Nothing was saved; look at it again.")
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


def changed(base: Collection[Segment], before: Transcript, step: Step) -> dict[int, Segment]:
    """The written turns that a step gives other words or another speaker, with what they say once it is
    taken."""
    steps = (*before.steps, step)
    near = joined(steps, before.touched(step))
    places = {one.written: one for one in base if one.id in near and one.written is not None}
    if not places:
        return {}
    after = fold(base, steps)
    was, now = (by_turn(one for one in all.segments if one.id in near) for all in (before, after))
    found = {}
    for number, first in places.items():
        parts = now.get(number, [])
        if parts == was.get(number, []):
            continue
        speaker = chief(parts)[0] if parts else first.speaker
        said = told(" ".join(text for _, text in parts), place=first.said.place)
        found[number] = replace(first, speaker=speaker, said=said)
    return found


def follow(
    session: Session, sealer: Sealer, interview: Interview, said: Mapping[int, Segment], seq: int
) -> None:
    """Let written turns say what they say by now, as of the event `seq`: what was first typed is a step, too,
    and stays. The caller holds the interview's lock."""
    rows = select(Turn).where(Turn.interview_id == interview.id, Turn.number.in_(said))
    for row in session.scalars(rows):
        now = said[row.number]
        row.speaker, row.seq = now.speaker, seq
        row.language = _language(interview, now, now.text)
        row.sealed_text = sealer.seal(now.text, f"turn:{row.id}")


def _language(interview: Interview, into: Segment, text: str) -> str:
    """An interpreter's is known of the track; of the others, as if they had been typed."""
    if into.speaker == Speaker.INTERPRETER:
        return into.language
    return TurnIn("", into.speaker, text).tongue(interview)
