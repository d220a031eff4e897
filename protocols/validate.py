"""Proves of every flow what may be relied on in the room. Loading checks form; this checks meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from protocols.check_form import check_form
from protocols.check_packs import Coded, check_packs
from protocols.check_words import check_words, proved_words
from protocols.library import Library
from protocols.locked_words import locked_words
from protocols.model import Flow
from protocols.places import Places
from protocols.rails import RAILS
from protocols.rails_homes import OWN_RAILS
from protocols.vocabulary import Slot

CodePrompt = Callable[[str, int | None], Coded]
"""What a prompt codes as, said to a child of this age in years, or of an age not known."""


@dataclass(frozen=True)
class Problem:
    """Something a library must not have. `where` is a step, card or phase; `how` tells how to mend it.

    `file` and `line` (from 1) say where it is written; "" and 0 where that is not one place.
    """

    flow: str
    where: str
    what: str
    how: str
    file: str = ""
    line: int = 0


def validate(
    library: Library, code_prompt: CodePrompt | None = None, proved: Library | None = None
) -> list[Problem]:
    """Check every flow and pack, and every prompt's wording when `code_prompt` tells what a text codes as.

    What stands the same in `proved`, a library that was found good before, is not proved again.
    """
    places = Places(library.files)
    return [
        *_flows(library, proved, places),
        *_missing_words(library, places),
        *_form(library, places),
        *(_words(library, code_prompt, proved, places) if code_prompt else ()),
        *_packs(library, code_prompt, proved, places),
    ]


def check_flow(flow: Flow) -> Iterator[Problem]:
    """Everything about the steps of one flow."""
    for rail in RAILS:
        for where, what, how in rail(flow):
            yield Problem(flow.id, where, what, how)


def _flows(library: Library, proved: Library | None, places: Places) -> Iterator[Problem]:
    for flow in library.flows.values():
        if proved is None or not _same(flow, proved.flows.get(flow.id)):
            for problem in check_flow(flow):
                yield _at(problem, places.in_flow(flow.id, problem.where))
            for found in (one for rail in OWN_RAILS for one in rail(library, flow, places.own_cards)):
                yield _at(Problem(flow.id, *found), places.in_flow(flow.id, found[0]))


def _same(flow: Flow, other: Flow | None) -> bool:
    """But for the words, which are held against the coder and not against the rails."""
    return other is not None and replace(flow, hash="") == replace(other, hash="")


def _at(problem: Problem, place: tuple[str, int]) -> Problem:
    return replace(problem, file=place[0], line=place[1])


def _flows_of(library: Library, card_id: str) -> str:
    return ", ".join(flow.id for flow in library.flows.values() if card_id in flow.cards) or "-"


def _missing_words(library: Library, places: Places) -> Iterator[Problem]:
    complete = [lang for lang in library.languages() if lang == "en" or _claims_complete(library, lang)]
    for card in library.cards.values():
        for language in complete:
            if (card.spoken or language == "en") and not library.has_wording(card.id, language):
                what, how = f"no wording in {language}", "Add it, or mark the pack as draft"
                yield _at(Problem(_flows_of(library, card.id), card.id, what, how), places.card(card.id))


def _claims_complete(library: Library, language: str) -> bool:
    """Whether the shipped words of a language do; words of an agency's own speak for themselves alone."""
    words = (library.wording(card, language) for card in library.cards if library.has_wording(card, language))
    return any(not one.author and one.status in ("ready", "validated") for one in words)


def _form(library: Library, places: Places) -> Iterator[Problem]:
    found = [*check_form(library, places.own_cards)]
    found += [(where, "en", what, how) for where, what, how in locked_words(library, places.own_cards)]
    for where, language, what, how in found:
        if "/" in where:
            yield _at(Problem("packs", where, what, how), places.in_pack(where))
        else:
            place = places.words(where, bool(library.wording(where, language).author), language)
            yield _at(Problem(_flows_of(library, where), where, what, how), place)


def _words(
    library: Library, code_prompt: CodePrompt, proved: Library | None, places: Places
) -> Iterator[Problem]:
    known = proved_words(proved) if proved else frozenset()
    for card_id, what, how in check_words(library, _filling(library, code_prompt), places.own_cards, known):
        place = places.words(card_id, own=bool(library.wording(card_id).author))
        yield _at(Problem(_flows_of(library, card_id), card_id, what, how), place)


def _packs(
    library: Library, code_prompt: CodePrompt | None, proved: Library | None, places: Places
) -> Iterator[Problem]:
    code = _filling(library, code_prompt) if code_prompt else None
    for where, what, how in check_packs(library, code, proved):
        yield _at(Problem("packs", where, what, how), places.in_pack(where))


def _filling(library: Library, code_prompt: CodePrompt) -> CodePrompt:
    return lambda text, age: code_prompt(filled(text, library.vocabulary.slots), age)


def filled(text: str, slots: Mapping[str, Slot]) -> str:
    """A template with its sample words put in."""
    for slot in slots.values():
        text = text.replace("{" + slot.id + "}", slot.sample)
    return text
