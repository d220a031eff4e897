"""Words that a shipped card keeps behind a lock or on a rung are not said from a card without it."""

from __future__ import annotations

from collections.abc import Iterator, Set

from protocols.check_packs import Found
from protocols.files import is_own, load_checked, matching
from protocols.library import Library
from protocols.model import Card


def locked_words(library: Library, own_cards: Set[str]) -> Iterator[Found]:
    """Which own words, in a card, laid over one, or in a pack as pack/card, are those of a locked card."""
    locks = _locks(library)
    for card in library.cards.values():
        words = library.wording(card.id)
        if card.spoken and (words.author or card.id in own_cards):
            yield from _found(card.id, words.text, card, locks)
    for pack in library.shelf.packs.values():
        for card_id, words in pack.wording.items():
            yield from _found(f"{pack.id}/{card_id}", words.text, library.cards[card_id], locks)


def lock_of(card: Card) -> str:
    """What must be observed first, else whether it is a rung; '' for a card that may be said at once."""
    return card.needs or ("rung" if card.rung is not None else "")


def _found(where: str, text: str, card: Card, locks: dict[str, set[str]]) -> Iterator[Found]:
    known = locks.get(_plain(text), set())
    if known and lock_of(card) not in known:
        yield where, f"'{text}' stands behind a lock or on a rung in a shipped protocol", "Use that card"


def _locks(library: Library) -> dict[str, set[str]]:
    """As they are in the shipped files: an agency may have laid other words over them."""
    found: dict[str, set[str]] = {}
    for pattern in ("cards/*.yml", "flows/*/cards.yml"):
        for name in matching(library.files, pattern):
            if not is_own(name):
                for card_id, raw in load_checked(library.files, name, "card_file").data["cards"].items():
                    words = raw["wording"]["en"]
                    text = words if isinstance(words, str) else words["text"]
                    found.setdefault(_plain(text), set()).add(lock_of(library.cards[card_id]))
    return {text: locks for text, locks in found.items() if "" not in locks}


def _plain(text: str) -> str:
    """Letters and slots alone: a comma more makes no other words."""
    return "".join(char for char in text.casefold() if char.isalnum() or char in "{}")
