"""Rules where they are sure, a classifier over meaning where they are not."""

from __future__ import annotations

from dataclasses import replace

from web.language.conversation import Conversation
from web.language.encoder import Encoder, Meaning, Vector
from web.language.model import QuestionType
from web.language.parse import Parsed
from web.language.question.classifier import Classifier
from web.language.question.decide import Reading, read

SURE = 0.8
"""Below this certainty of a rule the classifier is heard."""
OUTVOTES = 0.85
"""What the classifier must reach to turn a claim into something harmless."""
_BY_CONTEXT = {"non_question/facilitator", "non_question/summary"}
"""Echoes and summaries are what the child said before, not how they are worded."""


class QuestionCoder:
    """Layer 1 of the manual."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    @classmethod
    def load(cls, encoder: Encoder) -> QuestionCoder:
        return cls(Classifier.load(encoder))

    def read(self, conversation: Conversation, parsed: Parsed, meaning: Meaning | None) -> Reading:
        """Type and subtype of one interviewer turn, with what the flags need."""
        reading = read(conversation, parsed.doc)
        if meaning is None or reading.confidence >= SURE or reading.asks or not reading.words:
            return reading
        return self._second_opinion(reading, meaning.vector, parsed.doc.text)

    def _second_opinion(self, reading: Reading, vector: Vector, text: str) -> Reading:
        """Choose among what a turn without a request can be; context has the last word on claims."""
        shares = self._classifier.probabilities(vector, text)
        kinds = [label for label in shares if label.startswith("non_question/") and label not in _BY_CONTEXT]
        if reading.claim is not None and reading.claim.new:
            kinds.append("yes_no/declarative")
        total = sum(shares[label] for label in kinds)
        best = max(kinds, key=lambda label: shares[label])
        share = shares[best] / max(total, 1e-9)
        if reading.subtype == "summary":
            return reading
        if reading.subtype == "declarative" and share < OUTVOTES:
            return reading
        kind, subtype = best.split("/")
        frame = "confirm" if kind == "yes_no" else "statement"
        return replace(
            reading,
            type=QuestionType(kind),
            subtype=subtype,
            frame=frame,
            confidence=round(min(share, 0.8), 2),
        )
