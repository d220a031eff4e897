"""Whatever happens in the room: never a dead end, never a forbidden card, never a growing state."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.guards import WORDS
from protocols.labels import Guidance, Label
from protocols.model import FOCUSED, Flow
from protocols.walker import State, advance, start
from tests.protocols.player import library

KINDS = ("invitation", "wh", "yes_no", "choice", "non_question")
PRESSES = ("next_step", "break", "resume", "stop", "safety", "reluctance", "interpreter_turn")
MAX_STATE_BYTES = 1400
FLOWS = sorted(library().flows)


def random_turn(rng: random.Random, flow: Flow, shown: Guidance) -> Label:
    """One thing that may happen, now and then nonsense."""
    pick = rng.random()
    if pick < 0.32:
        kind = flow.cards[shown.cards[0].id].says if rng.random() < 0.5 else rng.choice(KINDS)
        subtype = rng.choice([None, "facilitator", "cued", "tag"])
        return Label("interviewer_turn", {"type": kind, "subtype": subtype, "suggestive": rng.random() < 0.1})
    if pick < 0.64:
        answer = {"response": rng.choice(WORDS["answer"]), "substantive": rng.random() < 0.1}
        return Label("child_turn", {**answer, "reluctance": rng.random() < 0.2})
    if pick < 0.76:
        return Label(
            "take_card", {"card": rng.choice([*[c.id for c in shown.cards], *flow.cards, "nothing"])}
        )
    if pick < 0.84:
        return Label("observe", {"condition": rng.choice([*sorted(flow.conditions), "nothing"])})
    if pick < 0.88:
        return Label("go_to", {"step": rng.choice([*flow.steps, "nowhere"])})
    return Label(rng.choice(PRESSES if rng.random() < 0.5 else ("next_step",)))


class Watch:
    """Checks everything that must hold after every label."""

    def __init__(self, flow: Flow, age: int) -> None:
        self.flow = flow
        self.state, shown = start(flow, age)
        self.rungs = 0
        self.check(Label("start"), self.state, shown)
        self.shown = shown

    def go(self, label: Label) -> None:
        before = json.dumps(self.state.as_dict())
        state, shown = advance(self.flow, self.state, label)
        assert json.dumps(self.state.as_dict()) == before, "advance changed the state it was given"
        self.check(label, state, shown)
        self.state, self.shown = state, shown

    def check(self, label: Label, state: State, shown: Guidance) -> None:
        assert 1 <= len(shown.cards) <= 3
        assert len({ref.id for ref in shown.cards}) == len(shown.cards)
        assert list(shown.phases.values()).count("now") == 1
        assert len(state.interrupts) <= 2
        raw = json.dumps(state.as_dict())
        assert len(raw) <= MAX_STATE_BYTES
        assert State.from_dict(json.loads(raw)) == state
        assert shown.can_end == (not shown.missing)
        assert set(shown.explain) == {"state", "guard", "rule", "way"}
        self._allowed(state, shown)
        self._paired(label, state, shown)
        if label.intent == "resume" and self.state.interrupts[-1:] and not state.interrupts:
            kind = self.state.interrupts[-1].kind
            assert kind == "reluctance" or self.flow.cards[shown.cards[0].id].says == "invitation"

    def _allowed(self, state: State, shown: Guidance) -> None:
        for ref in shown.cards:
            card = self.flow.cards[ref.id]
            assert ref.reason in library().reasons, ref
            assert card.fits(state.age), ref
            assert not card.needs or card.needs in state.observed, ref
            phase = self.flow.phase(shown.phase)
            if card.spoken and card.says in FOCUSED and phase.probing:
                assert state.counters["open_prompts"] >= self.flow.open_before_focused, ref
            if card.rung:
                assert card.rung <= self.rungs + 1, "a rung was skipped"
                self.rungs = max(self.rungs, card.rung)

    def _paired(self, label: Label, state: State, shown: Guidance) -> None:
        probing = self.flow.phase(shown.phase).probing and not state.interrupts
        if label.intent == "child_turn" and self.state.pair and probing:
            asking = [self.flow.cards[ref.id] for ref in shown.cards if self.flow.cards[ref.id].asks]
            assert asking[0].says == "invitation"


@pytest.mark.parametrize("flow_id", FLOWS)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), age=st.integers(0, 17))
def test_five_hundred_random_turns(flow_id: str, seed: int, age: int) -> None:
    flow = library().flows[flow_id]
    rng = random.Random(seed)
    watch = Watch(flow, min(max(age, flow.ages[0]), flow.ages[1]))
    for _ in range(500):
        watch.go(random_turn(rng, flow, watch.shown))


def _labels(flow: Flow) -> st.SearchStrategy[Label]:
    def label(intent: str, **entities: st.SearchStrategy[Any]) -> st.SearchStrategy[Label]:
        return st.builds(Label, st.just(intent), st.fixed_dictionaries(entities))

    flag = st.booleans()
    return st.one_of(
        label("interviewer_turn", type=st.sampled_from(KINDS), subtype=st.none(), suggestive=flag),
        label("child_turn", response=st.sampled_from(WORDS["answer"]), substantive=flag, reluctance=flag),
        label("take_card", card=st.sampled_from(sorted(flow.cards))),
        label("observe", condition=st.sampled_from(sorted(flow.conditions))),
        label("go_to", step=st.sampled_from(list(flow.steps))),
        st.sampled_from(PRESSES).map(Label),
    )


@pytest.mark.parametrize("flow_id", FLOWS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_short_dialogues_that_can_be_shrunk(flow_id: str, data: st.DataObject) -> None:
    flow = library().flows[flow_id]
    watch = Watch(flow, 9)
    for label in data.draw(st.lists(_labels(flow), max_size=30)):
        watch.go(label)


@pytest.mark.parametrize("flow_id", FLOWS)
def test_the_same_labels_give_the_same_guidance(flow_id: str) -> None:
    flow = library().flows[flow_id]

    def play() -> list[dict[str, Any]]:
        rng, seen = random.Random(7), []
        state, shown = start(flow, 9)
        for _ in range(200):
            state, shown = advance(flow, state, random_turn(rng, flow, shown))
            seen.append(shown.as_dict())
        return seen

    assert play() == play()


@pytest.mark.parametrize("flow_id", FLOWS)
def test_whoever_keeps_pressing_next_reaches_the_end(flow_id: str) -> None:
    flow = library().flows[flow_id]
    for step in flow.steps:
        watch = Watch(flow, 9)
        watch.rungs = 99
        watch.go(Label("go_to", {"step": step}))
        for _ in range(60):
            watch.go(Label("next_step"))
        assert flow.steps[watch.shown.step].end, step


@pytest.mark.parametrize("flow_id", FLOWS)
@pytest.mark.parametrize("response", ["narrative", "short", "none", "yes", "no", "refuse", "asks"])
def test_whoever_follows_the_cards_reaches_the_end(flow_id: str, response: str) -> None:
    flow = library().flows[flow_id]
    watch = Watch(flow, 9)
    for _ in range(400):
        card = flow.cards[watch.shown.cards[0].id]
        if not card.spoken:
            watch.go(Label("take_card", {"card": card.id}))
            if watch.shown.cards[0].id == card.id:
                watch.go(Label("next_step"))
        else:
            watch.go(Label("interviewer_turn", {"type": card.says, "subtype": None, "suggestive": False}))
            if card.asks:
                watch.go(Label("child_turn", {"response": response, "substantive": card.rung == 1}))
        if watch.shown.can_end:
            break
    assert watch.shown.can_end, watch.shown
