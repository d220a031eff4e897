"""Layer 2: flags on an interviewer's turn, each with a reason a person can check."""

from __future__ import annotations

from web.language.conversation import Conversation
from web.language.encoder import Encoder, Meaning
from web.language.flags.age import age_flags
from web.language.flags.believed import believed
from web.language.flags.content import content_flags
from web.language.flags.quoting import own_words
from web.language.flags.repeat import repeat_flags
from web.language.flags.social import social_flags
from web.language.flags.topics import raised
from web.language.flags.wording import wording_flags
from web.language.learned import Listen
from web.language.model import Flag
from web.language.question.decide import Reading

__all__ = ["find_flags"]


def find_flags(
    conversation: Conversation,
    reading: Reading,
    meaning: Meaning | None,
    encoder: Encoder | None,
    listen: Listen | None = None,
) -> tuple[Flag, ...]:
    """All flags of the turn, each named once, in a fixed order; by rules alone without `listen`."""
    if not reading.words:
        return ()
    own = own_words(conversation, reading)
    found = [
        *content_flags(conversation, own, encoder),
        *social_flags(conversation, own),
        *wording_flags(conversation, own),
        *repeat_flags(conversation, reading, meaning),
        *age_flags(conversation, own),
    ]
    unique: dict[str, Flag] = {}
    for flag in found:
        unique.setdefault(flag.flag, flag)
    if listen is None:
        return tuple(unique.values())
    return tuple(believed(tuple(unique.values()), own, raised(conversation, own, listen(unique))))
