"""Which words of an interviewer's turn are the child's: they can put nothing new to it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.model import Speaker, Turn
from web.language.newcontent import known, licences
from web.language.parse import lemmas
from web.language.question.heard import MAX_TEXT
from web.language.question.words import Word, plain_words

UNSAID = ("new_info", "new_topic", "misquote")
"""Flags for words that the child has not said: those it has said speak for none of them."""
MANY = 10
"""Words of weight from which a turn is long."""


def said_before(conversation: Conversation, words: Sequence[Word]) -> list[tuple[int, int]]:
    """Start and end, in characters, of each word that the child has said in any form or agreed to."""
    return [(word.start, word.end) for word in words if known(conversation, word.text, licences(word.text))]


def shared(conversation: Conversation, turn: Turn, doc: Doc) -> tuple[float, float, float]:
    """What the turn has in common with what was said: three numbers from 0 to 1.

    Of its words of weight, the share that the other speaker has said before, and the share in that speaker's
    last turn: an echo adds nothing, a claim does. The third grows with their number up to MANY.
    """
    words = [token.text for token in doc if token.is_alpha and not token.is_stop]
    if not words:
        return 0.0, 0.0, 0.0
    asked = turn.speaker is Speaker.INTERVIEWER
    last = conversation.last(turn.speaker.across)
    just = (
        {form for word in plain_words(last.turn.text[:MAX_TEXT]) for form in lemmas(word)} if last else set()
    )
    ever = conversation.accepted_by_child if asked else conversation.said_by_interviewer
    return (
        sum(map(ever, words)) / len(words),
        sum(not just.isdisjoint(lemmas(word)) for word in words) / len(words),
        min(len(words) / MANY, 1.0),
    )


def covered(spans: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]) -> list[bool]:
    """For each word piece, given by its characters: is it within one of the spans?"""
    inside = {place for start, end in spans for place in range(start, end)}
    return [end > start and start in inside for start, end in offsets]
