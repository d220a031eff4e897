"""When the next fact from the file may be put to the child. Pure: the record in, reasons against it out.

Facts come last, after open questioning and a decision of the team, the most general first, one at a time.
What an interviewer knows beforehand can help and can bias (Fessinger & McAuliff 2020): so it is kept back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protocols.labels import Label
from protocols.model import Flow
from protocols.state import State
from protocols.walker import advance, start
from web.interview.words import data, say
from web.store import InterviewState

APPROVED = "approved"
_GAPS = ("wh", "yes_no")
"""Questions by which a flow's focused part is known; an either-or card also asks for one time or more."""


@dataclass(frozen=True)
class Standing:
    """What the record says. `listed` facts, of which `shown` were shown; `settled`: whether the last of them
    was put and answered, or was never put and noted as not needed."""

    life: InterviewState
    labels: Sequence[Label]
    listed: int
    shown: int = 0
    settled: bool = True


@dataclass(frozen=True)
class Lock:
    """One reason why no fact may be shown now; `n` fills the number in its words."""

    id: str
    n: int = 0

    def words(self, language: str = "en") -> str:
        return say(data("reveal")["locks"][self.id], language).replace("{n}", str(self.n))


def locks(flow: Flow, age: int, standing: Standing) -> list[Lock]:
    """Every reason against showing the next fact now, in the order they are to be met; [] when it may be."""
    if not standing.listed:
        return [Lock("none_listed")]
    if standing.shown >= standing.listed:
        return [Lock("all_put")]
    if flow.kind != "interview":
        return [Lock("protocol")]
    if standing.life is not InterviewState.LIVE:
        return [Lock("not_live")]
    state = walked(flow, age, standing.labels)
    still_open = flow.open_before_focused - state.counters["open_prompts"]
    against = (
        (bool(state.interrupts), Lock("interrupted")),
        (flow.steps[state.step].phase not in focused_phases(flow), Lock("part")),
        (still_open > 0, Lock("open_first", still_open)),
        (APPROVED not in state.observed, Lock("not_decided")),
        (not standing.settled, Lock("not_answered")),
    )
    return [lock for holds, lock in against if holds]


def walked(flow: Flow, age: int, labels: Iterable[Label]) -> State:
    """Where the protocol stands after these labels."""
    state, _ = start(flow, age)
    for label in labels:
        state, _ = advance(flow, state, label)
    return state


def focused_phases(flow: Flow) -> frozenset[str]:
    """The part about what happened, from the first phase on in which the flow itself asks for details."""
    probing = [phase.id for phase in flow.phases if phase.probing]
    for index, phase in enumerate(probing):
        if _asks_for_gaps(flow, phase):
            return frozenset(probing[index:])
    return frozenset()


def _asks_for_gaps(flow: Flow, phase: str) -> bool:
    cards = (flow.cards[card] for step in flow.steps.values() if step.phase == phase for card in step.cards)
    return any(card.enabled and card.spoken and card.says in _GAPS for card in cards)


def advice(source: str, language: str = "en") -> list[str]:
    """How to put a fact that is known from `source`."""
    return [say(line, language).replace("{source}", source) for line in data("reveal")["advice"]]
