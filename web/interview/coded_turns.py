"""Reads an interview's turns as they stand: the machine's coding, or a person's correction over it."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from protocols.model import Flow
from web.interview import events
from web.interview.summary import CodedTurn
from web.store import WRITTEN, Coding, EventKind, Interview, Sealer, Turn
from web.transcript import layers, uncertain
from web.transcript.order import as_said

PAGE = 500


def read(session: Session, sealer: Sealer, interview: Interview, flow: Flow) -> list[CodedTurn]:
    """All turns that were heard, in order, each with the part of the protocol it was said in."""
    codings = {
        row.turn_id: row
        for row in session.scalars(
            select(Coding).where(Coding.interview_id == interview.id).order_by(Coding.layer)
        )
    }
    stages = _Stages(session, sealer, interview, flow)
    heard = select(Turn).where(Turn.interview_id == interview.id, Turn.source != WRITTEN)
    rows = as_said(session.scalars(heard.order_by(Turn.number)))
    unsure = uncertain.turns(session, sealer, interview)
    now = layers.parts(session, sealer, interview)
    return [
        _coded(
            sealer, row, codings.get(row.id), stages.at(row.seq), (now.get(row.number), row.number in unsure)
        )
        for row in rows
        if now.get(row.number) != ()  # all its words were deleted, or stand in another turn by now
    ]


def _coded(
    sealer: Sealer, row: Turn, coding: Coding | None, stage: str, known: tuple[layers.Parts | None, bool]
) -> CodedTurn:
    """`known`: what is left of it by now, where it was corrected, and whether it is uncertain who says it."""
    parts, unsure = known
    said = (row.speaker, str(sealer.open(row.sealed_text, f"turn:{row.id}")))
    speaker, text = layers.chief(parts) if parts else said
    if speaker != row.speaker and coding is not None and not layers.fits(speaker, coding):
        coding = None  # made of it as somebody else's
    detail: dict[str, Any] = sealer.open(coding.sealed_detail, f"coding:{coding.id}") if coding else {}
    flags = (detail.get("question") or {}).get("flags") or ()
    return CodedTurn(
        number=row.number,
        speaker=speaker,
        stage=stage,
        type=coding.type if coding else None,
        flags=tuple((flag["flag"], flag.get("why", "")) for flag in flags),
        response=coding.response if coding else None,
        words=len(text.split()),
        translated=coding is not None and coding.translation_id is not None,
        unsure=unsure,
    )


class _Stages:
    """Which part of the protocol was shown when a turn was said."""

    def __init__(self, session: Session, sealer: Sealer, interview: Interview, flow: Flow) -> None:
        self._seqs: list[int] = []
        self._stages: list[str] = []
        self._first = stage = flow.phases[0].stage
        stages = {phase.id: phase.stage for phase in flow.phases}
        after = 0
        while page := events.after(
            session, sealer, interview.id, after, kinds=(EventKind.GUIDANCE,), limit=PAGE
        ):
            for event in page:
                self._seqs.append(event.seq)
                stage = stages.get(event.payload["phase"], stage)  # unknown where the edition was lost
                self._stages.append(stage)
            after = page[-1].seq

    def at(self, seq: int) -> str:
        index = bisect_left(self._seqs, seq)
        return self._stages[index - 1] if index else self._first
