"""Plays an interview against the walker: short verbs for labels, and the guidance after each."""

from __future__ import annotations

from functools import cache

from protocols.labels import Guidance, Label
from protocols.library import Library, load_library
from protocols.model import Flow
from protocols.walker import advance, start


@cache
def library() -> Library:
    return load_library()


def nichd() -> Flow:
    return library().flows["nichd_revised_2014"]


def minimal() -> Flow:
    return library().flows["minimal_facts"]


class Player:
    """One interview. Every verb returns the guidance that follows it."""

    def __init__(self, flow: Flow | None = None, age: int = 8) -> None:
        self.flow = flow or nichd()
        self.state, self.shown = start(self.flow, age)

    def label(self, intent: str, **entities: object) -> Guidance:
        self.state, self.shown = advance(self.flow, self.state, Label(intent, dict(entities)))
        return self.shown

    def asks(
        self, kind: str = "invitation", subtype: str | None = None, suggestive: bool = False
    ) -> Guidance:
        return self.label("interviewer_turn", type=kind, subtype=subtype, suggestive=suggestive)

    def child(
        self, response: str = "narrative", substantive: bool = False, reluctance: bool = False
    ) -> Guidance:
        return self.label("child_turn", response=response, substantive=substantive, reluctance=reluctance)

    def exchange(self, kind: str = "invitation", response: str = "narrative", **child: bool) -> Guidance:
        self.asks(kind)
        return self.child(response, **child)

    def take(self, card: str | None = None) -> Guidance:
        return self.label("take_card", card=card or self.card)

    def press(self, intent: str) -> Guidance:
        return self.label(intent)

    def go(self, step: str) -> Guidance:
        return self.label("go_to", step=step)

    def observe(self, condition: str) -> Guidance:
        return self.label("observe", condition=condition)

    def follow(self, response: str = "narrative", **child: bool) -> Guidance:
        """Do what the first card says: say it and hear an answer, or tick the instruction off."""
        card = self.flow.cards[self.card]
        if not card.spoken:
            return self.take()
        self.asks(card.says)
        return self.child(response, **child) if card.asks else self.shown

    @property
    def card(self) -> str:
        return self.shown.cards[0].id

    @property
    def cards(self) -> list[str]:
        return [ref.id for ref in self.shown.cards]

    @property
    def step(self) -> str:
        return self.shown.step

    def says(self) -> str:
        """What the first card codes as."""
        return self.flow.cards[self.card].says
