"""The rows of what the machine found in a turn, whether it listened live or looks again later.

`translation_id`: it read a machine's words, and places are places in these. `edits`: it read the words as
corrected by so many steps, and places are places in these.
"""

from __future__ import annotations

from typing import Any

from web.language.model import Coding, Indicator
from web.store import Coding as CodingRow
from web.store import Sealer, Tag, Turn
from web.store.base import new_id

MODEL = "tellmore-coder-1"
AXES = ("polarity", "reality", "experiencer", "time", "role", "elicitation", "distance")


def coding_row(  # noqa: PLR0913 - what a layer rests on
    sealer: Sealer,
    turn: Turn,
    coding: Coding,
    *,
    layer: int = 0,
    translation_id: str | None = None,
    edits: int | None = None,
) -> CodingRow:
    """A layer of the machine's own."""
    row_id, question = new_id(), coding.question
    return CodingRow(
        id=row_id,
        interview_id=turn.interview_id,
        turn_id=turn.id,
        layer=layer,
        model=MODEL,
        translation_id=translation_id,
        type=question.type.value if question else None,
        subtype=question.subtype if question else None,
        response=coding.response.value if coding.response else None,
        sealed_detail=sealer.seal(_on(coding.as_dict(), edits), f"coding:{row_id}"),
    )


def tag_row(
    sealer: Sealer,
    turn: Turn,
    found: Indicator,
    *,
    translation_id: str | None = None,
    edits: int | None = None,
) -> Tag:
    """A passage that is suggested for human reading."""
    row_id = new_id()
    return Tag(
        id=row_id,
        interview_id=turn.interview_id,
        turn_id=turn.id,
        translation_id=translation_id,
        tag=found.tag,
        start=found.start,
        end=found.end,
        urgency=found.urgency,
        confidence=found.confidence,
        axes={axis: getattr(found, axis) for axis in AXES},
        sealed_why=sealer.seal(_on({"quote": found.quote, "why": found.why}, edits), f"tag:{row_id}"),
    )


def _on(detail: dict[str, Any], edits: int | None) -> dict[str, Any]:
    return detail if edits is None else {**detail, "edits": edits}
