"""The protocol library: reads `protocols/` and gives flows, cards and wording, or says what is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from protocols.build_cards import load_deck
from protocols.build_fit import load_fit
from protocols.build_flow import load_flow
from protocols.build_packs import load_packs
from protocols.build_wording import load_wording
from protocols.files import ROOT, Files, digest, load_checked, matching, read_files
from protocols.fit import FitFacts
from protocols.model import Card, Flow, Phase, Step, Wording
from protocols.packs import Pack, Shelf
from protocols.vocabulary import Slot, Vocabulary, load_vocabulary

__all__ = ["Card", "Flow", "Library", "Phase", "Slot", "Step", "Vocabulary", "Wording", "load_library"]


@dataclass(frozen=True)
class Library:
    """Everything in `protocols/`, checked.

    `reasons` maps the reason ids in guidance to one plain sentence; `vocabulary` holds the conditions an
    interviewer may observe, the slots of card templates, the kinds of support and the sources. `fit` says
    where, for whom and for what each flow is; `shelf` holds the packs that fit a flow to one child.
    `edition` is the digest of the `files` it was built from.
    """

    flows: Mapping[str, Flow]
    cards: Mapping[str, Card]
    reasons: Mapping[str, str]
    vocabulary: Vocabulary
    fit: FitFacts
    shelf: Shelf
    edition: str
    files: Files = field(repr=False)
    _wording: Mapping[tuple[str, str], Wording]

    @property
    def packs(self) -> Mapping[str, Pack]:
        """All packs in the order in which they are laid over one another."""
        return self.shelf.packs

    def wording(self, card_id: str, language: str = "en") -> Wording:
        """The words of a card; English, status `missing`, where a language has none. KeyError: no card."""
        found = self._wording.get((card_id, language))
        if found:
            return found
        english = self._wording[card_id, "en"]
        return Wording(english.text, english.note, "missing", "en")

    def has_wording(self, card_id: str, language: str) -> bool:
        return (card_id, language) in self._wording

    def languages(self) -> list[str]:
        return sorted({language for _, language in self._wording})

    def phase_cards(self, flow_id: str, phase: str) -> list[Card]:
        """The cards of a phase in the order of its steps, for when nothing walks. KeyError: not there."""
        flow = self.flows[flow_id]
        phase_id = flow.phase(phase).id
        ids = [c for step in flow.steps.values() if step.phase == phase_id for c in step.cards]
        return [flow.cards[c] for c in dict.fromkeys(ids) if flow.cards[c].enabled]


def load_library(source: Path | Files | None = None) -> Library:
    """Build the library from a folder or from files (default: this package's own).

    Raises ProtocolError on anything broken.
    """
    files = dict(source) if isinstance(source, Mapping) else read_files(source or ROOT)
    vocabulary = load_vocabulary(files)
    deck = load_deck(files, vocabulary)
    load_wording(files, deck, vocabulary)
    common = load_checked(files, "common.yml", "common")
    flows: dict[str, Flow] = {}
    for name in matching(files, "flows/*/flow.yml"):
        flow = load_flow(files, name, deck, vocabulary, common)
        flows[flow.id] = flow
    fit = load_fit(files, flows, vocabulary)
    shelf = load_packs(files, deck, vocabulary)
    return Library(
        flows,
        deck.cards,
        vocabulary.reasons,
        vocabulary,
        fit,
        shelf,
        digest(files),
        files,
        dict(deck.wording),
    )
