"""What an agency made of the protocols: editions in force one after the other, and drafts not yet in force.

Blobs hold JSON of path -> text, packed (see web/authoring/own_files.py). Nothing in them is about a child.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from web.store.base import ID, Base, new_id, now


class Edition(Base):
    """Shipped files and the agency's own, complete and for ever. `own` holds the agency's alone; `shipped` is
    the digest of those they lie over, `digest` that of both together."""

    __tablename__ = "edition"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # 1, 2, 3 … without a gap
    digest: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[str] = mapped_column(String(64))
    own: Mapped[bytes] = mapped_column(LargeBinary)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"))  # None: made at the terminal
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class ProtocolDraft(Base):
    """Changes to own files that are being written. `base` is the edition they were begun on, 0 for none; a
    change to None removes the file; `version` counts the writings."""

    __tablename__ = "protocol_draft"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(120))
    author_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    base: Mapped[int]
    changes: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
