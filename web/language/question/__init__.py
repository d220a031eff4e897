"""Layer 1: what type of question an interviewer's turn is."""

from __future__ import annotations

from web.language.question.decide import Reading, read
from web.language.question.hybrid import decide, label, turned

__all__ = ["Reading", "decide", "label", "read", "turned"]
