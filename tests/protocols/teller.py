"""A player that keeps what it was told, for looking back at the interview."""

from __future__ import annotations

from protocols.adherence import Rail, rails
from protocols.course import Course, Told, replay
from protocols.course_phases import PhaseLine, phase_lines
from protocols.labels import Label
from protocols.model import Flow
from tests.protocols.player import Player, library

FLOWS = sorted(library().flows)


class Teller(Player):
    """A player that keeps what it was told, a minute between two labels."""

    def __init__(self, flow: Flow | None = None, age: int = 8) -> None:
        super().__init__(flow, age)
        self.told: list[Told] = []
        self.turns = 0

    def label(self, intent: str, **entities: object):  # type: ignore[no-untyped-def]  # noqa: ANN201
        turn = None
        if intent.endswith("_turn"):
            self.turns += 1
            turn = self.turns
        self.told.append(Told(Label(intent, dict(entities)), turn, 60.0 * len(self.told)))
        return super().label(intent, **entities)

    def course(self, over: bool = True) -> Course:
        return replay(self.flow, self.state.age, self.told, over)

    def rail(self, name: str, over: bool = True) -> Rail:
        return next(rail for rail in rails(self.course(over)) if rail.id == name)

    def phase(self, name: str, over: bool = True) -> PhaseLine:
        return next(line for line in phase_lines(self.course(over)) if line.phase.id == name)

    def until(self, phase: str) -> Teller:
        """Do all that is shown until this phase."""
        for _ in range(150):
            if self.shown.phase == phase:
                return self
            self.follow(substantive=self.shown.phase == "transition")
        raise AssertionError(f"{phase} does not come")

    def account(self) -> Teller:
        """Into the account by the child's own first words."""
        self.exchange(substantive=True)
        return self
