"""Rules where they are sure, a classifier over meaning where they are not."""

from __future__ import annotations

from typing import Any

from web.language.conversation import Conversation
from web.language.encoder import Encoder
from web.language.parse import Parsed
from web.language.question.decide import Reading, read


class QuestionCoder:
    @classmethod
    def load(cls, encoder: Encoder) -> QuestionCoder:
        return cls()

    def read(self, conversation: Conversation, parsed: Parsed, vector: Any) -> Reading:
        return read(conversation, parsed.doc)
