"""What words to a child must keep in every language, also one no coder knows: short, and one question."""

from __future__ import annotations

from collections.abc import Iterator, Set

from protocols.library import Library
from protocols.model import Card

Found = tuple[str, str, str, str]
"""Which card or pack/card, in which language, what is wrong, and how to mend it."""
LONGEST = 300
"""Characters; shipped words are at most half as long."""
_QUESTION = (
    "?",
    "\N{ARABIC QUESTION MARK}",
    "\N{ARMENIAN QUESTION MARK}",
    "\N{ETHIOPIC QUESTION MARK}",
    "\N{FULLWIDTH QUESTION MARK}",
)


def check_form(library: Library, own_cards: Set[str]) -> Iterator[Found]:
    """Of all words an agency wrote to be said: own cards, words laid over, and packs."""
    for card in library.cards.values():
        for language in library.languages() if card.spoken else ():
            words = library.wording(card.id, language)
            if words.status != "missing" and (words.author or card.id in own_cards):
                yield from _found(card.id, language, words.text, card)
    for pack in library.shelf.packs.values():
        for card_id, words in pack.wording.items():
            yield from _found(f"{pack.id}/{card_id}", "en", words.text, library.cards[card_id])


def _found(where: str, language: str, text: str, card: Card) -> Iterator[Found]:
    if len(text) > LONGEST:
        yield where, language, f"longer than {LONGEST} characters", "Say less at once"
    questions = sum(text.count(mark) for mark in _QUESTION)
    if questions > int(card.asks):
        what = "more than one question" if card.asks else "a question, and the card asks for nothing"
        yield where, language, f"{what} ({language})", "Ask one thing, with a card that asks"
