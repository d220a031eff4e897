"""What every pack must keep: its words ask the same kind of question, plainly, of the youngest it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from protocols.library import Library
from protocols.model import Card
from protocols.packs import Pack

YOUNGEST = 3
HARMLESS = frozenset({"support"})
"""Marks of the coder that find fault with nothing."""

Found = tuple[str, str, str]


class Coded(NamedTuple):
    """The question type of a text and the flags it raises."""

    type: str
    flags: tuple[str, ...] = ()


def check_packs(
    library: Library,
    code: Callable[[str, int | None], Coded] | None = None,
    proved: Library | None = None,
) -> Iterator[Found]:
    """Where, what and how to mend, for everything a pack must not have and that `proved` does not have."""
    known = _texts(proved) if proved else frozenset()
    yield from _phases(library)
    for pack in library.shelf.packs.values():
        for card_id, own in pack.wording.items():
            card, where = library.cards[card_id], f"{pack.id}/{card_id}"
            age = _youngest(pack, card)
            if pack.ages and not (age <= pack.ages[1] and age <= card.age_max):
                yield where, "this card is never shown at these ages", "Remove the entry"
            elif code and (own.text, card.says, age) not in known:
                yield from check_coded(where, own.text, card, code(own.text, age))


def _texts(library: Library) -> frozenset[tuple[str, str, int]]:
    return frozenset(
        (words.text, library.cards[card].says, _youngest(pack, library.cards[card]))
        for pack in library.shelf.packs.values()
        for card, words in pack.wording.items()
    )


def _youngest(pack: Pack, card: Card) -> int:
    """The youngest child that may hear these words; those of a need are heard at every age of the card."""
    return max(pack.ages[0] if pack.ages else YOUNGEST, card.age_min)


def check_coded(where: str, text: str, card: Card, got: Coded) -> Iterator[Found]:
    """The words ask as the card says, and the coder finds fault with nothing."""
    if got.type != card.says:
        yield where, f"'{text}' codes as {got.type}, not as {card.says}", "Change the wording"
    flags = sorted(set(got.flags) - HARMLESS)
    if flags:
        yield where, f"'{text}' is flagged: {', '.join(flags)}", "Change the wording"


def _phases(library: Library) -> Iterator[Found]:
    known = {phase.id for flow in library.flows.values() for phase in flow.phases}
    for phase in library.shelf.phases:
        if phase not in known:
            yield "packs.yml", f"no protocol has a phase '{phase}'", "Correct the id or remove it"
    for flow in library.flows.values():
        heard = {library.shelf.moment(phase) for phase in flow.phases}
        for moment in ("opening", "substantive", "closing"):
            if moment not in heard:
                yield "packs.yml", f"no phase of {flow.id} is '{moment}'", "Name its phases in packs.yml"
