"""The audit log: each entry's MAC covers the entry and the MAC before it, with a key outside the database.

Append as the last write of a transaction: on PostgreSQL the log is locked until it commits.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.store.base import now
from web.store.system import AuditEntry

KEY_NAME = "audit-key"  # for Config.secret
_GENESIS = bytes(32)
_LOCK = 7_355_608  # any number, the same for all who append


def append(  # noqa: PLR0917 - the columns of an entry, in their order
    session: Session,
    key: bytes,
    actor_id: str | None,
    action: str,
    subject_id: str | None,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Adds an entry to this transaction. `actor_id` None: the machine or somebody unknown. `action`:
    subject:verb. `detail`: small, JSON, never content of an interview. Needs `Database.write()`."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = session.scalar(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    entry = AuditEntry(
        id=last.id + 1 if last else 1,
        at=now(),
        actor_id=actor_id,
        action=action,
        subject_id=subject_id,
        detail=json.loads(json.dumps(detail or {})),
    )
    entry.mac = _mac(key, last.mac if last else _GENESIS, entry)
    session.add(entry)
    session.flush()
    return entry


def verify(session: Session, key: bytes) -> int | None:
    """The number of the first entry that was altered, moved or is missing; None when all are as written.
    Entries cut off at the end leave no trace here: compare the last number with a checkpoint."""
    expected, before = 1, _GENESIS
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)):
        if entry.id != expected or not hmac.compare_digest(entry.mac, _mac(key, before, entry)):
            return expected
        expected, before = expected + 1, entry.mac
    return None


def _mac(key: bytes, before: bytes, entry: AuditEntry) -> bytes:
    content = json.dumps(
        [entry.id, _instant(entry.at), entry.actor_id, entry.action, entry.subject_id, entry.detail],
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.digest(key, before + content.encode(), hashlib.sha256)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
