"""Facts from the file in the record: what was listed, shown, put, and why. Each showing is an event row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from protocols.labels import Label
from protocols.model import Flow
from web.interview import events, turns
from web.interview.errors import Conflict, Invalid, KeyReused
from web.interview.events import Happening
from web.interview.new import note
from web.interview.reveal import APPROVED, Lock, Standing, locks
from web.interview.reveal_words import Brought, Said, brought, put_in
from web.language.model import Speaker
from web.store import WRITTEN, DialogueLabel, EventKind, Interview, InterviewState, Sealer, Turn, User

SHOWN, NOT_NEEDED = "reveal", "reveal_not_needed"
PAGE = 500


class Locked(Conflict):
    """No fact may be shown now; `locks` names the reasons, the detail says them."""

    def __init__(self, against: list[Lock], language: str) -> None:
        words = " ".join(lock.words(language) for lock in against)
        super().__init__(words, locks=[lock.id for lock in against])


@dataclass(frozen=True)
class RevealIn:
    """A press: show the next fact, or write down that none is needed."""

    key: str
    reason: str
    needed: bool = True

    def checked(self) -> RevealIn:
        """The same with a tidied reason. Raises Invalid naming the field."""
        turns.check_key(self.key)
        reason = note("reason", self.reason)
        if not reason:
            raise Invalid("reason", "Say why. The reason is kept in the record.")
        return RevealIn(self.key, reason, self.needed)


@dataclass(frozen=True)
class Shown:
    """A fact that was shown. `put`: the turn in which it was put to the child, if it was; `answered`: whether
    the child has spoken since; `unneeded`: the note, before the next was shown, that it is not needed."""

    press: Happening
    brought: Brought
    put: int | None
    answered: bool
    unneeded: Happening | None

    @property
    def settled(self) -> bool:
        return self.answered if self.put is not None else self.unneeded is not None


@dataclass(frozen=True)
class Log:
    """`shown`: in order, `later`: what was said after the first of them. `not_needed` and `approved`: the
    newest such decision, if any."""

    listed: list[dict[str, str]]
    shown: tuple[Shown, ...]
    later: tuple[Said, ...]
    not_needed: Happening | None
    approved: Happening | None


def read(session: Session, sealer: Sealer, interview: Interview) -> Log:
    """Everything the record says about facts from the file."""
    details = sealer.open(interview.sealed_details, f"details:{interview.id}")
    presses: list[Happening] = []
    unneeded: dict[int, Happening] = {}  # by how many facts had been shown
    approved = None
    for event in _presses(session, sealer, interview.id):
        action = event.payload["action"]
        if action == SHOWN:
            presses.append(event)
        elif action == NOT_NEEDED:
            unneeded[len(presses)] = event
        elif event.payload.get("condition") == APPROVED:
            approved = event
    later = _said_after(session, sealer, interview.id, presses[0].payload["turn"]) if presses else ()
    language = interview.interviewer_language
    shown = [_went(one, unneeded.get(n), language, later) for n, one in enumerate(presses, 1)]
    newest = unneeded[max(unneeded)] if unneeded else None
    return Log(details.get("facts", []), tuple(shown), later, newest, approved)


def _went(press: Happening, unneeded: Happening | None, language: str, later: Sequence[Said]) -> Shown:
    found = brought_by(press).after(later)
    put = put_in(found, press.payload["text"], language, later)
    answered = put is not None and any(one.number > put and one.speaker == Speaker.CHILD for one in later)
    return Shown(press, found, put, answered, unneeded)


def _said_after(session: Session, sealer: Sealer, interview_id: str, number: int) -> tuple[Said, ...]:
    later = (Turn.number > number, Turn.source != WRITTEN)
    wanted = select(Turn).where(Turn.interview_id == interview_id, *later)
    rows = session.scalars(wanted.order_by(Turn.number))
    return tuple(
        Said(row.number, row.speaker, sealer.open(row.sealed_text, f"turn:{row.id}")) for row in rows
    )


def brought_by(shown: Happening) -> Brought:
    return Brought(shown.payload["turn"], tuple(shown.payload["words"]))


def brought_since(session: Session, sealer: Sealer, interview_id: str, seq: int) -> tuple[list[Brought], int]:
    """What presses after `seq` may bring in, and the number of the last press."""
    found = []
    for event in _presses(session, sealer, interview_id, seq):
        seq = event.seq
        if event.payload["action"] == SHOWN:
            found.append(brought_by(event))
    return found, seq


def _presses(session: Session, sealer: Sealer, interview_id: str, after: int = 0) -> Iterator[Happening]:
    only = (EventKind.ACTION,)
    while page := events.after(session, sealer, interview_id, after, kinds=only, limit=PAGE):
        yield from page
        after = page[-1].seq


def against(session: Session, interview: Interview, flow: Flow, log: Log) -> list[Lock]:
    """Why no fact may be shown now; [] when it may be."""
    return locks(flow, interview.child_age, _standing(session, interview, log))


def record(  # noqa: PLR0917
    session: Session, sealer: Sealer, interview: Interview, actor_id: str | None, flow: Flow, press: RevealIn
) -> tuple[int, dict[str, Any]]:
    """Write the press down: its number and what was written. The caller holds the lock.

    Raises Locked, KeyReused, Conflict; then nothing was written.
    """
    action = SHOWN if press.needed else NOT_NEEDED
    before = events.by_key(session, interview.id, press.key)
    if before is not None:
        known = events.opened(sealer, before)
        if before.kind is not EventKind.ACTION or (known["action"], known.get("reason")) != (
            action, press.reason,
        ):  # fmt: skip
            raise KeyReused
        return before.seq, known
    if interview.state is InterviewState.CLOSED:
        raise Conflict("This interview is closed.", state=interview.state.value)
    log = read(session, sealer, interview)
    locked = against(session, interview, flow, log)
    if not press.needed:
        locked = [lock for lock in locked if lock.id in ("none_listed", "all_put")]
    if locked:
        raise Locked(locked, interview.interviewer_language)
    payload = {"action": action, "reason": press.reason}
    if press.needed:
        payload |= _shown(session, sealer, interview, log)
    row = events.append(
        session, sealer, interview, EventKind.ACTION, payload, key=press.key, actor_id=actor_id
    )
    return row.seq, payload


def _shown(session: Session, sealer: Sealer, interview: Interview, log: Log) -> dict[str, Any]:
    fact = log.listed[len(log.shown)]
    heard = select(Turn).where(Turn.interview_id == interview.id, Turn.source != WRITTEN)
    rows = session.scalars(heard.order_by(Turn.number)).all()
    child = [sealer.open(row.sealed_text, f"turn:{row.id}") for row in rows if row.speaker == Speaker.CHILD]
    turn = rows[-1].number if rows else 0
    decided = log.approved
    assert decided is not None, "locked without a decision of the team"
    return {
        "number": len(log.shown) + 1,
        "text": fact["text"],
        "source": fact["source"],
        "turn": turn,
        "words": list(brought(fact["text"], child, interview.interviewer_language, turn).words),
        "decided": {"by": name_of(session, decided.actor_id), "at": decided.at.isoformat()},
    }


def name_of(session: Session, user_id: str | None) -> str:
    person = session.get(User, user_id) if user_id else None
    return (person.full_name or person.name) if person else ""


def _standing(session: Session, interview: Interview, log: Log) -> Standing:
    here = DialogueLabel.interview_id == interview.id
    labels = session.scalars(select(DialogueLabel.label).where(here).order_by(DialogueLabel.number))
    return Standing(
        life=interview.state,
        labels=[Label.from_dict(label) for label in labels],
        listed=len(log.listed),
        shown=len(log.shown),
        settled=all(one.settled for one in log.shown[-1:]),
    )
