"""Turns of which it is uncertain who speaks: what the machine left open until a person says it.

Kept are numbers of turns by voice, and what was said of them; nothing that a voice could be known by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from web.interview import events
from web.speech.voice_groups import CLEAR_MS
from web.store import Event, EventKind, Interview, Sealer, Track
from web.transcript import record
from web.transcript.model import Transcript

EXAMPLES = 3  # stretches that a person may listen to for each voice
GROUPED, NAMED, COUNTED, RIGHT = "voices", "voice_named", "voices_counted", "speaker_right"
"""What an action says: which turns are one voice's, whose that is, how many voices a person says there are,
and that a turn stands under the right speaker."""


@dataclass(frozen=True)
class Grouping:
    """The turns of a track by voice as they were once put together, and the names given to the voices since.
    `seq` of its event."""

    seq: int
    voices: Sequence[Sequence[int]]
    named: dict[int, str] = field(default_factory=dict)


@dataclass
class OnTrack:
    """All groupings of a track, the newest last; `count`: how many voices a person says there are, None where
    the machine is to say; `asked`: the number of the event in which that was said; `waits`: they were not put
    together yet since."""

    groupings: list[Grouping] = field(default_factory=list)
    count: int | None = None
    asked: int | None = None
    waits: bool = False


def turns(session: Session, sealer: Sealer, interview: Interview) -> frozenset[int]:
    """The numbers of the turns that have words of which it is uncertain by now who says them."""
    numbers = unsure(session, sealer, interview.id)
    if not numbers or not record.last_number(session, interview.id):
        return numbers
    now = record.read(session, sealer, interview).now
    ids = segments(now, numbers)
    return frozenset(
        number
        for one in now.segments
        if one.id in ids
        for number in (one.turn, *(word.turn for word in one.words))
        if number in numbers
    )


def segments(now: Transcript, numbers: Collection[int]) -> frozenset[str]:
    """The ids of the segments that it is uncertain of by now: a person who says the speaker of one settles
    it; parts of a turn that was split are both as uncertain as it was. `numbers` as from `unsure`."""
    ids = {str(number) for number in numbers}
    for step in now.counting if ids else ():
        if step.number in now.unfit:
            continue
        if step.kind == "speaker":
            ids.discard(step.segment)
        elif step.kind == "split" and step.segment in ids:
            ids.add(step.made)
        elif step.kind == "merge" and step.other in ids:
            ids.add(step.segment)
    return frozenset(ids & {one.id for one in now.segments})


def unsure(session: Session, sealer: Sealer, interview_id: str) -> frozenset[int]:
    """The numbers of turns whose speaker neither a key nor a voice made clear, nobody named the voice of, and
    nobody said it is right. Steps of the transcript are not looked at: see `segments`."""
    found = left_open(session, sealer, interview_id)
    if not found:
        return frozenset()
    settled = told(found, by_track(session, sealer, interview_id)).keys()
    return frozenset(found.keys() - settled - confirmed(session, sealer, interview_id))


def confirmed(session: Session, sealer: Sealer, interview_id: str) -> frozenset[int]:
    """The turns that a person who listened said to stand under the right speaker."""
    said = Event.key.startswith(f"{RIGHT}:", autoescape=True)
    rows = session.scalars(
        select(Event).where(Event.interview_id == interview_id, Event.kind == EventKind.ACTION, said)
    )
    payloads = (events.opened(sealer, row) for row in rows)
    return frozenset(payload["turn"] for payload in payloads if payload.get("action") == RIGHT)


def left_open(session: Session, sealer: Sealer, interview_id: str) -> dict[int, int]:
    """The turns that were written down as uncertain, with how many milliseconds each is long. Only where
    somebody was recorded on one track with others there are any."""
    shared = exists().where(Track.interview_id == interview_id, Track.speaker.is_(None))
    if not session.scalar(select(shared)):
        return {}
    columns = select(Event.id, Event.sealed_payload)  # of thousands, objects would cost more than all else
    rows = session.execute(columns.where(Event.interview_id == interview_id, Event.kind == EventKind.TURN))
    return {
        payload["number"]: (payload.get("ended_ms") or 0) - (payload.get("started_ms") or 0)
        for payload in (sealer.open(sealed, f"event:{row_id}") for row_id, sealed in rows)
        if payload.get("unsure")
    }


def by_track(session: Session, sealer: Sealer, interview_id: str) -> dict[str, OnTrack]:
    """What is known of the voices of each track whose turns were ever put together."""
    here = Event.interview_id == interview_id
    first = session.scalar(select(Event.seq).where(here, Event.key.startswith("voices:")).order_by(Event.seq))
    found: dict[str, OnTrack] = {}
    if first is None:
        return found
    rows = select(Event).where(here, Event.kind == EventKind.ACTION, Event.seq >= first)
    for row in session.scalars(rows.order_by(Event.seq)):
        payload = events.opened(sealer, row)
        if payload.get("action") not in {GROUPED, NAMED, COUNTED}:
            continue
        track = found.setdefault(payload["track"], OnTrack())
        if payload["action"] == GROUPED:
            track.groupings.append(Grouping(row.seq, payload["voices"]))
            track.waits = False
        elif payload["action"] == NAMED:
            track.groupings[-1].named[payload["voice"]] = payload["speaker"]
        else:
            track.count, track.asked, track.waits = payload["voices"], row.seq, True
    return found


def told(found: Mapping[int, int], tracks: Mapping[str, OnTrack]) -> dict[int, str]:
    """Whose the turns are that a person named the voice of, in the newest grouping or in one before it.
    `found` as from `left_open`."""
    groupings = (grouping for track in tracks.values() for grouping in track.groupings)
    return {
        turn: speaker
        for grouping in groupings
        for number, speaker in grouping.named.items()
        for turn in movable(grouping.voices[number - 1], found)
    }


def movable(turns: Sequence[int], found: Mapping[int, int]) -> set[int]:
    """Those that go with the voice: they were uncertain, and long enough to know a voice by or among the
    examples. What a key or a known voice said is not up to a grouping."""
    mine = sorted((turn for turn in turns if turn in found), key=lambda turn: -found[turn])
    return {turn for place, turn in enumerate(mine) if place < EXAMPLES or found[turn] >= CLEAR_MS}
