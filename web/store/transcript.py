"""What people did to a transcript: layers over the turns, which are never altered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.store.base import ID, Base, new_id, now


class TranscriptEdit(Base):
    """One step of one person: the transcript is the turns with every step applied in order of `number`.

    `kind` is text, speaker, split, merge or undo; what was changed, and why, is sealed.
    """

    __tablename__ = "transcript_edit"
    __table_args__ = (UniqueConstraint("interview_id", "number"), UniqueConstraint("interview_id", "key"))

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"))
    number: Mapped[int]  # 1, 2, 3 …
    key: Mapped[str] = mapped_column(String(80))  # the client's idempotency key
    author_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str] = mapped_column(String(12))
    sealed_payload: Mapped[bytes] = mapped_column(LargeBinary)


class Certification(Base):
    """A person says that the transcript, as it stood after so many edits, is what the recording holds."""

    __tablename__ = "certification"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    edits: Mapped[int]
    turns: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))  # of the transcript as canonical JSON
    sealed_statement: Mapped[bytes] = mapped_column(LargeBinary)


class InterpreterNote(Base):
    """What is on record about the interpreters of one interview, in order; nothing is overwritten.

    `kind` is present, briefing, objection, replaced or debriefing; names and answers are sealed.
    """

    __tablename__ = "interpreter_note"
    __table_args__ = (UniqueConstraint("interview_id", "number"), UniqueConstraint("interview_id", "key"))

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    author_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str] = mapped_column(String(12))
    sealed_payload: Mapped[bytes] = mapped_column(LargeBinary)
