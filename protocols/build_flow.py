"""Builds a flow from its file: parts called are unrolled, guards compiled, every reference resolved."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

from protocols.build_cards import Deck
from protocols.build_steps import Maker, unroll
from protocols.files import Files, folder, load_checked
from protocols.guards import ALWAYS, Guard
from protocols.model import INTERRUPTS, OVERLAYS, Branch, Card, Flow, Phase, Step
from protocols.strict_yaml import Document
from protocols.vocabulary import Vocabulary

_HASHED = ("text", "note", "status", "language")


def load_flow(files: Files, name: str, deck: Deck, vocabulary: Vocabulary, common: Document) -> Flow:
    """Read one flow.yml and everything it refers to. Raises ProtocolError."""
    document = load_checked(files, name, "flow_file")
    head = document.data["flow"]
    if head["id"] != folder(name):
        raise document.error(
            ("flow", "id"), f"the id is '{head['id']}', the folder '{folder(name)}'", "Make them equal"
        )
    maker = Maker(document, deck, vocabulary, _phases(document))
    steps, aliases = unroll(files, maker)
    flow = Flow(
        id=head["id"],
        version=head["version"],
        title=head["title"],
        purpose=head["purpose"],
        kind=head["kind"],
        ages=_ages(document, head["ages"]),
        phases=tuple(maker.phases.values()),
        steps=steps,
        start=next(iter(steps)),
        disclosure=_target(document, ("flow", "disclosure"), head["disclosure"], steps, aliases),
        always=_always(maker, steps, aliases),
        interrupts=_lists(common, "interrupts", deck),
        overlays={**_lists(common, "overlays", deck), **_lists(document, "overlays", deck)},
        open_before_focused=head["open_before_focused"],
        sources=tuple(head["sources"]),
        cards={},
        rules_phase=_rules_phase(document, maker),
    )
    used = _used_cards(flow, deck)
    flow = replace(flow, conditions=_conditions(flow, used, vocabulary))
    return replace(flow, cards=used, hash=_hash(flow, used, deck))


def _conditions(flow: Flow, cards: dict[str, Card], vocabulary: Vocabulary) -> frozenset[str]:
    """What may be observed: what a guard asks for, a card needs, an overlay or the walk itself answers."""
    branches = [
        *flow.always,
        *(branch for step in flow.steps.values() for branch in (*step.when, *step.next)),
    ]
    guards = [branch.guard for branch in branches]
    guards += [step.until for step in flow.steps.values() if step.until]
    asked = {word for guard in guards for word in re.findall(r"\w+", guard.text)}
    needed = {card.needs for card in cards.values() if card.needs}
    return frozenset(vocabulary.conditions) & (asked | needed | set(flow.overlays) | {"no_disclosure"})


def _phases(document: Document) -> dict[str, Phase]:
    phases: dict[str, Phase] = {}
    for index, raw in enumerate(document.data["phases"]):
        if raw["id"] in phases:
            raise document.error(
                ("phases", index), f"the phase '{raw['id']}' is here twice", "Rename or remove one"
            )
        phases[raw["id"]] = Phase(**raw)
    return phases


def _rules_phase(document: Document, maker: Maker) -> str | None:
    name: str | None = document.data["flow"].get("rules_phase")
    if name is not None and name not in maker.phases:
        raise document.error(("flow", "rules_phase"), f"there is no phase '{name}'", "Use one of the phases")
    return name


def _ages(document: Document, ages: list[int]) -> tuple[int, int]:
    low, high = ages
    if low > high:
        raise document.error(("flow", "ages"), "the lower age is above the upper one", "Swap them")
    return low, high


def _target(
    document: Document,
    place: tuple[str | int, ...],
    name: str,
    steps: dict[str, Step],
    aliases: dict[str, str],
) -> str:
    target = aliases.get(name, name)
    if target not in steps:
        raise document.error(place, f"there is no step '{name}'", "Use the id of a step of this flow")
    return target


def _always(maker: Maker, steps: dict[str, Step], aliases: dict[str, str]) -> tuple[Branch, ...]:
    result = []
    for index, raw in enumerate(maker.document.data.get("always", [])):
        place = ("always", index)
        target = _target(maker.document, place, raw["then"], steps, aliases)
        result.append(Branch(target, maker.guard(maker.document, (*place, "if"), raw["if"])))
    return tuple(result)


def _lists(document: Document, key: str, deck: Deck) -> dict[str, tuple[str, ...]]:
    result: dict[str, tuple[str, ...]] = {}
    for name, cards in document.data.get(key, {}).items():
        for index, card in enumerate(cards):
            if card not in deck.cards:
                raise document.error(
                    (key, name, index), f"there is no card '{card}'", "Write the card, or correct its id"
                )
        result[name] = tuple(cards)
    if key == "interrupts" and set(result) != set(INTERRUPTS):
        raise document.error(
            (key,), "each interrupt needs its cards", f"Give cards for {', '.join(INTERRUPTS)}"
        )
    if (
        document.data.get("interrupts")
        and key == "overlays"
        and (absent := sorted(set(OVERLAYS) - set(result)))
    ):
        raise document.error((key,), f"no cards for {', '.join(absent)}", "Give cards for each overlay")
    return result


def _used_cards(flow: Flow, deck: Deck) -> dict[str, Card]:
    ids: dict[str, None] = {}
    for step in flow.steps.values():
        ids.update(dict.fromkeys(step.cards))
    for lists in (flow.interrupts, flow.overlays):
        for cards in lists.values():
            ids.update(dict.fromkeys(cards))
    return {card_id: deck.cards[card_id] for card_id in ids}


def _hash(flow: Flow, cards: dict[str, Card], deck: Deck) -> str:
    words = {
        f"{card}/{language}": {part: getattr(words, part) for part in _HASHED}
        for (card, language), words in deck.wording.items()
        if card in cards
    }
    whole = {"flow": _plain({**vars(flow), "cards": {}}), "cards": _plain(cards), "wording": words}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Guard):
        return value.text if value is not ALWAYS else None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return _plain(vars(value)) if hasattr(value, "__dict__") else value
