"""An interview as a reviewer sees it: words, codes in layers, marked passages with decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview import access, actions, events, tongues
from web.interview.new import direction
from web.interview.readings import doubtful, of_present_words
from web.store import (
    WRITTEN,
    Coding,
    EventKind,
    Interview,
    InterviewState,
    Sealer,
    Segment,
    Tag,
    TagDecision,
    Track,
    Translation,
    Turn,
    User,
)
from web.transcript import uncertain
from web.transcript.layers import Coded, Laid, Parts, chief, one_voice, unseen
from web.transcript.layers import read as read_laid
from web.transcript.order import as_said


@dataclass(frozen=True)
class Layer:
    """One coding of a turn: the machine's (no author) or a person's, with the reason. `translated`: made of a
    machine's words."""

    author: str | None
    at: datetime
    type: str | None
    subtype: str | None
    response: str | None
    flags: tuple[dict[str, str], ...]
    reason: str
    translated: bool = False
    edits: int | None = None
    """After how many steps of the transcript it was made, where the machine coded again."""


@dataclass(frozen=True)
class Decided:
    author: str
    at: datetime
    decision: str
    reason: str
    changes: dict[str, Any]


@dataclass(frozen=True)
class Mark:
    """A passage for reading: who marked it and why, the context, and what people decided. `start` and `end`
    are places in the turn, or in the translation of this id."""

    id: str
    turn: int
    tag: str
    quote: str
    why: str
    start: int
    end: int
    urgency: int
    axes: dict[str, Any]
    author: str | None
    decisions: tuple[Decided, ...]
    translation_id: str | None = None
    corrected: bool = False
    """Its place is in the words as corrected."""

    @property
    def state(self) -> str:
        """waiting, adopt, edit or reject: the newest decision."""
        return self.decisions[-1].decision if self.decisions else "waiting"

    def within(self, text: str) -> Mark | None:
        """The same, placed where its words stand in this text; None where they do not."""
        at = text.find(self.quote)
        return replace(self, start=at, end=at + len(self.quote)) if at >= 0 else None

    @property
    def now(self) -> dict[str, Any]:
        """Context as it stands after edits."""
        current = {**self.axes, "tag": self.tag, "urgency": self.urgency}
        for decided in self.decisions:
            current |= decided.changes
        return current


@dataclass(frozen=True)
class Sound:
    """Where in the recording a turn can be heard; times in the track."""

    track: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True)
class Machine:
    """A machine translation of a turn; `to` says whom it is for, as in web.interview.tongues."""

    id: str
    text: str
    language: str
    dir: str
    to: str
    route: tuple[str, ...]
    packages: tuple[dict[str, str], ...]
    warnings: tuple[str, ...]


Pieces = list[tuple[str, Mark | None]]


@dataclass
class TurnView:
    """`check`: somebody wanted the translation checked with the interpreter. `corrected`: who says which
    words by now, where people corrected the transcript, and of all that people wrote where the machine heard
    nothing; `older`: the code was made before that; `unsure`: nobody has said yet that it is this speaker."""

    number: int
    id: str
    speaker: str
    text: str
    language: str
    dir: str
    source: str
    started_ms: int | None
    layers: list[Layer] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    translations: list[Machine] = field(default_factory=list)
    check: bool = False
    corrected: Parts | None = None
    older: bool = False
    unsure: bool = False
    sound: Sound | None = None

    @property
    def code(self) -> Layer | None:
        """The coding that counts."""
        return self.layers[-1] if self.layers else None

    @property
    def written(self) -> bool:
        """A person listened and wrote it down; the machine heard nothing."""
        return self.source == WRITTEN

    @property
    def unseen(self) -> bool:
        """People wrote these words and nothing has looked at them."""
        return unseen(self.source, bool(self.layers), self.corrected or ())

    @property
    def unread(self) -> bool:
        """People wrote these words in a language that no machine reads, nor a translation that could be
        coded: a person has to."""
        return self.unseen and tongues.needs_reading(self.speaker, self.language) and not self._legible

    @property
    def _legible(self) -> bool:
        """Whether there is a translation of all that one person says in it, good enough to be coded."""
        readable = (one for one in self.translations if tongues.readable(one.language))
        return one_voice(self.corrected or ()) and any(not doubtful(one.warnings) for one in readable)

    @property
    def waits(self) -> bool:
        """Nothing could be coded, for want of a translation; of what people wrote, see `unread`."""
        return not self.layers and not self.written and tongues.needs_reading(self.speaker, self.language)

    @property
    def doubtful(self) -> bool:
        """There is a translation to code by, but one that hardly says what was said."""
        return any(tongues.readable(one.language) and doubtful(one.warnings) for one in self.translations)

    @property
    def pieces(self) -> Pieces:
        """The words as said, cut at the passages marked in them."""
        found = [mark for mark in self.marks if mark.translation_id is None and not mark.corrected]
        return _cut(self.text, found)

    @property
    def corrected_pieces(self) -> list[tuple[str, Pieces]]:
        """Who says what by now, cut at the passages marked since."""
        found = [mark for mark in self.marks if mark.corrected]
        return [
            (speaker, _cut(text, [at for mark in found if (at := mark.within(text))]))
            for speaker, text in self.corrected or ()
        ]

    @property
    def voice(self) -> str:
        """Who says it by now, most of it at least."""
        return chief(self.corrected)[0] if self.corrected else self.speaker

    def pieces_of(self, machine: Machine) -> Pieces:
        """A machine's words, cut at the passages marked in these."""
        return _cut(machine.text, [mark for mark in self.marks if mark.translation_id == machine.id])

    def read_in(self, mark: Mark) -> Machine | None:
        """The translation a passage was found in; None where it was found in the words themselves."""
        return next((one for one in self.translations if one.id == mark.translation_id), None)


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. `waiting` counts undecided passages, `soonest` is their highest urgency."""

    interview: Interview
    interviewer: str
    waiting: int
    soonest: int


def queue(session: Session, reader: User) -> list[Waiting]:
    """Interviews with undecided passages first, the most urgent first; then the newest. One that the reader
    holds comes when it is closed."""
    undecided = (
        select(Tag.interview_id, func.count().label("waiting"), func.max(Tag.urgency).label("soonest"))
        .outerjoin(TagDecision, TagDecision.tag_id == Tag.id)
        .where(TagDecision.id.is_(None))
        .group_by(Tag.interview_id)
        .subquery()
    )
    rows = session.execute(
        select(Interview, User, undecided.c.waiting, undecided.c.soonest)
        .join(User, User.id == Interview.interviewer_id)
        .outerjoin(undecided, undecided.c.interview_id == Interview.id)
        .where(
            Interview.state != InterviewState.PLANNED,
            Interview.wrapped_key.is_not(None),
            access.reviewable(reader),
        )
        .order_by(func.coalesce(undecided.c.soonest, -1).desc(), Interview.created_at.desc())
        .limit(200)
    )
    return [
        Waiting(i, user.full_name or user.name, waiting or 0, soonest or 0)
        for i, user, waiting, soonest in rows
    ]


@dataclass(frozen=True)
class Talk:
    """All turns as they were said, with everything known about each. `unheard`: stretches with speech in them
    that nobody has written down: a person has to listen."""

    turns: list[TurnView]
    unheard: list[Sound]


def transcript(session: Session, sealer: Sealer, interview: Interview) -> list[TurnView]:
    return talk(session, sealer, interview).turns


def talk(session: Session, sealer: Sealer, interview: Interview) -> Talk:
    names = {user.id: user.full_name or user.name for user in session.scalars(select(User))}
    numbered = select(Turn).where(Turn.interview_id == interview.id).order_by(Turn.number)
    rows = as_said(session.scalars(numbered))
    turns = {row.id: _turn(sealer, row) for row in rows}
    codings = select(Coding).where(Coding.interview_id == interview.id).order_by(Coding.layer)
    for coding in session.scalars(codings):
        turns[coding.turn_id].layers.append(_layer(sealer, coding, names))
    for mark in _marks(session, sealer, interview, turns, names):
        turns[mark[0]].marks.append(mark[1])
    machines = select(Translation).where(Translation.interview_id == interview.id, of_present_words())
    for translation in session.scalars(machines.order_by(Translation.at)):
        turn = turns[translation.turn_id]
        turn.translations.append(_machine(sealer, interview, turn, translation))
    to_check, unsure = _to_check(session, sealer, interview), uncertain.turns(session, sealer, interview)
    for turn in turns.values():
        turn.check, turn.unsure = turn.number in to_check, turn.number in unsure
    segments = select(Segment, Track).join(Track, Track.id == Segment.track_id)
    for segment, track in session.execute(segments.where(Track.interview_id == interview.id)):
        if segment.turn_id in turns:
            turns[segment.turn_id].sound = Sound(track.name, segment.start_ms, segment.end_ms)
    codes = {
        turn.number: Coded(turn.code.at, turn.code.author is not None, turn.code.edits)
        for turn in turns.values()
        if turn.code is not None
    }
    found = read_laid(session, sealer, interview, codes)
    if found is None:
        return Talk(list(turns.values()), _unheard(session, interview.id))
    return Talk(_lay(found, turns.values()), [Sound(*stretch) for stretch in found.unheard])


def _lay(found: Laid, turns: Iterable[TurnView]) -> list[TurnView]:
    """What people corrected in the transcript, over the turns it is about. What somebody wrote and took back
    is none, unless it was decided on."""
    place = {number: place for place, number in enumerate(found.order)}
    for turn in turns:
        turn.corrected, turn.older = found.corrected.get(turn.number), turn.number in found.older
    kept = [turn for turn in turns if not turn.written or turn.corrected or turn.marks or turn.layers]
    return sorted(kept, key=lambda turn: place.get(turn.number, len(place)))


def _unheard(session: Session, interview_id: str) -> list[Sound]:
    rows = session.execute(
        select(Segment, Track)
        .join(Track, Track.id == Segment.track_id)
        .where(Track.interview_id == interview_id, Segment.turn_id.is_(None))
        .order_by(Segment.start_ms)
    )
    return [Sound(track.name, segment.start_ms, segment.end_ms) for segment, track in rows]


def _cut(text: str, marks: list[Mark]) -> Pieces:
    """A text cut at marked passages, for display; of overlapping ones the earlier shows."""
    cut: Pieces = []
    at = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.start < at or mark.end > len(text):
            continue
        cut += [(text[at : mark.start], None), (text[mark.start : mark.end], mark)]
        at = mark.end
    return [piece for piece in [*cut, (text[at:], None)] if piece[0]]


def _machine(sealer: Sealer, interview: Interview, turn: TurnView, row: Translation) -> Machine:
    owed = tongues.owed(turn.speaker, turn.language, interview.interviewer_language, interview.child_language)
    to = (one.to for one in owed if tongues.base(one.language) == tongues.base(row.language))
    return Machine(
        id=row.id,
        text=sealer.open(row.sealed_text, f"translation:{row.id}"),
        language=row.language,
        dir=direction(row.language),
        to=next(to, tongues.INTERVIEWER),
        route=tuple(row.route),
        packages=tuple(row.packages),
        warnings=tuple(row.warnings),
    )


def _to_check(session: Session, sealer: Sealer, interview: Interview) -> set[int]:
    """The turns whose translation is to be checked with the interpreter, as last said."""
    wanted: dict[int, bool] = {}
    for event in events.after(session, sealer, interview.id, 0, kinds=(EventKind.ACTION,), limit=None):
        if event.payload["action"] == actions.CHECK:
            wanted[event.payload["turn"]] = event.payload["on"]
    return {turn for turn, on in wanted.items() if on}


def _turn(sealer: Sealer, row: Turn) -> TurnView:
    return TurnView(
        number=row.number,
        id=row.id,
        speaker=row.speaker,
        text=sealer.open(row.sealed_text, f"turn:{row.id}"),
        language=row.language,
        dir=direction(row.language),
        source=row.source,
        started_ms=row.started_ms,
    )


def _layer(sealer: Sealer, row: Coding, names: dict[str, str]) -> Layer:
    detail = sealer.open(row.sealed_detail, f"coding:{row.id}")
    question = detail.get("question") or {}
    return Layer(
        author=names.get(row.author_id, "") if row.author_id else None,
        at=row.at,
        type=row.type,
        subtype=row.subtype,
        response=row.response,
        flags=tuple(question.get("flags", ())),
        reason=detail.get("reason", ""),
        translated=row.translation_id is not None,
        edits=detail.get("edits"),
    )


def _marks(
    session: Session, sealer: Sealer, interview: Interview, turns: dict[str, TurnView], names: dict[str, str]
) -> list[tuple[str, Mark]]:
    tags = list(session.scalars(select(Tag).where(Tag.interview_id == interview.id).order_by(Tag.start)))
    decided: dict[str, list[Decided]] = defaultdict(list)
    decisions = select(TagDecision).join(Tag, Tag.id == TagDecision.tag_id)
    for row in session.scalars(decisions.where(Tag.interview_id == interview.id).order_by(TagDecision.at)):
        detail = sealer.open(row.sealed_detail, f"decision:{row.id}")
        author = names.get(row.author_id, "")
        decided[row.tag_id].append(
            Decided(author, row.at, row.decision.value, detail["reason"], detail["changes"])
        )
    found = []
    for tag in tags:
        sealed = sealer.open(tag.sealed_why, f"tag:{tag.id}")
        mark = Mark(
            id=tag.id,
            turn=turns[tag.turn_id].number,
            tag=tag.tag,
            quote=sealed["quote"],
            why=sealed["why"],
            start=tag.start,
            end=tag.end,
            urgency=tag.urgency,
            axes=dict(tag.axes),
            author=names.get(tag.author_id, "") if tag.author_id else None,
            decisions=tuple(decided[tag.id]),
            translation_id=tag.translation_id,
            corrected="edits" in sealed,
        )
        found.append((tag.turn_id, mark))
    return found
