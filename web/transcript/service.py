"""What people do to a transcript: take a step, undo one, certify. Each is a new row, none is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict, Invalid, KeyReused
from web.interview.new import note, storable
from web.interview.turns import check_key
from web.store import (
    Certification,
    Database,
    EventKind,
    Interview,
    InterviewState,
    Sealer,
    TranscriptEdit,
    User,
    Vault,
)
from web.store.base import new_id
from web.transcript import canonical, record, uncertain, writing
from web.transcript.folding import check
from web.transcript.meanwhile import write_over
from web.transcript.model import KINDS, Segment, Step, Transcript, Unfit
from web.transcript.record import Certified, Record

LONGEST_WHY = 2000
FIELDS = {
    "text": ("segment", "text"),
    "speaker": ("segment", "speaker"),
    "split": ("segment", "at"),
    "merge": ("segment", "other"),
    "undo": ("of",),
}
"""What each kind of step carries."""
Audit = Callable[[Session, str | None, str, str], None]


@dataclass(frozen=True)
class StepIn:
    """A step as somebody asks for it: fields as in model.Step. `seen` is the number of the last step they
    know of, `why` their reason, which may be empty."""

    key: str
    kind: str
    seen: int
    segment: str = ""
    text: str = ""
    speaker: str = ""
    at: int = 0
    other: str = ""
    of: int = 0
    why: str = ""

    def payload(self, max_bytes: int) -> dict[str, Any]:
        """What is sealed of it. Raises Invalid naming the field."""
        check_key(self.key)
        if self.kind not in KINDS:
            raise Invalid("kind", f"A step is one of {', '.join(KINDS)}.")
        values = {name: getattr(self, name) for name in FIELDS[self.kind]}
        values |= {
            name: int(value) for name, value in values.items() if isinstance(value, float)
        }  # JSON's 7.0
        if self.kind == "text":
            values["text"] = storable("text", self.text).strip()
            if len(values["text"].encode()) > max_bytes:
                raise Invalid("text", f"A segment has at most {max_bytes} bytes of text. Nothing was saved.")
        why = note("why", self.why)
        if len(why) > LONGEST_WHY:
            raise Invalid("why", f"A reason has at most {LONGEST_WHY} characters.")
        return {**values, "why": why}


class Clash(Conflict):
    """Somebody else was faster about the same segments: how they stand now, beside what was asked for."""

    def __init__(self, now: Transcript, step: Step, yours: dict[str, Any]) -> None:
        touched = now.touched(step)
        super().__init__(
            "Somebody else changed this meanwhile. Nothing of yours was saved; look at theirs and decide.",
            number=now.number,
            theirs=[canonical.segment(one) for one in now.segments if one.id in touched],
            yours=yours,
        )


@dataclass(frozen=True)
class _Ready:
    """A step that can be taken. `into`: the stretch it writes the first words into; `said`: what turns that
    people wrote say once it is taken, where it changes that."""

    step: Step
    payload: dict[str, Any]
    into: Segment | None
    said: dict[int, Segment]


class TranscriptService:
    """Asks nobody who they are: callers check access first. `announce(interview_id, seq)` tells followers of
    the interview, `written(interview_id)` the worker of words that may need a translation. Where it raises
    what it says it raises, nothing was written; anything else may come after that, and then the same key
    again does what is left."""

    def __init__(  # noqa: PLR0917
        self,
        database: Database,
        vault: Vault,
        audit: Audit,
        announce: Callable[[str, int], None] = lambda *_: None,
        max_turn_bytes: int = 64 * 1024,
        written: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._database, self._vault, self._audit = database, vault, audit
        self._announce, self._max_bytes, self._written = announce, max_turn_bytes, written

    def sealer(self, interview: Interview) -> Sealer:
        return self._vault.sealer(interview.id, interview.wrapped_key)

    def read(self, interview: Interview) -> Record:
        with self._database.read() as session:
            return record.read(session, self.sealer(interview), interview)

    def certified(self, interview: Interview) -> list[Certified]:
        with self._database.read() as session:
            return record.certified(session, self.sealer(interview), interview.id)

    def opened(self, interview: Interview, user: User, how: str) -> None:
        """A look at a transcript, or a copy of it, is itself on record."""
        with self._database.write() as session:
            self._audit(session, user.id, f"transcript:{how}", interview.id)

    def take(self, interview_id: str, user: User, given: StepIn) -> int:
        """Take a step; its number comes back. The same key with the same step again changes nothing.

        Raises NotFound, Invalid naming the field, KeyReused, and Clash where steps that the person has not
        seen are about the same segments.
        """
        payload = given.payload(self._max_bytes)

        def look(session: Session, interview: Interview) -> int | _Ready:
            sealer = self.sealer(interview)
            before = _by_key(session, interview_id, given.key)
            if before is not None:
                return _again(sealer, before, user, given.kind, payload)
            held = record.read(session, sealer, interview)
            step = _step(held.now, given, payload)
            said = writing.changed(held.base, held.now, step)
            return _Ready(step, payload, writing.place(held.now, step), said)

        def write(session: Session, interview: Interview, ready: int | _Ready) -> tuple[int | _Ready, int]:
            if isinstance(ready, _Ready):
                self._write(session, interview, user, given.key, ready)
            return ready, interview.next_seq - 1

        done, last = write_over(self._database, interview_id, look, write)
        if isinstance(done, int):
            self._written(interview_id)  # the worker may not have been told the first time
            return done
        self._announce(interview_id, last)
        if done.into is not None or done.said:
            self._written(interview_id)
        return done.step.number

    def _write(  # noqa: PLR0917
        self, session: Session, interview: Interview, user: User, key: str, ready: _Ready
    ) -> None:
        sealer, row_id, step = self.sealer(interview), new_id(), ready.step
        session.add(
            TranscriptEdit(
                id=row_id,
                interview_id=interview.id,
                number=step.number,
                key=key,
                author_id=user.id,
                kind=step.kind,
                sealed_payload=sealer.seal(ready.payload, f"transcript:{row_id}"),
            )
        )
        self._note(session, sealer, interview, user, {"what": step.kind, "step": step.number})
        if ready.into is not None:
            writing.turn(session, sealer, interview, ready.into, step.text, interview.next_seq - 1)
        if ready.said:
            writing.follow(session, sealer, interview, ready.said, interview.next_seq - 1)

    def certify(  # noqa: PLR0917
        self, interview_id: str, user: User, drawn: str, statement: str, seen: bool = False
    ) -> None:
        """Say that the transcript is what the recording holds; twice is once. `drawn`: the name of what the
        person saw (Record.drawn); `seen`: they have looked at where it is uncertain who speaks.

        Raises NotFound, Invalid, and Conflict where the interview goes on, sound is still being written down,
        the transcript has changed, or there is something uncertain that was not looked at.
        """
        statement = note("statement", statement)
        if not 0 < len(statement) <= LONGEST_WHY:
            raise Invalid("statement", f"Say what you certify, in 1 to {LONGEST_WHY} characters.")
        with self._database.write() as session:
            interview = events.lock(session, interview_id)
            sealer = self.sealer(interview)
            if interview.state is not InterviewState.CLOSED:
                raise Conflict("An interview that is not closed has no whole transcript yet.")
            if record.unwritten(session, interview_id):
                raise Conflict("Not all of the recording has been written down yet.")
            held = record.read(session, sealer, interview)
            if held.drawn(held.now.number) != drawn:
                raise Conflict("The transcript was changed meanwhile. Read it again before you certify it.")
            sha256 = canonical.digest(held.now)
            if not held.now.segments:
                raise Conflict("There is nothing to certify: nothing was said or written down.")
            unsure = uncertain.segments(held.now, uncertain.unsure(session, sealer, interview_id))
            if unsure and not seen:
                raise Conflict("Look first at where it is uncertain who speaks, and say that you have.")
            same = (user.id, sha256.hex(), statement)
            known = record.certified(session, sealer, interview_id)
            if any((one.author_id, one.sha256, one.statement) == same for one in known):
                return
            turns = sum(one.turn is not None for one in held.base)
            said = (held.now.number, turns, sha256, statement, len(unsure))
            self._certification(session, sealer, interview, user, said)
            last = interview.next_seq - 1
        self._announce(interview_id, last)

    def _certification(
        self,
        session: Session,
        sealer: Sealer,
        interview: Interview,
        user: User,
        said: tuple[int, int, bytes, str, int],
    ) -> None:
        row_id, (edits, turns, sha256, statement, unsure) = new_id(), said
        session.add(
            Certification(
                id=row_id,
                interview_id=interview.id,
                author_id=user.id,
                edits=edits,
                turns=turns,
                sha256=sha256,
                sealed_statement=sealer.seal(statement, f"certification:{row_id}"),
            )
        )
        done = {"what": "certify", "edits": edits, "turns": turns, "sha256": sha256.hex(), "unsure": unsure}
        self._note(session, sealer, interview, user, done)

    def _note(
        self, session: Session, sealer: Sealer, interview: Interview, user: User, payload: dict[str, Any]
    ) -> None:
        events.append(session, sealer, interview, EventKind.TRANSCRIPT, payload, actor_id=user.id)
        session.flush()
        self._audit(session, user.id, f"transcript:{payload['what']}", interview.id)


def _step(now: Transcript, given: StepIn, payload: dict[str, Any]) -> Step:
    values = {name: value for name, value in payload.items() if name != "why"}
    step = Step(now.number + 1, given.kind, **values)
    if not 0 <= given.seen <= now.number:
        raise Invalid("seen", f"The last step has the number {now.number}.")
    if now.touched(step) & now.touched_since(given.seen):
        raise Clash(now, step, {"kind": step.kind, **values})
    try:
        check(now, step)
    except Unfit as problem:
        raise Invalid(problem.field, f"{problem.reason} Nothing was saved.") from None
    return step


def _by_key(session: Session, interview_id: str, key: str) -> TranscriptEdit | None:
    return session.scalar(
        select(TranscriptEdit).where(TranscriptEdit.interview_id == interview_id, TranscriptEdit.key == key)
    )


def _again(sealer: Sealer, row: TranscriptEdit, user: User, kind: str, payload: dict[str, Any]) -> int:
    same = row.author_id == user.id and row.kind == kind
    if not same or record.opened(sealer, row) != payload:
        raise KeyReused
    return row.number
