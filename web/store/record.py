"""One interview and everything said in it.

Columns named `sealed_…` hold JSON encrypted with the interview's own key (see vault.py): a copy of the
database shows who met when, and nothing that was said.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.store.base import ID, Base, new_id, now
from web.store.people import text_enum


class InterviewState(StrEnum):
    PLANNED = "planned"
    LIVE = "live"
    BREAK = "break"
    CLOSED = "closed"


class Interview(Base):
    __tablename__ = "interview"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    case_code: Mapped[str] = mapped_column(String(40), index=True)  # pseudonymous
    interviewer_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    protocol: Mapped[str] = mapped_column(String(60))
    protocol_hash: Mapped[str] = mapped_column(String(64))
    edition: Mapped[str | None] = mapped_column(String(64))  # the library it keeps; None: older than editions
    child_age: Mapped[int]
    interviewer_language: Mapped[str] = mapped_column(String(12))
    child_language: Mapped[str] = mapped_column(String(12))
    state: Mapped[InterviewState] = mapped_column(text_enum(InterviewState), default=InterviewState.PLANNED)
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    next_seq: Mapped[int] = mapped_column(default=1)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)  # None: erased
    # {"persons_present", "own_words", "information_given", "assent", "preparation", "facts", "end_reason"}
    sealed_details: Mapped[bytes] = mapped_column(LargeBinary)


class EventKind(StrEnum):
    STATE = "state"  # started, paused, resumed, closed
    TURN = "turn"
    CODING = "coding"
    TAGS = "tags"
    GUIDANCE = "guidance"  # cards and nudge as shown
    ACTION = (
        "action"  # what the interviewer pressed: took a card, asked for a break, chose a step, used a cue …
    )
    TRANSLATION = "translation"
    ENGINE = "engine"  # a machine part came or went, as the interviewer was told
    AUDIO = "audio"
    REVIEW = "review"  # a person corrected or decided something
    INTERPRETER = "interpreter"  # who interprets, what was agreed, an objection, a replacement
    TRANSCRIPT = "transcript"  # a person corrected or certified the transcript


class Event(Base):
    """The one running order of an interview. Nothing is shown that is not first a row here."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("interview_id", "seq"), UniqueConstraint("interview_id", "key"))

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"))
    seq: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(text_enum(EventKind))
    key: Mapped[str | None] = mapped_column(String(80))  # the client's idempotency key
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))  # None: the machine
    at: Mapped[datetime] = mapped_column(default=now)
    sealed_payload: Mapped[bytes] = mapped_column(LargeBinary)


WRITTEN = "written"
"""Source of a turn that somebody who listened wrote where the machine heard no words. Its number is the next
one, however early it was said; the guide never heard of it."""


class Turn(Base):
    __tablename__ = "turn"
    __table_args__ = (UniqueConstraint("interview_id", "number"), UniqueConstraint("interview_id", "seq"))

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"))
    seq: Mapped[int]  # of its event
    number: Mapped[int]  # 1, 2, 3 … as people count turns
    speaker: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(8))  # typed, speech, import, WRITTEN
    started_ms: Mapped[int | None]  # since the start of the interview
    ended_ms: Mapped[int | None]
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_words: Mapped[bytes | None] = mapped_column(
        LargeBinary
    )  # [{"text", "start_ms", "end_ms", "probability"}]
    coded: Mapped[bool] = mapped_column(default=False)


class Coding(Base):
    """Layer 0 is the machine's; each later layer is a person's, with a reason. Nothing is overwritten."""

    __tablename__ = "coding"
    __table_args__ = (UniqueConstraint("turn_id", "layer"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"), index=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id"))
    layer: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    model: Mapped[str | None] = mapped_column(String(80))
    translation_id: Mapped[str | None] = mapped_column(ID)  # coded on a machine's words
    type: Mapped[str | None] = mapped_column(String(20))
    subtype: Mapped[str | None] = mapped_column(String(20))
    response: Mapped[str | None] = mapped_column(String(20))
    sealed_detail: Mapped[bytes] = mapped_column(LargeBinary)  # the whole coding as JSON, with reasons


class Translation(Base):
    __tablename__ = "translation"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"), index=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id"), index=True)
    language: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(default=now)
    route: Mapped[list[Any]]
    packages: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)


class DialogueLabel(Base):
    """What the dialogue engine was told, in order: codes only, so that its state can be rebuilt."""

    __tablename__ = "dialogue_label"
    __table_args__ = (UniqueConstraint("interview_id", "number"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"))
    number: Mapped[int]  # 1, 2, 3 …
    label: Mapped[dict[str, Any]]
