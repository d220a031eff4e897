"""Flows as people read them: order, usual way, branches, and guards in plain words."""

from __future__ import annotations

import re

import pytest

from protocols.guards import FLAGS, NUMBERS, WORDS, compile_guard
from protocols.in_words import InWords, phrases
from protocols.model import Flow
from protocols.reading import Way, bands, numbers, onward, usual_way, ways
from tests.protocols.player import library, minimal, nichd

FLOWS = list(library().flows.values())
each_flow = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)


def words() -> InWords:
    return InWords(library().vocabulary.conditions)


@each_flow
def test_bands_hold_every_step_once_and_in_order(flow: Flow) -> None:
    steps = [step.id for band in bands(flow) for step in band.steps]
    assert steps == list(flow.steps) == list(numbers(flow))
    assert {band.phase.id for band in bands(flow) if not band.again} == {phase.id for phase in flow.phases}
    assert all(step.phase == band.phase.id for band in bands(flow) for step in band.steps)


@each_flow
def test_the_usual_way_goes_from_the_start_to_an_end_and_hears_the_child(flow: Flow) -> None:
    way = usual_way(flow)
    assert flow.start in way
    assert any(flow.steps[step].end for step in way)
    if flow.kind == "interview":
        assert any(flow.phase(flow.steps[step].phase).probing for step in way)


def test_the_usual_way_leaves_detours_out() -> None:
    assert {"likes", "rules", "transition", "free_account", "closing.after"} <= usual_way(nichd())
    assert not {"more_rapport", "information.withheld", "rules_later"} & usual_way(nichd())
    assert usual_way(minimal()) == set(minimal().steps)


def test_the_ladder_leads_to_the_account() -> None:
    flow = nichd()
    assert onward(flow, flow.steps["transition"]) == "free_account"
    assert onward(flow, flow.steps["closing.after"]) is None


def test_branches_keep_their_order_and_kind() -> None:
    assert ways(nichd().steps["likes"]) == [
        Way("likes", "more_rapport", "at_once", "reluctant >= 2 or short_answers >= 3"),
        Way("likes", "more_rapport", "after", "narratives == 0"),
        Way("likes", "practice_short", "after", "age <= 5"),
        Way("likes", "pleasant", "otherwise"),
    ]
    assert ways(minimal().steps["hello"]) == [Way("hello", "needs", "then")]


@pytest.mark.parametrize(
    ("guard", "said"),
    {
        "": "",
        "age >= 12 and not distress": "the child is 12 or older, and not so: the child is upset, far away, "
        "tired or in pain",
        "(one_time or script) and incidents == 0": "(it happened one time, or the child tells how it usually "
        "goes, not one time), and no separate time was taken up",
        "answer in [no, refuse]": "the child’s answer is “no” or a refusal",
        "answer not in [no]": "the child’s answer is not “no”",
        "stage != after": "the talk is not in its closing part",
        "not (enough or no_more)": "not so: (we know enough to act on safety, or the child has no other time "
        "to tell about)",
        "prompts < 3": "fewer than 3 prompts so far",
        "reluctant == 1": "signs of holding back in a row: 1",
    }.items(),
    ids=lambda value: str(value)[:20] or "always",
)
def test_guards_are_said_in_plain_words(guard: str, said: str) -> None:
    assert words().guard(guard) == said


@each_flow
def test_nothing_said_of_a_flow_still_holds_code(flow: Flow) -> None:
    said = [words().way(way) for step in flow.steps.values() for way in ways(step)]
    said += [part for step in flow.steps.values() for part in words().step(step)]
    said += [words().guard(branch.guard.text) for branch in flow.always]
    assert [text for text in said if re.search(r"[_{}=<>]", text)] == []


def test_everything_a_guard_may_ask_has_words() -> None:
    guards = [f"{name} {sign} 2" for name in NUMBERS for sign in ("==", "!=", "<", "<=", ">", ">=")]
    guards += [f"{name} == 0" for name in NUMBERS] + list(FLAGS) + list(library().vocabulary.conditions)
    guards += [f"{name} {sign} {word}" for name in WORDS for word in WORDS[name] for sign in ("==", "!=")]
    for guard in guards:
        compile_guard(guard, frozenset(library().vocabulary.conditions))
        assert words().guard(guard)


def test_words_are_said_in_the_readers_language() -> None:
    swedish = InWords(library().vocabulary.conditions, lambda text: text.replace("Otherwise", "Annars"))
    assert swedish.way(Way("a", "b", "otherwise")) == "Annars"
    assert phrases()["ways"]["otherwise"] == "Otherwise"
