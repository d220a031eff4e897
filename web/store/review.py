"""Machine suggestions and what people decided about them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from web.store.base import ID, Base, new_id, now
from web.store.people import text_enum


class Decision(StrEnum):
    ADOPT = "adopt"
    EDIT = "edit"
    REJECT = "reject"


class Tag(Base):
    """A passage marked for human reading. `axes` holds polarity, reality, experiencer, time, role,
    elicitation and distance; quote and reason are sealed."""

    __tablename__ = "tag"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"), index=True)
    turn_id: Mapped[str] = mapped_column(ForeignKey("turn.id"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))  # None: the machine
    at: Mapped[datetime] = mapped_column(default=now)
    tag: Mapped[str] = mapped_column(String(20))
    start: Mapped[int]
    end: Mapped[int]
    translation_id: Mapped[str | None] = mapped_column(ID)  # found in a machine's words
    urgency: Mapped[int]
    confidence: Mapped[float]
    axes: Mapped[dict[str, Any]]
    sealed_why: Mapped[bytes] = mapped_column(LargeBinary)  # {"quote", "why"}


class TagDecision(Base):
    """A layer on a tag; the newest counts, the older ones stay."""

    __tablename__ = "tag_decision"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    tag_id: Mapped[str] = mapped_column(ForeignKey("tag.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    decision: Mapped[Decision] = mapped_column(text_enum(Decision))
    sealed_detail: Mapped[bytes] = mapped_column(LargeBinary)  # {"reason", "changes"}
