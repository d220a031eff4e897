"""One move through a flow: a working copy of the state, and the mechanics of cards, steps and branches."""

from __future__ import annotations

from typing import Any

from protocols.guards import Guard
from protocols.model import FOCUSED, Branch, Card, Flow, Phase, Step
from protocols.state import State

OVERLAY_ORDER = ("reopen", "pairing", "distress", "denial", "contradiction")
"""Which of several pending overlay cards is shown first."""


class Walk:
    """A move in the making. `rule`, `guard` and `ways` say afterwards why it went where it went.

    `ways`: the branches that were taken, at most two, each as step, `always`, `when` or `next`, and number.
    `heard`: this move is a turn of the child; `answered`: that turn answers a card which was asked.
    `said`: the card that was said or ticked off in this move, if any, and `said_in` its step, if it has one.
    """

    def __init__(self, flow: Flow, state: State, rule: str = "noted") -> None:
        self.flow = flow
        self.state = state
        self.rule = rule
        self.guard = ""
        self.ways: list[str] = []
        self.said = self.said_in = ""
        self._left = ""
        self.heard = False
        self.answered = False

    def facts(self) -> dict[str, Any]:
        """What guards may ask about. What the child just did counts only in the move in which it did it."""
        state = self.state
        return {
            **state.counters,
            **dict.fromkeys(state.observed, True),
            "age": state.age,
            "answer": state.answer if self.answered else "",
            "answers": state.answers,
            "disclosed": state.disclosed,
            "reluctance": state.reluctance and self.heard,
            "rules_owed": state.rules_owed,
            "stage": self.phase.stage,
            "substantive": state.substantive and self.heard,
        }

    # --- where we are
    @property
    def step(self) -> Step:
        return self.flow.steps[self.state.step]

    @property
    def phase(self) -> Phase:
        return self.flow.phase(self.step.phase)

    def cards(self, step: Step | None = None) -> list[Card]:
        """The step's cards that fit the child's age, in order; never empty in a valid flow."""
        step = step or self.step
        fitting = [self.flow.cards[c] for c in step.cards if self.flow.cards[c].fits(self.state.age)]
        return fitting or [self.overlay("open")]

    def overlay(self, kind: str, turn: int = 0) -> Card:
        cards = [self.flow.cards[c] for c in self.flow.overlays[kind]]
        fitting = [card for card in cards if card.fits(self.state.age)] or cards
        return fitting[turn % len(fitting)]

    def pending(self) -> str | None:
        """The overlay to show before the step's own card, if any."""
        return next((k for k in OVERLAY_ORDER if k in self.state.pending and self._timely(k)), None)

    def _timely(self, kind: str) -> bool:
        """A contradiction is taken up only once the child has told freely."""
        return kind != "contradiction" or self._told_freely()

    def _told_freely(self) -> bool:
        return self.state.counters["open_prompts"] >= self.flow.open_before_focused

    def lock(self, card: Card) -> str:
        """Why `card` must not be shown now: `off`, `needs_approval`, `open_first`; '' when it may be."""
        if not card.enabled:
            return "off"
        if card.needs and card.needs not in self.state.observed:
            return "needs_approval"
        if not card.spoken or card.says not in FOCUSED or self._told_freely():
            return ""
        home = next((phase for phase in self.flow.phases if phase.id == card.phase), self.phase)
        return "open_first" if self.phase.probing or home.probing else ""

    def step_card(self) -> tuple[Card, str]:
        """The step's own current card and the reason for it, guard-rails applied."""
        cards = self.cards()
        card = cards[min(self.state.pos, len(cards) - 1)]
        if lock := self.lock(card):
            kind = "locked" if lock == "needs_approval" else "open"
            return self.overlay(kind, self.state.counters["open_prompts"]), lock
        if self.state.again:
            return card, "not_answered"
        return card, {"sequence": "in_order", "rotate": "stay_open", "ladder": "next_rung"}[self.step.mode]

    # --- moving
    def complete(self, answered: bool = False) -> None:
        """The current card is done: on to the next one, or out of the step if it is over."""
        self.state.pos += 1
        self.state.answers += int(answered)
        self.state.asked = self.state.again = False
        self._finish_step()

    def _finish_step(self) -> None:
        step, state = self.step, self.state
        over = state.pos >= len(self.cards())
        if step.mode == "rotate":
            if state.answers < step.limit and not self._holds(step.until):
                state.pos %= len(self.cards())
                return
            over = True
            self._left = step.until.text if step.until and self._holds(step.until) else f"limit {step.limit}"
        if over:
            self.leave()

    def _holds(self, guard: Guard | None) -> bool:
        return guard is not None and guard(self.facts())

    def leave(self) -> None:
        """Leave the step by its `next`; the last step stays where it is."""
        branch = self.following()
        if branch:
            self.take(branch, "next")
        else:
            self.state.pos = len(self.cards()) - 1

    def following(self) -> Branch | None:
        """Where `next` leads as things stand; None at the end of the flow."""
        return self._choose(self.step.next)

    def _choose(self, branches: tuple[Branch, ...]) -> Branch | None:
        facts = self.facts()
        return next((b for b in branches if b.guard(facts) and b.to != self.state.step), None)

    def take(self, branch: Branch, rule: str) -> None:
        if self.flow.steps[branch.to].phase != self.step.phase and self.state.worked:
            self.finish_phase()
        self.rule = rule
        self._note(branch)
        self.guard = "; ".join(text for text in (self._left, branch.guard.text) if text)
        self.enter(branch.to)

    def _note(self, branch: Branch) -> None:
        step = self.step
        for kind, branches in (("always", self.flow.always), ("when", step.when), ("next", step.next)):
            for number, other in enumerate(branches):
                if other is branch:
                    self.ways.append(f"{step.id} {kind} {number}")

    def on_ladder(self) -> bool:
        """Whether this phase is the one whose purpose is that the child begins to tell."""
        return any(s.mode == "ladder" for s in self.flow.steps.values() if s.phase == self.step.phase)

    def finish_phase(self) -> None:
        phase = self.step.phase
        if phase not in self.state.done:
            self.state.done.append(phase)
        if phase == self.flow.rules_phase:
            self.state.rules_owed = False

    def enter(self, step_id: str) -> None:
        """Begin a step afresh."""
        state, before = self.state, self.phase
        state.step, state.pos, state.answers = step_id, 0, 0
        state.asked = state.again = False
        state.observed = [name for name in state.observed if name not in self.step.clears]
        if self.phase.id != before.id:
            state.worked = False
            state.counters["narratives"] = 0
        if not self.phase.probing:
            state.settle("pairing", "contradiction", "denial")
            state.pair = ""
        if self.step.new_incident:
            state.count("incidents")
            state.counters["open_prompts"] = 0

    def branch(self) -> bool:
        """Take the branch whose moment has come (`always` of the flow, then `when` of the step), if any."""
        for rule, branches in (("always", self.flow.always), ("when", self.step.when)):
            if branch := self._choose(branches):
                self.take(branch, rule)
                return True
        return False
