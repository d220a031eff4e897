"""The end of an interview: what is owed to the child comes first, or the reason why not is written down."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from protocols.model import Flow
from web.interview import events
from web.interview.errors import Conflict, KeyReused
from web.interview.guidance import Setting, title
from web.store import EventKind, Interview, InterviewState, Sealer
from web.store.base import now


class ClosingOwed(Conflict):
    """Closing steps are missing and no reason was given; `missing` names them."""

    def __init__(self, missing: list[dict[str, str]]) -> None:
        names = ", ".join(phase["title"] for phase in missing)
        super().__init__(
            f"Not done yet: {names}. Do it now, or close with a reason that is kept in the record.",
            missing=missing,
        )


def owed(flow: Flow, setting: Setting, told: dict[str, Any] | None) -> list[dict[str, str]]:
    """Phases that the child is still owed, as the interviewer was last shown."""
    if told is not None:
        return [] if told["can_end"] else list(told["missing"])
    return [{"id": phase.id, "title": title(setting, phase.id)} for phase in flow.phases if phase.owed]


def close(
    session: Session,
    sealer: Sealer,
    interview: Interview,
    actor_id: str | None,
    *,
    key: str,
    reason: str,
    missing: list[dict[str, str]],
) -> None:
    """Close, once. The caller holds the lock. Raises ClosingOwed, KeyReused, Conflict."""
    payload: dict[str, Any] = {"state": InterviewState.CLOSED.value}
    if reason:
        payload["reason"] = reason
    if missing:
        payload["missing"] = [phase["id"] for phase in missing]
    before = events.by_key(session, interview.id, key)
    if before is not None:
        known = events.opened(sealer, before)
        if before.kind is not EventKind.STATE or known.get("reason", "") != reason:
            raise KeyReused
        return
    if interview.state is InterviewState.CLOSED:
        raise Conflict("This interview is closed already.", state=interview.state.value)
    if missing and not reason and interview.state is not InterviewState.PLANNED:
        raise ClosingOwed(missing)
    interview.state, interview.ended_at = InterviewState.CLOSED, now()
    details = sealer.open(interview.sealed_details, f"details:{interview.id}") | {"end_reason": reason}
    interview.sealed_details = sealer.seal(details, f"details:{interview.id}")
    events.append(session, sealer, interview, EventKind.STATE, payload, key=key, actor_id=actor_id)
