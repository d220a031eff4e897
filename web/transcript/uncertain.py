"""Turns of which it is uncertain who speaks: what the machine left open until a person says it.

Kept are numbers of turns by voice, and what was said of them; nothing that a voice could be known by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from web.interview import events
from web.speech.voice_groups import CLEAR_MS
from web.store import Event, EventKind, Interview, Sealer, Track, Turn
from web.transcript import record
from web.transcript.model import Segment, Transcript

EXAMPLES = 3  # stretches that a person may listen to for each voice
GROUPED, NAMED, COUNTED, RIGHT = "voices", "voice_named", "voices_counted", "speaker_right"
"""What an action says: which turns are one voice's, whose that is, how many voices a person says there are,
and that a part of the transcript stands under the right speaker."""


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


@dataclass(frozen=True)
class LeftOpen:
    """The `numbers` of turns whose speaker neither a key nor a voice made clear; whose those are that a
    person `told` the voice of; the segments that a person who listened said are `right`, each with how many
    steps there were then."""

    numbers: frozenset[int]
    told: Mapping[int, str] = field(default_factory=dict)
    right: Sequence[tuple[int, str]] = ()


def turns(session: Session, sealer: Sealer, interview: Interview) -> frozenset[int]:
    """The numbers of the turns that have words of which it is uncertain by now who says them."""
    found = unsure(session, sealer, interview.id)
    if not found.numbers:
        return frozenset()
    if not record.last_number(session, interview.id):
        return _as_written(session, interview.id, found)
    now = record.read(session, sealer, interview).now
    ids = segments(now, found)
    return frozenset(
        number for one in now.segments if one.id in ids for number in numbers(one) if number in found.numbers
    )


def _as_written(session: Session, interview_id: str, found: LeftOpen) -> frozenset[int]:
    rows = session.execute(select(Turn.number, Turn.speaker).where(Turn.interview_id == interview_id))
    told = {number for number, speaker in rows if found.told.get(number) == speaker}
    return found.numbers - told - {int(segment) for _, segment in found.right}


def segments(now: Transcript, found: LeftOpen) -> frozenset[str]:
    """The ids of the segments that it is uncertain of by now. A person who says the speaker of one, or that
    it is right, settles it; whoever names its voice does, where it stands under that name and was not split:
    then more than one voice may be in it, and each part is as uncertain as it was."""
    ids, right = {str(number) for number in found.numbers}, sorted(found.right)
    for step in now.counting if ids else ():
        while right and right[0][0] < step.number:
            ids.discard(right.pop(0)[1])
        if step.number in now.unfit:
            continue
        if step.kind == "speaker":
            ids.discard(step.segment)
        elif step.kind == "split" and step.segment in ids:
            ids.add(step.made)
        elif step.kind == "merge" and step.other in ids:
            ids.add(step.segment)
    ids -= {segment for _, segment in right}
    parts = cut(now)
    return frozenset(
        one.id for one in now.segments if one.id in ids and (one.id in parts or not _as_told(one, found))
    )


def _as_told(one: Segment, found: LeftOpen) -> bool:
    return all(found.told.get(number) == one.speaker for number in numbers(one) if number in found.numbers)


def cut(now: Transcript) -> frozenset[str]:
    """The ids of segments that were split."""
    fit = (step for step in now.counting if step.kind == "split" and step.number not in now.unfit)
    return frozenset(part for step in fit for part in (step.segment, step.made))


def numbers(one: Segment) -> frozenset[int]:
    """The turns that a segment holds words of."""
    found = (one.turn, *(word.turn for word in one.words))
    return frozenset(number for number in found if number is not None)


def unsure(session: Session, sealer: Sealer, interview_id: str) -> LeftOpen:
    """What was left open, and what was said of it beside the steps of the transcript."""
    found = left_open(session, sealer, interview_id)
    if not found:
        return LeftOpen(frozenset())
    known = told(found, by_track(session, sealer, interview_id))
    return LeftOpen(frozenset(found), known, confirmed(session, sealer, interview_id))


def confirmed(session: Session, sealer: Sealer, interview_id: str) -> list[tuple[int, str]]:
    """The segments that a person who listened said to stand under the right speaker, each with how many steps
    there were then."""
    said = Event.key.startswith(f"{RIGHT}:", autoescape=True)
    rows = session.scalars(
        select(Event).where(Event.interview_id == interview_id, Event.kind == EventKind.ACTION, said)
    )
    payloads = (events.opened(sealer, row) for row in rows)
    return [(one["steps"], one["segment"]) for one in payloads if one.get("action") == RIGHT]


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
