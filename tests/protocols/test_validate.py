"""Each rail of the validator, with a flow that breaks just this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from protocols.check_packs import Coded
from protocols.guards import Guard
from protocols.library import Library
from protocols.model import Branch, Card, Flow, Step
from protocols.validate import Problem, check_flow, filled, validate
from tests.protocols.player import library, minimal, nichd


def with_step(flow: Flow, step_id: str, **changes: object) -> Flow:
    step: Step = replace(flow.steps[step_id], **changes)  # type: ignore[arg-type]
    return replace(flow, steps={**flow.steps, step_id: step})


def with_card(flow: Flow, card_id: str, **changes: object) -> Flow:
    card: Card = replace(flow.cards[card_id], **changes)  # type: ignore[arg-type]
    return replace(flow, cards={**flow.cards, card_id: card})


def with_phase(flow: Flow, phase_id: str, **changes: object) -> Flow:
    phases = tuple(replace(p, **changes) if p.id == phase_id else p for p in flow.phases)  # type: ignore[arg-type]
    return replace(flow, phases=phases)


def without_owed(flow: Flow) -> Flow:
    return with_phase(flow, "neutral", owed=False)


def to(step: str) -> tuple[Branch, ...]:
    return (Branch(step),)


YES = Guard("age >= 0", lambda _facts: True)

BROKEN: dict[str, tuple[Callable[[], Flow], str, str]] = {
    "a step nobody reaches": (
        lambda: with_step(nichd(), "planned_break", next=to("focused")),
        "after_break",
        "no way leads",
    ),
    "a circle without end": (
        lambda: with_step(nichd(), "closing.thanks", next=to("history")),
        "likes",
        "no end can be reached",
    ),
    "no end at all": (lambda: with_step(nichd(), "closing.after", next=to("welcome")), "steps", "no end"),
    "focused before open": (
        lambda: with_step(nichd(), "transition", next=to("focused")),
        "focused",
        "before open ones",
    ),
    "too few open prompts": (lambda: replace(nichd(), open_before_focused=2), "flow", "below 3"),
    "a first contact without open": (
        lambda: with_step(minimal(), "needs", next=to("safety")),
        "safety",
        "before open ones",
    ),
    "choice not paired": (
        lambda: with_card(nichd(), "option_place", then=None),
        "option_place",
        "not paired",
    ),
    "yes-no not paired": (
        lambda: with_card(nichd(), "option_anyone", then=None),
        "option_anyone",
        "not paired",
    ),
    "wh not paired": (
        lambda: with_step(nichd(), "focused", cards=("focus_where", "focus_who", "focus_who_open")),
        "focus_where",
        "not paired",
    ),
    "paired with a question": (
        lambda: with_step(nichd(), "one_or_more", when=(), next=to("focused")),
        "times_one_or_more",
        "not paired",
    ),
    "a yes on the ladder left alone": (
        lambda: with_step(nichd(), "transition", when=()),
        "ladder_worried",
        "not paired",
    ),
    "an end before the closing": (
        lambda: with_step(nichd(), "history", next=to("closing.after")),
        "closing",
        "without this phase",
    ),
    "an end before the neutral topic": (
        lambda: with_step(nichd(), "closing.thanks", next=to("closing.after")),
        "neutral",
        "without this phase",
    ),
    "nothing owed": (lambda: without_owed(nichd()), "phases", "must both be owed"),
    "an end inside an owed phase": (
        lambda: with_phase(nichd(), "afterwards", owed=True),
        "afterwards",
        "ends inside",
    ),
    "a rung left out": (
        lambda: with_step(nichd(), "transition", cards=("ladder_why", "ladder_talked", "ladder_summary")),
        "transition",
        "1, 2, 3",
    ),
    "the last rung open": (
        lambda: with_card(nichd(), "ladder_summary", needs=None),
        "transition",
        "one person alone",
    ),
    "a rung elsewhere": (
        lambda: with_step(nichd(), "likes", cards=("ladder_not_right",)),
        "likes",
        "outside it",
    ),
    "the ladder leads past telling": (
        lambda: with_step(nichd(), "no_disclosure", next=to("free_account")),
        "no_disclosure",
        "before the child has told",
    ),
    "a break that ends narrow": (
        lambda: with_step(nichd(), "after_break", cards=("focus_where", "focus_where_open")),
        "after_break",
        "no invitation",
    ),
    "a break key that ends narrow": (
        lambda: replace(nichd(), overlays={**nichd().overlays, "reopen": ("focus_where",)}),
        "likes",
        "after a break",
    ),
    "pairing with a question": (
        lambda: replace(nichd(), overlays={**nichd().overlays, "pairing": ("focus_where",)}),
        "focus_where",
        "'pairing' must be",
    ),
    "an interrupt without its card": (
        lambda: with_card(nichd(), "stop_accept", age_min=12),
        "stop",
        "do not fit every age",
    ),
    "a question in a break": (
        lambda: replace(nichd(), interrupts={**nichd().interrupts, "break": ("break_say", "focus_where")}),
        "focus_where",
        "focused question in 'break'",
    ),
    "no card for the youngest": (
        lambda: with_card(nichd(), "second_consider", age_min=9),
        "second_meeting_choice",
        "child of 4",
    ),
    "stages out of order": (lambda: with_phase(nichd(), "rapport", stage="after"), "phases", "out of order"),
    "a long title": (lambda: with_phase(nichd(), "rapport", title="Getting to know"), "rapport", "two words"),
    "a phase without steps": (
        lambda: with_step(nichd(), "history", phase="focused"),
        "history",
        "no step belongs",
    ),
    "a silent question": (
        lambda: with_card(nichd(), "focus_plan", says="wh"),
        "focus_plan",
        "cannot be a question",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_each_broken_flow_is_found(case: str) -> None:
    make, where, what = BROKEN[case]
    problems = list(check_flow(make()))
    assert any(p.where == where and what in p.what for p in problems), problems
    assert all(p.how for p in problems)


@pytest.mark.parametrize("flow_id", sorted(library().flows))
def test_our_own_flows_keep_every_rail(flow_id: str) -> None:
    assert list(check_flow(library().flows[flow_id])) == []


def test_every_prompt_is_held_against_the_coder() -> None:
    seen: list[tuple[str, int | None]] = []

    def code(text: str, age: int | None) -> Coded:
        seen.append((text, age))
        return Coded("invitation")

    problems = validate(library(), code)
    spoken = [card for card in library().cards.values() if card.spoken]
    changed = [card for pack in library().packs.values() for card in pack.wording]
    assert len(seen) == len(spoken) + len(changed)
    assert not any("{" in text for text, _ in seen)
    wrong = {card.id for card in spoken if card.says != "invitation"}
    assert {problem.where for problem in problems if problem.flow != "packs"} == wrong
    assert "codes as invitation, not as" in problems[0].what


def test_without_a_coder_nothing_is_wrong() -> None:
    assert validate(library()) == []


def test_a_pack_that_claims_to_be_complete_must_be() -> None:
    def pack(status: str) -> list[Problem]:
        wording = dict(library()._wording)
        wording["pair_more", "fi"] = replace(library().wording("pair_more"), status=status, language="fi")
        whole: Library = replace(library(), _wording=wording)
        return validate(whole)

    assert pack("draft") == []
    missing = pack("validated")
    assert {p.what for p in missing} == {"no wording in fi"}
    assert "pair_more" not in {p.where for p in missing}


def test_samples_fill_every_slot() -> None:
    slots = library().vocabulary.slots
    assert filled("You said {cue}. You also said {cue_2}.", slots) == (
        f"You said {slots['cue'].sample}. You also said {slots['cue_2'].sample}."
    )
