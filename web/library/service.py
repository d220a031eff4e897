"""One protocol put together for reading: its bands, steps and cards in the order of its drawing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from protocols.in_words import InWords
from protocols.library import Library, Wording
from protocols.model import OPTION_POSING, Card, Flow, Step
from protocols.reading import bands, numbers, ways
from protocols.state import State
from protocols.walk import Walk
from web.library import naming

CITED = re.compile(r"\[(S:\d+|Seed)\]")


@dataclass(frozen=True)
class CardShown:
    """`words` in the language asked for, else English. `rules`: what limits it, in words."""

    card: Card
    words: Wording
    english: str
    kind: str
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Onward:
    """One line on where a step leads."""

    when: str
    number: int
    to: Step


@dataclass(frozen=True)
class StepShown:
    step: Step
    number: int
    how: tuple[str, ...]
    onward: tuple[Onward, ...]
    cards: tuple[CardShown, ...]


@dataclass(frozen=True)
class Section:
    title: str
    marks: tuple[str, ...]
    steps: tuple[StepShown, ...]


class Reading:
    """A flow in one language of wording."""

    def __init__(self, library: Library, flow: Flow, language: str) -> None:
        self.library, self.flow, self.language = library, flow, language
        self.words = InWords(library.vocabulary.conditions, naming.say)
        self._numbers = numbers(flow)

    def sections(self) -> list[Section]:
        return [
            Section(
                naming.say(band.phase.title),
                tuple(self.words.phase(band.phase, band.again)),
                tuple(self._step(step) for step in band.steps),
            )
            for band in bands(self.flow)
        ]

    def moments(self) -> dict[str, list[CardShown]]:
        """The cards of interrupts, then those that come on top of a step, by what each is called."""
        lists = {**self.flow.interrupts, **self.flow.overlays}
        return {
            str(naming.MOMENTS[kind]): [self._card(card) for card in cards] for kind, cards in lists.items()
        }

    def anywhere(self) -> list[Onward]:
        """Where the walk may go from every step."""
        always = [
            (self.words.phrase("drawing", "always", guard=self.words.guard(branch.guard.text)), branch.to)
            for branch in self.flow.always
        ]
        told = (self.words.phrase("drawing", "disclosure"), self.flow.disclosure)
        return [Onward(when, self._numbers[to], self.flow.steps[to]) for when, to in (*always, told)]

    def cited(self) -> dict[str, str]:
        """The works that the flow and its cards cite, in the order of the list of sources."""
        texts = [*self.flow.sources, *(card.source for card in self.flow.cards.values())]
        marks = {mark for text in texts for mark in CITED.findall(text)}
        return {mark: work for mark, work in self.library.vocabulary.sources.items() if mark in marks}

    def _step(self, step: Step) -> StepShown:
        onward = [
            Onward(self.words.way(way), self._numbers[way.to], self.flow.steps[way.to]) for way in ways(step)
        ]
        return StepShown(
            step,
            self._numbers[step.id],
            tuple(self.words.step(step)),
            tuple(onward),
            tuple(self._card(card, step) for card in step.cards),
        )

    def _card(self, card_id: str, step: Step | None = None) -> CardShown:
        card = self.flow.cards[card_id]
        words = self.library.wording(card_id, self.language)
        english = "" if words.language == "en" else self.library.wording(card_id).text
        return CardShown(card, words, english, naming.type_of(card), tuple(self._rules(card, step)))

    def _rules(self, card: Card, step: Step | None) -> Iterable[str]:
        """What the guard-rails do with a card at the beginning of a step, asked of the walk itself."""
        at = step or self.flow.steps[self.flow.start]
        state = State(flow=self.flow.id, version=self.flow.version, age=self.flow.ages[0], step=at.id)
        if reason := Walk(self.flow, state).lock(card):
            yield naming.lock(reason, card, self.library, self.flow.open_before_focused)
        if card.rung is not None and step is not None:
            yield _("Rung %(n)d of %(of)d. No rung is skipped.", n=card.rung, of=len(step.cards))
        if card.says in OPTION_POSING and card.then:
            yield _("After its answer the child is asked openly again.")
        low, high = max(card.age_min, self.flow.ages[0]), min(card.age_max, self.flow.ages[1])
        if (low, high) != self.flow.ages:
            yield _("Only for children of %(low)d to %(high)d years.", low=low, high=high)
