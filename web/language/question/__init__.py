"""Layer 1: what type of question an interviewer's turn is."""

from __future__ import annotations

from web.language.question.decide import Reading, read
from web.language.question.hybrid import read_question

__all__ = ["Reading", "read", "read_question"]
