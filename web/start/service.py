"""What is mine and due: interviews planned or under way, and those closed within the last day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import case, or_, select
from sqlalchemy.orm import Session

from web.store import Interview, InterviewState, User
from web.store.base import now

MOST = 50
LOOK_BACK = timedelta(days=1)
_ORDER = case(
    (Interview.state.in_([InterviewState.LIVE, InterviewState.BREAK]), 0),
    (Interview.state == InterviewState.PLANNED, 1),
    else_=2,
)


def due(session: Session, user: User) -> list[Interview]:
    """Under way first, then planned, then just closed; the newest of each first. Erased ones are gone."""
    return list(
        session.scalars(
            select(Interview)
            .where(
                Interview.interviewer_id == user.id,
                Interview.wrapped_key.is_not(None),
                or_(Interview.state != InterviewState.CLOSED, Interview.ended_at > now() - LOOK_BACK),
            )
            .order_by(_ORDER, Interview.created_at.desc())
            .limit(MOST)
        )
    )
