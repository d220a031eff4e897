"""How an interview went through its flow, told again from its labels: moves, visits to phases, questions.

Pure: labels and times in, no words. What it is compared with stands in adherence.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from protocols.labels import Label
from protocols.model import FOCUSED, OPTION_POSING, Card, Flow, Phase
from protocols.state import State
from protocols.walker import move

PAUSES = ("break", "stop", "safety")
"""Interrupts during which nobody asks about what happened."""


@dataclass(frozen=True)
class Told:
    """One label and when it came, in seconds since the interview began. `turn` is the number of the turn it
    codes, None for a key press; `kind` the question type that a person gave that turn afterwards, and
    `suggestive` whether it was leading then; `reason` and `wants` what was logged with a press."""

    label: Label
    turn: int | None = None
    at: float = 0.0
    kind: str | None = None
    suggestive: bool | None = None
    reason: str = ""
    wants: str = ""


@dataclass(frozen=True)
class Move:
    """What one label did. `turn` is its own number or that of the turn before it, 0 before the first; `said`
    the card it said and `said_in` that card's step."""

    told: Told
    before: State
    after: State
    rule: str
    guard: str
    said: str
    said_in: str
    turn: int

    @property
    def intent(self) -> str:
        return self.told.label.intent

    @property
    def step(self) -> str:
        """Where it was said or pressed."""
        return self.said_in or self.before.step

    @property
    def how(self) -> str:
        """What led on from here: went (chosen), told (the child began), next, card, followed, noted, flow."""
        if self.rule == "disclosure":
            return "told"
        if self.rule == "followed":
            return "followed"
        names = {"go_to": "went", "next_step": "next", "take_card": "card", "observe": "noted"}
        return names.get(self.intent, "flow")


@dataclass(frozen=True)
class Spoken:
    """A question or statement of the interviewer. `card` where it was taken by key or taken for a card;
    `paused` while a break, stop or safety lasted; `opened` counts open prompts on this incident before it."""

    move: int
    turn: int
    kind: str
    suggestive: bool
    phase: Phase
    paused: bool
    opened: int
    card: str = ""

    @property
    def asks(self) -> bool:
        return self.kind != "non_question"

    @property
    def open(self) -> bool:
        return self.kind == "invitation" and not self.suggestive

    @property
    def about_it(self) -> bool:
        """Whether it asks about what may have happened."""
        return self.phase.probing and not self.paused

    @property
    def focused(self) -> bool:
        return self.kind in FOCUSED

    @property
    def closed(self) -> bool:
        """Whether an open prompt should follow: option-posing, or leading whatever its form."""
        return self.kind in OPTION_POSING or self.suggestive


@dataclass(frozen=True)
class Visit:
    """A stay in one phase: moves `first` to `last`, entered by move `entry` (None: the start)."""

    phase: Phase
    entry: int | None
    first: int
    last: int
    how: str
    turns: tuple[int, ...]
    seconds: float


def paused(state: State) -> bool:
    return any(item.kind in PAUSES for item in state.interrupts)


@dataclass(frozen=True)
class Pause:
    """A break, stop, safety or reluctance, by key. `end` is None where nothing ended it."""

    start: int
    end: int | None
    kind: str
    wants: str


def _begin(flow: Flow, age: int) -> State:
    return State(flow=flow.id, version=flow.version, age=age, step=flow.start)


@dataclass(frozen=True)
class Course:
    """One interview, replayed. `over`: nothing more will come."""

    flow: Flow
    age: int
    moves: tuple[Move, ...]
    over: bool

    @property
    def state(self) -> State:
        """How it stands at the end."""
        return self.moves[-1].after if self.moves else _begin(self.flow, self.age)

    @property
    def last_turn(self) -> int:
        return self.moves[-1].turn if self.moves else 0

    def phase_of(self, step: str) -> Phase:
        return self.flow.phase(self.flow.steps[step].phase)

    def spoken_cards(self, phase: str) -> list[Card]:
        """What there is to say in a phase to a child of this age, in order."""
        ids = [c for step in self.flow.steps.values() if step.phase == phase for c in step.cards]
        cards = (self.flow.cards[card] for card in dict.fromkeys(ids))
        return [card for card in cards if card.spoken and card.fits(self.age)]

    @cached_property
    def spoken(self) -> tuple[Spoken, ...]:
        """What the interviewer said, in order; a card taken by key and then heard is one."""
        return tuple(_spoken(self))

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        return tuple(_visits(self))

    @cached_property
    def pauses(self) -> tuple[Pause, ...]:
        found = [pause for kind in (*PAUSES, "reluctance") for pause in _pauses(self, kind)]
        return tuple(sorted(found, key=lambda pause: pause.start))

    @cached_property
    def account(self) -> Visit | None:
        """The first stay in which what may have happened was talked about."""
        told = (v for v in self.visits if v.phase.probing and (v.turns or v.how == "told" or self._asked(v)))
        return next(told, None)

    def _asked(self, visit: Visit) -> bool:
        """Whether a stay has a question or statement about it, were it only a card taken by key."""
        return any(
            one.about_it and one.phase == visit.phase and visit.first <= one.move <= visit.last
            for one in self.spoken
        )

    @property
    def paused_seconds(self) -> float:
        return sum(seconds for state, seconds in _spans(self) if paused(state))


def replay(flow: Flow, age: int, told: Iterable[Told], over: bool) -> Course:
    """Walk the labels through the flow as it is now; what it does not know any more moves nothing."""
    state, turn = _begin(flow, age), 0
    moves: list[Move] = []
    for one in told:
        turn = one.turn or turn
        walk = move(flow, state, one.label)
        moves.append(Move(one, state, walk.state, walk.rule, walk.guard, walk.said, walk.said_in, turn))
        state = walk.state
    return Course(flow, age, tuple(moves), over)


def _spoken(course: Course) -> list[Spoken]:
    found: list[Spoken] = []
    taken: Spoken | None = None  # a card taken by key whose words may still be heard
    opened = 0
    for index, each in enumerate(course.moves):
        if each.after.counters["incidents"] > each.before.counters["incidents"]:
            opened = 0
        one = _said(course, index, opened)
        if each.intent == "child_turn":
            taken = None
        if one is None:
            continue
        if each.intent == "interviewer_turn" and taken is not None and (one.asks or not taken.asks):
            opened -= found[-1].open and found[-1].about_it
            one, taken = replace(one, phase=taken.phase, card=taken.card, opened=taken.opened), None
            found[-1] = one
        else:
            found.append(one)
            taken = one if each.intent == "take_card" else None
        opened += one.open and one.about_it
    return found


def _said(course: Course, index: int, opened: int) -> Spoken | None:
    each = course.moves[index]
    entities = each.told.label.entities
    if each.intent == "interviewer_turn":
        kind = each.told.kind or str(entities.get("type") or "non_question")
        corrected, machine = each.told.suggestive, entities.get("suggestive") in (True, "true")
        suggestive = machine if corrected is None else corrected
    elif each.intent == "take_card" and each.said and course.flow.cards[each.said].spoken:
        kind, suggestive = course.flow.cards[each.said].says, False
    else:
        return None
    phase = course.phase_of(each.step)
    return Spoken(index, each.turn, kind, suggestive, phase, paused(each.before), opened, each.said)


def _visits(course: Course) -> Iterator[Visit]:
    begins: list[int | None] = [None]
    for index, each in enumerate(course.moves):
        if course.phase_of(each.before.step) != course.phase_of(each.after.step):
            begins.append(index)
    spans = _spans(course)
    for place, entry in enumerate(begins):
        end = begins[place + 1] if place + 1 < len(begins) else None
        last = len(course.moves) - 1 if end is None else end
        first = 0 if entry is None else entry
        step = course.flow.start if entry is None else course.moves[entry].after.step
        phase = course.phase_of(step)
        inside = [
            each.told.turn
            for each in course.moves[first : last + 1]
            if each.told.turn is not None and course.phase_of(each.step) == phase
        ]
        how = "start" if entry is None else course.moves[entry].how
        since = 0 if entry is None else entry + 1
        seconds = sum(length for state, length in spans[since : last + 1] if not paused(state))
        yield Visit(phase, entry, first, last, how, tuple(inside), seconds)


def _spans(course: Course) -> list[tuple[State, float]]:
    """How long it took until each move, and how things stood meanwhile."""
    spans: list[tuple[State, float]] = []
    before = 0.0
    for each in course.moves:
        at = max(each.told.at, before)
        spans.append((each.before, at - before))
        before = at
    return spans


def _pauses(course: Course, kind: str) -> Iterator[Pause]:
    start: int | None = None
    for index, each in enumerate(course.moves):
        lasts = any(item.kind == kind for item in each.after.interrupts)
        if lasts and start is None:
            start = index
        elif not lasts and start is not None:
            yield Pause(start, index, kind, course.moves[start].told.wants)
            start = None
    if start is not None:
        yield Pause(start, None, kind, course.moves[start].told.wants)
