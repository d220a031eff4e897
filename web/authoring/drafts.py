"""Drafts in the database: each method one transaction, nobody's writing overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.authoring import rows
from web.authoring.errors import DraftClash, NoDraft
from web.authoring.model import Changes, Draft
from web.authoring.own_files import pack, unpack
from web.store import Database, ProtocolDraft, User, audit
from web.store.base import now

Change = Callable[[dict[str, str | None], dict[str, str]], Changes]
"""From a draft's changes and the own files in force to its new changes."""


class Drafts:
    """Callers have checked every path, text and title."""

    def __init__(self, database: Database, audit_key: bytes) -> None:
        self._database, self._audit_key = database, audit_key

    def every(self) -> list[Draft]:
        wanted = select(ProtocolDraft, User).join(User, User.id == ProtocolDraft.author_id)
        with self._database.read() as session:
            found = session.execute(wanted.order_by(ProtocolDraft.updated_at.desc())).all()
        return [_draft(row, user) for row, user in found]

    def read(self, draft_id: str) -> Draft:
        """Raises NoDraft."""
        with self._database.read() as session:
            return read(session, draft_id)

    def create(self, title: str, user: User, changes: Changes) -> Draft:
        with self._database.write() as session:
            head = rows.head(session)
            row = ProtocolDraft(
                title=title, author_id=user.id, base=head[0] if head else 0, changes=pack(changes)
            )
            session.add(row)
            session.flush()
            return _draft(row, user)

    def write(self, draft_id: str, version: int, change: Change) -> Draft:
        """What equals the files in force is no change. Raises NoDraft, DraftClash."""
        with self._database.write() as session:
            row = taken(session, draft_id, version)
            last = rows.newest(session)
            own = dict(last.own) if last else {}
            changes = change(unpack(row.changes), own)
            row.changes = pack({path: text for path, text in changes.items() if own.get(path) != text})
            row.version, row.updated_at = row.version + 1, now()
            return _draft(row, session.get_one(User, row.author_id))

    def put_on_top(self, draft_id: str, version: int, compared: int) -> Draft:
        """The draft lies over the edition that it was compared with, which may be in force no longer.

        Raises NoDraft, DraftClash.
        """
        with self._database.write() as session:
            row = taken(session, draft_id, version)
            head = rows.head(session)
            newest = head[0] if head else 0
            row.base = compared if row.base <= compared <= newest else row.base
            row.version, row.updated_at = row.version + 1, now()
            return _draft(row, session.get_one(User, row.author_id))

    def discard(self, draft_id: str, user: User, version: int) -> None:
        """Raises NoDraft, DraftClash."""
        with self._database.write() as session:
            session.delete(taken(session, draft_id, version))
            audit.append(session, self._audit_key, user.id, "draft:discard", draft_id)


def taken(session: Session, draft_id: str, version: int) -> ProtocolDraft:
    """The draft, held until the transaction ends. Raises NoDraft, DraftClash."""
    row = session.get(ProtocolDraft, draft_id, with_for_update=True)
    if row is None:
        raise NoDraft
    if row.version != version:
        raise DraftClash(read(session, draft_id))
    return row


def read(session: Session, draft_id: str) -> Draft:
    """Raises NoDraft."""
    wanted = select(ProtocolDraft, User).join(User, User.id == ProtocolDraft.author_id)
    found = session.execute(wanted.where(ProtocolDraft.id == draft_id)).first()
    if found is None:
        raise NoDraft
    return _draft(*found)


def _draft(row: ProtocolDraft, author: User) -> Draft:
    return Draft(
        id=row.id,
        title=row.title,
        author=author.full_name or author.name,
        base=row.base,
        changes=unpack(row.changes),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
