"""Turns that were heard in another language than their speaker's: where several people are on one track, that
is known only once somebody has said whose voice it is.

A turn heard again is a new turn in the place of the first, whose words are deleted; both are steps of the
transcript, by the person who asked for it. So nothing that was written down is altered or lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from web.interview import events
from web.interview.tongues import base, same
from web.recording.voice_steps import OF_A_VOICE
from web.recording.voices import INTERPRETER, SIDES, tongue
from web.store import Database, Event, Interview, Sealer, Track, TranscriptEdit, Turn
from web.store import Segment as Row
from web.transcript import record, uncertain
from web.transcript.model import Segment, Transcript

ASKED, DONE = "hear_again", "heard_again"
"""What an action says, and what its key begins with: a person wants turns heard again, and all were."""
SPOKEN = "speech"  # the source of a turn that was heard


@dataclass(frozen=True)
class Owed:
    """A turn, where its sound is on its track, and the language its speaker has. `marked`: it was marked as
    not heard in it, as no model could; `with_voice`: it goes where its voice goes."""

    turn: int
    track: Track
    start_ms: int
    end_ms: int
    speaker: str
    language: str
    marked: bool
    with_voice: bool

    @property
    def heard_key(self) -> str:
        return f"again:{base(self.language)}:{self.turn}"

    @property
    def marked_key(self) -> str:
        return f"unheard:{base(self.language)}:{self.turn}"


@dataclass(frozen=True)
class Again:
    """`asked`: the number of the event in which a person wanted it, None where nothing is to be done;
    `author_id` who; `of`: how many turns there were to be heard then; `before`: how many of them marked."""

    owed: tuple[Owed, ...] = ()
    asked: int | None = None
    author_id: str = ""
    of: int = 0
    before: int = 0

    @property
    def done(self) -> int:
        """How many of them were heard, or marked because no model could."""
        fresh = max(0, sum(self.marked.values()) - self.before)
        return max(0, self.of - len(self.owed) + fresh)

    @property
    def ahead(self) -> dict[str, int]:
        """How many turns are heard wrongly by now, by the language they are in."""
        return Counter(one.language for one in self.owed if not one.marked)

    @property
    def marked(self) -> dict[str, int]:
        """How many were marked as not heard, by the language they are in."""
        return Counter(one.language for one in self.owed if one.marked)


def look(session: Session, sealer: Sealer, interview: Interview) -> Again:
    """What there is to be heard again, in the order it was said, and whether anybody asked for it."""
    tracks = uncertain.by_track(session, sealer, interview.id)
    if not tracks or same(interview.child_language, interview.interviewer_language):
        return Again()
    owed = tuple(_owed(session, sealer, interview, tracks))
    last = _asked(session, interview.id)
    if last is None or not pending(session, interview.id):
        return Again(owed)
    asked = events.opened(sealer, last)
    return Again(owed, last.seq, str(last.actor_id), asked["turns"], asked["marked"])


def pending(session: Session, interview_id: str) -> bool:
    """Whether turns are being heard again."""
    last = _asked(session, interview_id)
    return last is not None and events.by_key(session, interview_id, f"{DONE}:{last.seq}") is None


def unfinished(database: Database) -> list[str]:
    """Interviews in which somebody wanted turns heard again, and not all were: where to go on after a
    restart."""
    done = aliased(Event)
    answered = select(done.id).where(
        done.interview_id == Event.interview_id, done.key.startswith(f"{DONE}:"), done.seq > Event.seq
    )
    with database.read() as session:
        wanted = select(Event.interview_id).join(Interview, Interview.id == Event.interview_id)
        wanted = wanted.where(Event.key.startswith(f"{ASKED}:"), Interview.wrapped_key.is_not(None))
        return list(session.scalars(wanted.where(~answered.exists()).distinct()))


def _asked(session: Session, interview_id: str) -> Event | None:
    here = (Event.interview_id == interview_id, Event.key.startswith(f"{ASKED}:"))
    return session.scalar(select(Event).where(*here).order_by(Event.seq.desc()).limit(1))


def _owed(
    session: Session, sealer: Sealer, interview: Interview, tracks: Mapping[str, uncertain.OnTrack]
) -> Iterable[Owed]:
    now = record.read(session, sealer, interview).now
    segments = {one.id: one for one in now.segments}
    steps = _of_voices(session, interview.id)
    kept = _by_hand(now, frozenset(steps.values()))
    unsure = uncertain.segments(now, uncertain.unsure(session, sealer, interview.id))
    named = _named(session, sealer, interview.id, tracks)
    tongues = _tongues(interview, (one for one in now.segments if one.id not in unsure))
    columns = select(Row.start_ms, Row.end_ms, Turn.number, Turn.language, Track)
    rows = (
        columns.join(Turn, Turn.id == Row.turn_id)
        .join(Track, Track.id == Row.track_id)
        .where(Track.interview_id == interview.id, Track.name.in_(tracks), Turn.source == SPOKEN)
        .order_by(Track.offset_ms + Row.start_ms)
    )
    for start_ms, end_ms, number, heard_in, track in session.execute(rows).all():
        segment = segments.get(str(number))
        if segment is None or segment.id in kept | unsure or same(heard_in, tongues[segment.id]):
            continue
        speaker, language = segment.speaker, tongues[segment.id]
        goes = named.get(number) == speaker
        one = Owed(number, track, start_ms, end_ms, speaker, language, marked=False, with_voice=goes)
        mark = steps.get(OF_A_VOICE + one.marked_key)
        if OF_A_VOICE + one.heard_key not in steps and mark not in now.undone:  # nobody took it back
            yield replace(one, marked=mark is not None)


def _of_voices(session: Session, interview_id: str) -> dict[str, int]:
    """The numbers of steps taken for voices, by their keys."""
    here = (TranscriptEdit.interview_id == interview_id, TranscriptEdit.key.startswith(OF_A_VOICE))
    wanted = select(TranscriptEdit.key, TranscriptEdit.number).where(*here)
    return {row.key: row.number for row in session.execute(wanted)}


def _by_hand(now: Transcript, of_voices: frozenset[int]) -> frozenset[str]:
    """The ids of segments whose words a person has worked on."""
    mine = (one for one in now.counting if one.kind in {"text", "split", "merge"})
    return frozenset().union(*(now.touched(one) for one in mine if one.number not in of_voices))


def _named(
    session: Session, sealer: Sealer, interview_id: str, tracks: Mapping[str, uncertain.OnTrack]
) -> dict[int, str]:
    """Whose the turns are that go with a voice as it was put together last."""
    newest = {name: uncertain.OnTrack(track.groupings[-1:]) for name, track in tracks.items()}
    return uncertain.told(uncertain.left_open(session, sealer, interview_id), newest)


def _tongues(interview: Interview, said: Iterable[Segment]) -> dict[str, str]:
    """The language of each segment by its speaker. An interpreter says again what the other side said."""
    found, last = {}, ""
    for one in said:
        found[one.id] = tongue(interview, one.speaker)
        if one.speaker == INTERPRETER and last == "interviewer":
            found[one.id] = interview.child_language
        last = one.speaker if one.speaker in SIDES else last
    return found
