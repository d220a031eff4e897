"""Who did what, chained, and which parts are alive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from web.store.base import ID, Base, now


class AuditEntry(Base):
    """`mac` covers this entry and the one before, with a key outside the database."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3 … without a gap
    at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[str | None] = mapped_column(ID)
    action: Mapped[str] = mapped_column(String(60))  # subject:verb, as in interview:open
    subject_id: Mapped[str | None] = mapped_column(ID)
    detail: Mapped[dict[str, Any]]
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class Heartbeat(Base):
    """The last sign of life of a process that serves the console (the worker, for one)."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]]
