"""Lays the words of `wording/LANG.yml` over the cards, and over these an agency's `wording/own_LANG.yml`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from protocols.build_cards import Deck, slots_in, words_of
from protocols.files import Files, is_own, load_checked, matching, stem
from protocols.model import Card, Wording
from protocols.strict_yaml import Document, Path_
from protocols.vocabulary import Vocabulary

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def load_wording(files: Files, deck: Deck, vocabulary: Vocabulary) -> None:
    """Read all wording packs into `deck`, own ones last. Raises ProtocolError."""
    names = matching(files, "wording/*.yml")
    for name in names:
        if not is_own(name):
            _lay(deck, vocabulary, load_checked(files, name, "pack"))
    for name in names:
        if is_own(name):
            _lay_own(deck, vocabulary, load_checked(files, name, "own_pack"))


def _lay(deck: Deck, vocabulary: Vocabulary, document: Document) -> None:
    language, status = document.data["language"], document.data["status"]
    for card_id, raw in document.data["wording"].items():
        words = words_of(raw, language)
        _fits(deck, vocabulary, document, card_id, words.text)
        deck.wording[card_id, language] = replace(words, status=status)


def _lay_own(deck: Deck, vocabulary: Vocabulary, document: Document) -> None:
    language, status = document.data["language"], document.data["status"]
    if document.file != f"wording/own_{language}.yml":
        name = stem(document.file).removeprefix("own_")
        raise document.error(
            ("language",), f"the language is '{language}', the file is for '{name}'", "Make them equal"
        )
    by, on = _validated(document)
    for card_id, raw in document.data["wording"].items():
        place = ("wording", card_id)
        own = {"text": raw} if isinstance(raw, str) else raw
        _fits(deck, vocabulary, document, card_id, own["text"])
        if language == "en":
            not_locked(document, place, deck.cards[card_id])
        no_slots(document, (*place, "note"), own.get("note", ""))
        below = deck.wording.get((card_id, language)) or deck.wording[card_id, "en"]
        deck.wording[card_id, language] = Wording(
            own["text"],
            own.get("note", below.note),
            status,
            language,
            document.data["author"],
            document.data["version"],
            by,
            on,
        )


def _fits(deck: Deck, vocabulary: Vocabulary, document: Document, card_id: str, text: str) -> None:
    place = ("wording", card_id)
    if card_id not in deck.cards:
        raise document.error(place, f"there is no card '{card_id}'", "Correct the id or remove the entry")
    if set(slots_in(document, vocabulary, place, text)) != set(deck.cards[card_id].slots):
        raise document.error(
            place, f"the slots of '{card_id}' differ from the English ones", "Use the same {slots}"
        )


def _validated(document: Document) -> tuple[str, str]:
    told: dict[str, Any] | None = document.data.get("validated")
    if (document.data["status"] == "validated") != (told is not None):
        raise document.error(
            ("validated",) if told else ("status",),
            "words are validated by somebody on a day, or they are a draft",
            "Write 'status: validated' and 'validated: {by: …, on: …}', or 'status: draft' alone",
        )
    if told is None:
        return "", ""
    if not _DAY.fullmatch(told["on"]) or not _is_day(told["on"]):
        raise document.error(
            ("validated", "on"), f"'{told['on'][:20]}' is no day", "Write it as year-month-day: 2026-01-31"
        )
    return told["by"], told["on"]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def not_locked(document: Document, place: Path_, card: Card) -> None:
    """English words are replaced only where nobody has to decide first. Raises ProtocolError."""
    if card.needs or not card.enabled:
        raise document.error(
            place, f"'{card.id}' is locked or switched off, its words stay as they are", "Remove the entry"
        )


def no_slots(document: Document, place: Path_, text: str) -> None:
    """Braces have no place in what nobody fills, such as notes and advice. Raises ProtocolError."""
    if "{" in text or "}" in text:
        raise document.error(
            place, "there are braces in a text whose slots nobody fills", "Write it without { and }"
        )
