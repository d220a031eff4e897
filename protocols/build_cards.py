"""Builds cards and the words in their own files from `cards/*.yml` and `flows/*/cards.yml`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from protocols.files import Files, is_own, load_checked, matching
from protocols.model import MAX_AGE, Card, Wording
from protocols.strict_yaml import Document
from protocols.vocabulary import Vocabulary

_SLOT = re.compile(r"\{([^{}]*)\}")
_CITED = re.compile(r"\[(S:\d+|Seed)\]")


@dataclass
class Deck:
    """All cards of the library, their words, and which file each came from."""

    cards: dict[str, Card] = field(default_factory=dict)
    wording: dict[tuple[str, str], Wording] = field(default_factory=dict)
    origin: dict[str, str] = field(default_factory=dict)


def load_deck(files: Files, vocabulary: Vocabulary) -> Deck:
    """Read all cards with the words in their files. Raises ProtocolError."""
    deck = Deck()
    names = [*matching(files, "cards/*.yml"), *matching(files, "flows/*/cards.yml")]
    for name in sorted(names, key=is_own):
        document = load_checked(files, name, "card_file")
        for card_id, raw in document.data["cards"].items():
            _add(deck, document, vocabulary, card_id, raw)
    return deck


def _add(deck: Deck, document: Document, vocabulary: Vocabulary, card_id: str, raw: dict[str, Any]) -> None:
    place = ("cards", card_id)
    if card_id in deck.cards:
        raise document.error(
            place, f"a card '{card_id}' is already in {deck.origin[card_id]}", "Give one of them another id"
        )
    _check_facts(document, vocabulary, place, raw)
    for language, raw_words in raw["wording"].items():
        words = words_of(raw_words, language)
        if words.status == "validated" and is_own(document.file):
            raise document.error(
                (*place, "wording", language),
                "nobody is named who validated these words",
                f"Put them into wording/own_{language}.yml, which names somebody",
            )
        deck.wording[card_id, language] = words
    text = deck.wording[card_id, "en"].text
    deck.origin[card_id] = document.file
    deck.cards[card_id] = Card(
        id=card_id,
        phase=raw["phase"],
        says=raw["says"],
        spoken=raw["spoken"],
        why=raw["why"],
        source=raw["source"],
        verified=raw["verified"],
        age_min=raw.get("age_min", 0),
        age_max=raw.get("age_max", MAX_AGE),
        support=raw.get("support"),
        enabled=raw.get("enabled", True),
        slots=slots_in(document, vocabulary, (*place, "wording", "en"), text),
        then=raw.get("then"),
        needs=raw.get("needs"),
        rung=raw.get("rung"),
    )


def check_source(
    document: Document, vocabulary: Vocabulary, place: tuple[str | int, ...], raw: dict[str, Any]
) -> None:
    """The marks in `source` are known, and nothing is `verified` without one. Raises ProtocolError."""
    cited = _CITED.findall(raw["source"])
    for mark in cited:
        if mark not in vocabulary.sources:
            raise document.error(
                (*place, "source"), f"the source [{mark}] is not known", "Add it to sources.yml"
            )
    if raw["verified"] and not cited:
        raise document.error(
            (*place, "verified"),
            "this is verified only by a cited source",
            "Cite it as [S:n] or [Seed], or write 'verified: false'",
        )


def _check_facts(
    document: Document, vocabulary: Vocabulary, place: tuple[str, ...], raw: dict[str, Any]
) -> None:
    check_source(document, vocabulary, place, raw)
    if raw.get("needs") and raw["needs"] not in vocabulary.conditions:
        raise document.error(
            (*place, "needs"), f"the condition '{raw['needs']}' is not known", "Add it to vocabulary.yml"
        )
    if raw.get("support") and raw["support"] not in vocabulary.support:
        raise document.error(
            (*place, "support"), f"the support '{raw['support']}' is not known", "Add it to vocabulary.yml"
        )
    if raw.get("age_min", 0) > raw.get("age_max", MAX_AGE):
        raise document.error((*place, "age_min"), "age_min is above age_max", "Swap them")


def words_of(words: str | dict[str, str], language: str) -> Wording:
    """Words as they stand in a file; other languages than English are drafts unless they say more."""
    if isinstance(words, str):
        return Wording(words, language=language, status="ready" if language == "en" else "draft")
    return Wording(
        words["text"],
        words.get("note", ""),
        words.get("status", "ready" if language == "en" else "draft"),
        language,
    )


def slots_in(
    document: Document, vocabulary: Vocabulary, place: tuple[str, ...], text: str
) -> tuple[str, ...]:
    """The slots in a text, each once. Raises ProtocolError for one that vocabulary.yml does not have."""
    names = tuple(dict.fromkeys(_SLOT.findall(text)))
    for name in names:
        if name not in vocabulary.slots:
            raise document.error(place, f"the slot '{{{name}}}' is not known", "Use one of vocabulary.yml")
    return names
