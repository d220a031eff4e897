"""Reading and writing the rows of editions, in a transaction of the caller's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.authoring.own_files import pack, unpack_own
from web.store import Edition

_LOCK = 7_355_610


@dataclass(frozen=True)
class Newest:
    """The edition published last. `shipped` is the digest of the shipped files in it."""

    number: int
    digest: str
    shipped: str
    own: Mapping[str, str]


def head(session: Session) -> tuple[int, str] | None:
    """Number and digest of the newest edition, without its files; None where there is none."""
    wanted = select(Edition.number, Edition.digest).order_by(Edition.number.desc()).limit(1)
    row = session.execute(wanted).first()
    return (row.number, row.digest) if row else None


def newest(session: Session) -> Newest | None:
    row = session.scalar(select(Edition).order_by(Edition.number.desc()).limit(1))
    return Newest(row.number, row.digest, row.shipped, unpack_own(row.own)) if row else None


def by_digest(session: Session, digest: str) -> Newest | None:
    row = session.scalar(select(Edition).where(Edition.digest == digest).limit(1))
    return Newest(row.number, row.digest, row.shipped, unpack_own(row.own)) if row else None


def add(  # noqa: PLR0917
    session: Session, after: int, digest: str, shipped: str, own: Mapping[str, str], note: str, by: str | None
) -> int | None:
    """Add the edition that follows the one numbered `after`; None where another one has come meanwhile."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    last = session.scalar(select(func.max(Edition.number))) or 0
    if last != after:
        return None
    session.add(
        Edition(number=last + 1, digest=digest, shipped=shipped, own=pack(dict(own)), author_id=by, note=note)
    )
    session.flush()
    return last + 1
