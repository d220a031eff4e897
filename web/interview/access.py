"""Who may open which interview. A record that is not yours looks like one that does not exist."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from web.interview.errors import NotFound
from web.security import Permission
from web.store import Interview, InterviewState, Role, User

READERS_OF_ALL = {
    Role.SUPERVISOR: {Permission.INTERVIEW_READ, Permission.REVIEW, Permission.TRANSCRIPT_CORRECT}
}
"""Beyond their own interviews."""


def load(session: Session, user: User, interview_id: str, permission: Permission) -> Interview:
    """The interview, if this person may do this with it. Raises NotFound otherwise."""
    interview = session.get(Interview, interview_id)
    if interview is None or not may(user, interview, permission):
        raise NotFound
    return interview


def may(user: User, interview: Interview, permission: Permission) -> bool:
    """Whether the person's relation to this interview allows it; the role itself is checked at the gate."""
    if user.role is Role.ADMINISTRATOR or interview.wrapped_key is None:
        return False
    if interview.interviewer_id == user.id:
        if permission is not Permission.REVIEW:
            return True
        if interview.state is not InterviewState.CLOSED:
            return False  # what is marked or suggested stays out of the room until the end
    return permission in READERS_OF_ALL.get(user.role, set())


def reviewable(user: User) -> ColumnElement[bool]:
    """The same of review for a query over interviews: one's own only once it is closed."""
    return or_(Interview.interviewer_id != user.id, Interview.state == InterviewState.CLOSED)
