"""What the words of every card must keep: they ask as the card says, and an agency's own raise no flag.

The flags of shipped words were looked at one by one. Some stay: a step towards what happened cannot be named
without naming it, which is why it is a rung or locked. Whoever writes own words has them proved by the coder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from protocols.check_packs import YOUNGEST, Coded, check_coded
from protocols.library import Library
from protocols.locked_words import lock_of
from protocols.model import Card

Found = tuple[str, str, str]
Known = tuple[str, str, str, bool]
"""A text, what it asks, and the lock before it: the same words without their lock are others."""


def proved_words(library: Library) -> frozenset[Known]:
    """The English words of all cards that are said."""
    spoken = (card for card in library.cards.values() if card.spoken)
    return frozenset(_key(library, card) for card in spoken)


def _key(library: Library, card: Card) -> Known:
    return library.wording(card.id).text, card.says, lock_of(card), card.enabled


def check_words(
    library: Library, code: Callable[[str, int | None], Coded], own_cards: Set[str], proved: Set[Known]
) -> Iterator[Found]:
    """Which card, what and how to mend, for all spoken cards whose words are not `proved`."""
    for card in library.cards.values():
        if not card.spoken or _key(library, card) in proved:
            continue
        words = library.wording(card.id)
        if words.author or card.id in own_cards:
            got = code(words.text, _youngest(library, card))
            yield from check_coded(card.id, words.text, card, got)
            continue
        got = code(words.text, None)
        if got.type != card.says:
            what = f"'{words.text}' codes as {got.type}, not as {card.says}"
            yield card.id, what, "Change the wording, or what the card says"


def _youngest(library: Library, card: Card) -> int:
    """The youngest child that may hear it."""
    flows = [flow.ages[0] for flow in library.flows.values() if card.id in flow.cards]
    return max(card.age_min, min(flows, default=YOUNGEST), YOUNGEST)
