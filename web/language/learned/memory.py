"""What the last turn of each speaker leaves behind for the turns after it, kept in the conversation."""

from __future__ import annotations

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.learned.felt import Felt
from web.language.learned.said import shared
from web.language.learned.sense import Before
from web.language.model import Speaker, Turn

_NOTES = "web.language.learned.memory"


def before(conversation: Conversation, turn: Turn, doc: Doc) -> Before:
    """For a turn that has not been absorbed yet."""
    last: dict[Speaker, Felt] = conversation.notes.get(_NOTES, {})
    other, own = last.get(turn.speaker.across), last.get(turn.speaker)
    return Before(
        other.to_other if other else None, own.to_own if own else None, shared(conversation, turn, doc)
    )


def remember(conversation: Conversation, speaker: Speaker, felt: Felt) -> None:
    """Only the last turn of each speaker is kept."""
    conversation.notes.setdefault(_NOTES, {})[speaker] = felt
