"""What a reviewer decides: adopt, edit, reject, correct, mark. Each is a new row with author and reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Invalid, NotFound
from web.language.model import QuestionType, Response, Speaker
from web.review.vocabulary import AXES, FLAGS, SUBTYPES, URGENCIES, tags
from web.store import (
    Coding,
    Database,
    Decision,
    EventKind,
    Interview,
    Sealer,
    Tag,
    TagDecision,
    Turn,
    User,
    Vault,
)
from web.store.base import new_id
from web.transcript import layers, uncertain
from web.transcript.meanwhile import write_over

LONGEST_REASON = 2000
MOST_TURNS = 1_000_000
Audit = Callable[[Session, str | None, str, str], None]


@dataclass(frozen=True)
class Correction:
    """What a turn was, as a person sees it. `flags` are names; interviewer turns have a type, child turns a
    response."""

    type: str | None = None
    subtype: str | None = None
    response: str | None = None
    flags: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """adopt, edit or reject. `changes` is the context a person changed: axis to value."""

    decision: str
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)

    def check(self) -> None:
        """Raises Invalid naming the field."""
        if self.decision not in {value.value for value in Decision}:
            raise Invalid("decision", f"A decision is one of {', '.join(Decision)}.")
        _reason(self.reason, needed=self.decision != Decision.ADOPT)
        if self.decision != Decision.EDIT:
            return
        if not self.changes:
            raise Invalid("changes", "Change something, or adopt it as it is.")
        allowed: dict[str, Any] = {**AXES, "urgency": URGENCIES, "tag": tags()}
        for name, value in self.changes.items():
            if name not in allowed or value not in allowed[name]:
                raise Invalid(name, f"{name} cannot be {value!r}.")


@dataclass(frozen=True)
class Passage:
    """A stretch of the child's words that a person marks."""

    tag: str
    quote: str
    reason: str


class ReviewService:
    """Writes decisions. Raises NotFound for what is not in this interview, Invalid naming the field."""

    def __init__(self, database: Database, vault: Vault, audit: Audit) -> None:
        self._database = database
        self._vault = vault
        self._audit = audit

    def sealer(self, interview: Interview) -> Sealer:
        return self._vault.sealer(interview.id, interview.wrapped_key)

    def look(self, interview_id: str, user: User) -> None:
        """A look at a record is itself on record."""
        with self._database.write() as session:
            self._audit(session, user.id, "review:open", interview_id)

    def decide(self, interview_id: str, user: User, tag_id: str, verdict: Verdict) -> None:
        """Lay a decision over a marked passage. An edit needs changes, a rejection and an edit a reason.
        Where it is uncertain who speaks, or it is not the child, it can only be rejected."""
        verdict.check()

        def look(session: Session, interview: Interview) -> None:
            tag = session.get(Tag, tag_id)
            if tag is None or tag.interview_id != interview_id:
                raise NotFound
            if verdict.decision != Decision.REJECT:
                turn = session.get_one(Turn, tag.turn_id)
                self._sure(session, interview, turn)
                if layers.voice(session, self.sealer(interview), interview, turn)[0] != Speaker.CHILD:
                    raise Invalid(
                        "turn", "By now these are not the child's words. This can only be rejected."
                    )

        def write(session: Session, interview: Interview, _: None) -> None:
            session.add(self._decision(interview, user, tag_id, verdict))
            self._note(session, interview, user, {"what": "tag", "tag": tag_id, "decision": verdict.decision})

        write_over(self._database, interview_id, look, write)

    def correct(self, interview_id: str, user: User, number: int, correction: Correction) -> None:
        """Lay a person's coding over the machine's."""
        reason = _reason(correction.reason, needed=True)

        def look(session: Session, interview: Interview) -> Turn:
            turn = _turn(session, interview_id, number)
            _check(layers.voice(session, self.sealer(interview), interview, turn)[0], correction)
            return turn

        def write(session: Session, interview: Interview, turn: Turn) -> None:
            layer = session.scalar(select(func.max(Coding.layer)).where(Coding.turn_id == turn.id))
            row_id = new_id()
            session.add(
                Coding(
                    id=row_id,
                    interview_id=interview_id,
                    turn_id=turn.id,
                    layer=1 if layer is None else layer + 1,
                    author_id=user.id,
                    type=correction.type,
                    subtype=correction.subtype,
                    response=correction.response,
                    sealed_detail=self.sealer(interview).seal(
                        _detail(correction, reason), f"coding:{row_id}"
                    ),
                )
            )
            self._note(session, interview, user, {"what": "coding", "turn": number})

        write_over(self._database, interview_id, look, write)

    def mark(self, interview_id: str, user: User, number: int, passage: Passage) -> str:
        """Mark a passage of the child's that the machine did not; adopted at once."""
        reason = _reason(passage.reason, needed=True)
        if passage.tag not in tags():
            raise Invalid("tag", "Choose one of the listed marks.")
        tag_id = new_id()

        def look(session: Session, interview: Interview) -> tuple[Turn, int, int]:
            turn = _turn(session, interview_id, number)
            speaker, text, edits = layers.voice(session, self.sealer(interview), interview, turn)
            start = text.find(passage.quote)
            if speaker != Speaker.CHILD or not passage.quote.strip() or start < 0:
                raise Invalid("quote", "A marked passage is a stretch of the child's own words in this turn.")
            self._sure(session, interview, turn)
            return turn, start, edits

        def write(session: Session, interview: Interview, seen: tuple[Turn, int, int]) -> None:
            turn, start, edits = seen
            session.add(
                Tag(
                    id=tag_id,
                    interview_id=interview_id,
                    turn_id=turn.id,
                    author_id=user.id,
                    tag=passage.tag,
                    start=start,
                    end=start + len(passage.quote),
                    urgency=tags()[passage.tag].urgency,
                    confidence=1.0,
                    axes=dict.fromkeys(AXES, "unknown"),
                    sealed_why=self.sealer(interview).seal(
                        {"quote": passage.quote, "why": reason, **({"edits": edits} if edits else {})},
                        f"tag:{tag_id}",
                    ),
                )
            )
            session.flush()
            session.add(self._decision(interview, user, tag_id, Verdict(Decision.ADOPT, reason)))
            self._note(session, interview, user, {"what": "mark", "turn": number, "tag": tag_id})

        write_over(self._database, interview_id, look, write)
        return tag_id

    def _sure(self, session: Session, interview: Interview, turn: Turn) -> None:
        """What may not be the child's becomes no passage of the child's."""
        if turn.number in uncertain.turns(session, self.sealer(interview), interview):
            raise Invalid("turn", "It is uncertain who speaks here. Listen, say who it is, then decide.")

    def _decision(self, interview: Interview, user: User, tag_id: str, verdict: Verdict) -> TagDecision:
        row_id = new_id()
        changes = dict(verdict.changes) if verdict.decision == Decision.EDIT else {}
        detail = {"reason": verdict.reason.strip(), "changes": changes}
        return TagDecision(
            id=row_id,
            tag_id=tag_id,
            author_id=user.id,
            decision=Decision(verdict.decision),
            sealed_detail=self.sealer(interview).seal(detail, f"decision:{row_id}"),
        )

    def _note(self, session: Session, interview: Interview, user: User, payload: dict[str, Any]) -> None:
        sealer = self.sealer(interview)
        events.append(session, sealer, interview, EventKind.REVIEW, payload, actor_id=user.id)
        session.flush()
        self._audit(session, user.id, f"review:{payload['what']}", interview.id)


def _turn(session: Session, interview_id: str, number: int) -> Turn:
    if number > MOST_TURNS:
        raise NotFound
    turn = session.scalar(select(Turn).where(Turn.interview_id == interview_id, Turn.number == number))
    if turn is None:
        raise NotFound
    return turn


def _reason(reason: str, needed: bool) -> str:
    reason = reason.strip()
    if needed and not reason:
        raise Invalid("reason", "Say in a few words why: the next reader will ask.")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"A reason has at most {LONGEST_REASON} characters.")
    return reason


def _check(speaker: str, correction: Correction) -> None:
    if speaker == "interviewer":
        if correction.type not in {kind.value for kind in QuestionType}:
            raise Invalid("type", "Choose what kind of question this was.")
        if correction.subtype and correction.subtype not in SUBTYPES[correction.type]:
            raise Invalid("subtype", f"{correction.subtype!r} does not belong to this kind.")
        if set(correction.flags) - set(FLAGS):
            raise Invalid("flags", "Choose among the listed signs.")
    elif speaker == "child":
        if correction.response not in {kind.value for kind in Response}:
            raise Invalid("response", "Choose what kind of answer this was.")
    else:
        raise Invalid("turn", "An interpreter's turn is not coded.")


def _detail(correction: Correction, reason: str) -> dict[str, Any]:
    if correction.type is None:
        return {"response": correction.response, "reason": reason}
    flags = [{"flag": flag, "why": reason} for flag in correction.flags]
    question = {"type": correction.type, "subtype": correction.subtype or None, "flags": flags}
    return {"question": question, "reason": reason}
