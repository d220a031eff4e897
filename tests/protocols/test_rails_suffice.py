"""What the rails let through is safe to walk: protocols changed at random, the good ones walked."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from protocols.guards import ALWAYS, compile_guard
from protocols.model import OVERLAYS, Branch, Flow, Step
from protocols.rails_homes import OWN_RAILS
from protocols.validate import check_flow
from tests.protocols.player import library
from tests.protocols.test_properties import FLOWS, Watch, random_turn

CHANGED, WALKED, TURNS = 24, 4, 120
GUARDS = ("prompts >= 3", "short_answers >= 2", "reluctant >= 1", "age <= 6", "one_time", "substantive")


def _branch(rng: random.Random, flow: Flow, open_end: bool) -> Branch:
    conditions = frozenset(library().vocabulary.conditions)
    guard = ALWAYS if open_end else compile_guard(rng.choice(GUARDS), conditions)
    return Branch(rng.choice(list(flow.steps)), guard)


def _changed_step(rng: random.Random, flow: Flow, step: Step) -> Step:
    cards, pick = list(step.cards), rng.randrange(6)
    if pick == 0:
        cards.insert(rng.randrange(len(cards) + 1), rng.choice(sorted(flow.cards)))
    elif pick == 1 and len(cards) > 1:
        cards.pop(rng.randrange(len(cards)))
    elif pick == 2:
        cards[rng.randrange(len(cards))] = rng.choice(sorted(flow.cards))
    elif pick == 3 and step.next:
        return replace(step, next=(*step.next[:-1], _branch(rng, flow, open_end=True)))
    elif pick == 4:
        return replace(step, when=(*step.when, _branch(rng, flow, open_end=False)))
    else:
        return replace(step, mode=rng.choice(["sequence", "rotate", "ladder"]), clears=())
    return replace(step, cards=tuple(cards))


def _changed_once(rng: random.Random, flow: Flow) -> Flow:
    pick = rng.random()
    if pick < 0.75:
        step = rng.choice(list(flow.steps.values()))
        return replace(flow, steps={**flow.steps, step.id: _changed_step(rng, flow, step)})
    if pick < 0.85:
        kind, card = rng.choice(OVERLAYS), rng.choice(sorted(flow.cards))
        return replace(flow, overlays={**flow.overlays, kind: (card,)})
    if pick < 0.95:
        phase = rng.choice(flow.phases)
        other = replace(phase, stage=rng.choice(["before", "substantive", "after"]), pause=rng.random() < 0.3)
        return replace(flow, phases=tuple(other if one is phase else one for one in flow.phases))
    return replace(flow, disclosure=rng.choice(list(flow.steps)))


def changed(rng: random.Random, flow: Flow) -> Flow:
    """With one to four things another way, any card of the library among them."""
    flow = replace(flow, cards=library().cards, conditions=frozenset(library().vocabulary.conditions))
    for _ in range(rng.randint(1, 4)):
        flow = _changed_once(rng, flow)
    return flow


def is_good(flow: Flow) -> bool:
    homes = (found for rail in OWN_RAILS for found in rail(library(), flow, frozenset()))
    return not any(check_flow(flow)) and not any(homes)


@pytest.mark.parametrize("flow_id", FLOWS)
def test_what_the_rails_let_through_is_safe_to_walk(flow_id: str) -> None:
    rng = random.Random(flow_id)
    tried = [changed(rng, library().flows[flow_id]) for _ in range(CHANGED)]
    good = [flow for flow in tried if is_good(flow)]
    assert 0 < len(good) < CHANGED
    for flow in good[:WALKED]:
        watch = Watch(flow, rng.randint(*flow.ages))
        for _ in range(TURNS):
            watch.go(random_turn(rng, flow, watch.shown))
