"""Builds packs from `packs/*.yml` and `packs.yml`, which names their order and the moments of the phases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from protocols.build_cards import Deck, check_source, slots_in
from protocols.build_wording import no_slots, not_locked
from protocols.files import Files, is_own, load_checked, matching, stem
from protocols.model import Card, Wording
from protocols.packs import KINDS, Advice, Pack, Shelf
from protocols.strict_yaml import Document
from protocols.vocabulary import Vocabulary

AGES = range(3, 18)


def load_packs(files: Files, deck: Deck, vocabulary: Vocabulary) -> Shelf:
    """Read all packs in their order. Raises ProtocolError."""
    order = load_checked(files, "packs.yml", "pack_order")
    packs: dict[str, Pack] = {}
    for index, name in enumerate(order.data["order"]):
        place = ("order", index)
        if name in packs:
            raise order.error(place, f"the pack '{name}' is here twice", "Remove one")
        path = f"packs/{name}.yml"
        if path not in files:
            raise order.error(place, f"there is no file {path}", "Write it, or remove the name")
        packs[name] = _pack(load_checked(files, path, "child_pack"), name, deck, vocabulary)
    _all_named(files, order, packs)
    _kinds_in_order(order, packs)
    _every_age_once(order, packs)
    packs = _with_own(packs, _own_packs(files, deck, vocabulary))
    phases = {phase: None if at == "none" else at for phase, at in order.data["phases"].items()}
    return Shelf(packs, phases, _hash({**order.data, "order": list(packs)}))


def _own_packs(files: Files, deck: Deck, vocabulary: Vocabulary) -> Iterator[Pack]:
    for path in filter(is_own, matching(files, "packs/*.yml")):
        document = load_checked(files, path, "child_pack")
        pack = _pack(document, stem(path), deck, vocabulary)
        if pack.kind == "age":
            raise document.error(
                ("pack", "kind"),
                "every age has its pack, there is no room for another",
                "Change the pack of that age, or choose another kind",
            )
        yield pack


def _with_own(packs: dict[str, Pack], own: Iterable[Pack]) -> dict[str, Pack]:
    """Own packs come after the shipped ones of their kind."""
    together = sorted((*packs.values(), *own), key=lambda pack: KINDS.index(pack.kind))
    return {pack.id: pack for pack in together}


def _hash(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def _pack(document: Document, name: str, deck: Deck, vocabulary: Vocabulary) -> Pack:
    head = document.data["pack"]
    if head["id"] != name:
        raise document.error(
            ("pack", "id"), f"the id is '{head['id']}', the file '{name}'", "Make them equal"
        )
    _check_head(document, head)
    for index, source in enumerate(head["sources"]):
        told = {"source": source, "verified": False}
        check_source(document, vocabulary, ("pack", "sources", index), told)
    advice = []
    for index, raw in enumerate(document.data["advice"]):
        check_source(document, vocabulary, ("advice", index), raw)
        for part in ("text", "why"):
            no_slots(document, ("advice", index, part), raw[part])
        advice.append(Advice(**raw))
    return Pack(
        id=name,
        title=head["title"],
        purpose=head["purpose"],
        kind=head["kind"],
        ages=tuple(head["ages"]) if "ages" in head else None,
        offered=head.get("offered", ""),
        sources=tuple(head["sources"]),
        advice=tuple(advice),
        wording=_wording(document, deck, vocabulary),
        hash=_hash(document.data),
    )


def _check_head(document: Document, head: dict[str, Any]) -> None:
    by_age = head["kind"] == "age"
    if by_age != ("ages" in head):
        raise document.error(
            ("pack", "ages" if "ages" in head else "kind"),
            "ages belong to packs of kind 'age', and to these alone",
            "Add or remove 'ages'",
        )
    if by_age == ("offered" in head):
        raise document.error(
            ("pack", "offered" if "offered" in head else "kind"),
            "a pack is chosen by age, or offered with a sentence on when to choose it",
            "Give 'ages' for kind 'age', 'offered' for the others",
        )
    if by_age and head["ages"][0] > head["ages"][1]:
        raise document.error(("pack", "ages"), "the lower age is above the upper one", "Swap them")


def _wording(document: Document, deck: Deck, vocabulary: Vocabulary) -> dict[str, Wording]:
    result: dict[str, Wording] = {}
    for card_id, raw in document.data.get("wording", {}).items():
        place = ("wording", card_id)
        if card_id not in deck.cards:
            raise document.error(place, f"there is no card '{card_id}'", "Correct the id or remove the entry")
        card, english = deck.cards[card_id], deck.wording[card_id, "en"]
        _may_change(document, card)
        own = {"text": raw} if isinstance(raw, str) else raw
        slots = slots_in(document, vocabulary, place, own["text"])
        if set(slots) != set(card.slots):
            raise document.error(
                place, f"the slots of '{card_id}' differ from those of the card", "Use the same {slots}"
            )
        no_slots(document, (*place, "note"), own.get("note", ""))
        result[card_id] = Wording(own["text"], own.get("note", english.note))
    return result


def _may_change(document: Document, card: Card) -> None:
    """Words are replaced only where they are said to every child without a decision of somebody."""
    place = ("wording", card.id)
    if not card.spoken:
        raise document.error(place, f"'{card.id}' is not said to the child", "Write it as advice")
    not_locked(document, place, card)


def _all_named(files: Files, order: Document, packs: dict[str, Pack]) -> None:
    for path in matching(files, "packs/*.yml"):
        if not is_own(path) and stem(path) not in packs:
            raise order.error(("order",), f"{path} has no place in the order", "Add its name")


def _kinds_in_order(order: Document, packs: dict[str, Pack]) -> None:
    before = 0
    for index, pack in enumerate(packs.values()):
        place = KINDS.index(pack.kind)
        if place < before:
            raise order.error(
                ("order", index),
                f"'{pack.id}' is of kind '{pack.kind}', after one of kind '{KINDS[before]}'",
                f"Keep the order {', '.join(KINDS)}",
            )
        before = place


def _every_age_once(order: Document, packs: dict[str, Pack]) -> None:
    for age in AGES:
        fitting = [pack.id for pack in packs.values() if pack.fits(age)]
        if len(fitting) != 1:
            told = ", ".join(fitting) or "none"
            raise order.error(
                ("order",), f"a child of {age} years needs one age pack and has: {told}", "Mend their ages"
            )
