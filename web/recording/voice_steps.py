"""Steps of the transcript that are taken for all turns of a voice at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from web.interview import events
from web.store import EventKind, Interview, Sealer, TranscriptEdit
from web.store.base import new_id

OF_A_VOICE = "voice:"
"""The key of such a step begins so: what a person said of a single turn counts more."""


def take(  # noqa: PLR0917
    session: Session,
    sealer: Sealer,
    interview: Interview,
    author_id: str,
    number: int,
    kind: str,
    payload: dict[str, Any],
    key: str = "",
    why: str = "",
) -> None:
    """Write one. `payload` as in web.transcript.model.Step; `key` is what comes behind OF_A_VOICE. The caller
    holds the interview's lock."""
    row_id = new_id()
    session.add(
        TranscriptEdit(
            id=row_id,
            interview_id=interview.id,
            number=number,
            key=f"{OF_A_VOICE}{key or row_id}",
            author_id=author_id,
            kind=kind,
            sealed_payload=sealer.seal({**payload, "why": why}, f"transcript:{row_id}"),
        )
    )
    done = {"what": kind, "step": number}
    events.append(session, sealer, interview, EventKind.TRANSCRIPT, done, actor_id=author_id)
    session.flush()
