"""Proves of every flow what may be relied on in the room. Loading checks form; this checks meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from protocols.check_packs import Coded, check_packs
from protocols.library import Library
from protocols.model import Flow
from protocols.rails import RAILS
from protocols.vocabulary import Slot

CodePrompt = Callable[[str, int | None], Coded]
"""What a prompt codes as, said to a child of this age in years, or of an age not known."""


@dataclass(frozen=True)
class Problem:
    """Something a flow must not have. `where` is a step, card or phase; `how` tells how to mend it."""

    flow: str
    where: str
    what: str
    how: str


def validate(library: Library, code_prompt: CodePrompt | None = None) -> list[Problem]:
    """Check every flow and pack, and every prompt's wording when `code_prompt` tells what a text codes as."""
    problems = [problem for flow in library.flows.values() for problem in check_flow(flow)]
    problems += list(_wording(library))
    if code_prompt:
        problems += list(_codes(library, code_prompt))
    problems += [Problem("packs", *found) for found in check_packs(library, _filling(library, code_prompt))]
    return problems


def check_flow(flow: Flow) -> Iterator[Problem]:
    """Everything about the steps of one flow."""
    for rail in RAILS:
        for where, what, how in rail(flow):
            yield Problem(flow.id, where, what, how)


def _flows_of(library: Library, card_id: str) -> str:
    return ", ".join(flow.id for flow in library.flows.values() if card_id in flow.cards) or "-"


def _wording(library: Library) -> Iterator[Problem]:
    complete = [lang for lang in library.languages() if lang == "en" or _claims_complete(library, lang)]
    for card in library.cards.values():
        for language in complete:
            if (card.spoken or language == "en") and not library.has_wording(card.id, language):
                flows = _flows_of(library, card.id)
                yield Problem(
                    flows, card.id, f"no wording in {language}", "Add it, or mark the pack as draft"
                )


def _claims_complete(library: Library, language: str) -> bool:
    return any(
        library.has_wording(card, language)
        and library.wording(card, language).status in ("ready", "validated")
        for card in library.cards
    )


def _codes(library: Library, code_prompt: CodePrompt) -> Iterator[Problem]:
    for card in library.cards.values():
        if not card.spoken:
            continue
        text = filled(library.wording(card.id).text, library.vocabulary.slots)
        got = code_prompt(text, None).type
        if got != card.says:
            what = f"'{text}' codes as {got}, not as {card.says}"
            yield Problem(
                _flows_of(library, card.id), card.id, what, "Change the wording, or what the card says"
            )


def _filling(library: Library, code_prompt: CodePrompt | None) -> CodePrompt | None:
    if code_prompt is None:
        return None
    return lambda text, age: code_prompt(filled(text, library.vocabulary.slots), age)


def filled(text: str, slots: Mapping[str, Slot]) -> str:
    """A template with its sample words put in."""
    for slot in slots.values():
        text = text.replace("{" + slot.id + "}", slot.sample)
    return text
