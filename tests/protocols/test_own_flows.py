"""A protocol of an agency's own keeps every rail: each way round one that we could think of is refused."""

from __future__ import annotations

import pytest

from protocols.editions import merge
from protocols.errors import ProtocolError
from protocols.problems import problems_of
from tests.protocols.own_files import Change, Data, card, changed, found, phase, shipped, step
from tests.protocols.player import library

NICHD = "nichd_standard"


def collects(step_id: str, *cards: str) -> Change:
    return lambda data, _: step(data, step_id).update(collect=list(cards))


def adds(step_id: str, card_id: str) -> Change:
    return lambda data, _: step(data, step_id)["collect"].append(card_id)


def leads(step_id: str, to: str) -> Change:
    return lambda data, _: step(data, step_id).update(next=to)


def heads(**facts: object) -> Change:
    return lambda data, _: data["flow"].update(facts)


def lays(**overlays: list[str]) -> Change:
    return lambda data, _: data.update(overlays=overlays)


def always(guard: str, to: str) -> Change:
    return lambda data, _: data.update(always=[{"if": guard, "then": to}])


def nothing_forgotten(data: Data, _: Data) -> None:
    for raw in data["steps"]:
        raw.pop("clears", None)


def a_rung_for_some_ages(data: Data, cards: Data) -> None:
    cards["own_seen"] = card("Tell me more.", phase="transition", rung=4, age_min=10)
    rungs = step(data, "transition")["collect"]
    rungs[3] = "own_seen"


def the_last_rung_unlocked(data: Data, cards: Data) -> None:
    cards["own_last"] = card("Tell me more.", phase="transition", rung=7, needs="one_time")
    step(data, "transition")["collect"][6] = "own_last"


def owed_elsewhere(data: Data, _: Data) -> None:
    for raw in data["phases"]:
        raw["owed"] = raw["id"] in ("rapport", "rules")


def no_closing(data: Data, _: Data) -> None:
    end = {"id": "end", "phase": "afterwards", "title": "End", "collect": ["after_record"], "end": True}
    data["steps"].append(end)
    step(data, "history")["next"] = "end"


def a_silent_closing(data: Data, _: Data) -> None:
    step(data, "closing").pop("link")
    step(data, "closing").update(phase="closing", title="End", collect=["after_record"], next="farewell")
    farewell = {"id": "farewell", "phase": "neutral", "title": "End", "collect": ["neutral_later"]}
    end = {"id": "end", "phase": "afterwards", "title": "End", "collect": ["after_record"], "end": True}
    data["steps"] += [{**farewell, "next": "end"}, end]


def a_way_on_paper(data: Data, _: Data) -> None:
    step(data, "focused")["next"] = [{"if": "age > 90", "then": "history"}, {"else": "planned_break"}]


def a_way_behind_another(data: Data, _: Data) -> None:
    step(data, "focused")["next"] = [{"if": "age > 1", "then": "planned_break"}, {"else": "history"}]


def asks_on(data: Data, _: Data) -> None:
    step(data, "account")["mode"] = "rotate"


def asks_for_all(data: Data, _: Data) -> None:
    step(data, "account")["collect"] += ["free_everything", "free_then", "free_go_on"]


def back_to_the_account(data: Data, _: Data) -> None:
    chat = {"id": "chat", "phase": "rapport", "title": "More", "collect": ["rapport_cue"]}
    data["steps"].append({**chat, "next": "free_account"})
    step(data, "transition")["next"] = "chat"


def own_interrupts(data: Data, _: Data) -> None:
    data["interrupts"] = {"stop": ["pair_more"]}


def asked_unpaired(data: Data, cards: Data) -> None:
    cards["own_choice"] = card("Was it day or night?", phase="focused", says="choice", then="step")
    step(data, "focused")["collect"] = ["own_choice", "focus_who"]


def many(guard: str) -> str:
    """`guard`, asking for so many other things that not every combination can be tried."""
    return f"{guard} and ({' or '.join(sorted(library().vocabulary.conditions)[:14])})"


def a_way_behind_many(data: Data, _: Data) -> None:
    step(data, "focused")["next"] = [{"if": many("age > 90"), "then": "history"}, {"else": "planned_break"}]


def many_ways(data: Data, _: Data) -> None:
    step(data, "focused")["when"] = [{"if": many(f"age > {n}"), "then": "history"} for n in range(90, 103)]


def asks(text: str, where: str = "likes", **facts: object) -> Change:
    def change(data: Data, cards: Data) -> None:
        cards["own_x"] = card(text, **facts)
        step(data, where)["collect"].append("own_x")

    return change


def a_telling_rung(data: Data, cards: Data) -> None:
    cards["own_x"] = card("I heard this: {summary}. Tell me more.", phase="transition", rung=4)
    step(data, "transition")["collect"][3] = "own_x"


HEARD = "I want to understand one thing: {summary}. Tell me everything you know about that."

ATTACKS: dict[str, tuple[str, Change, str]] = {
    "focused at once": (NICHD, leads("transition", "focused"), "focused questions can come before open"),
    "focused in the rapport": (NICHD, adds("likes", "focus_where"), "nothing holds this focused question"),
    "focused in the break": (NICHD, adds("planned_break", "focus_where"), "a focused question in a break"),
    "fewer open prompts": (NICHD, heads(open_before_focused=1), "open_before_focused is below 3"),
    "not paired": (NICHD, asked_unpaired, "not paired with an open prompt"),
    "a locked card on top": (NICHD, lays(locked=["ladder_summary"]), "a locked card stands in 'locked'"),
    "a locked card at denial": (NICHD, lays(denial=["sp_missing_again"]), "locked card stands in 'denial'"),
    "a rung on top": (NICHD, lays(contradiction=["ladder_job"]), "a locked card stands in 'contradiction'"),
    "a question at denial": (NICHD, lays(denial=["focus_who"]), "a focused question in 'denial'"),
    "a prompt for support": (NICHD, lays(support=["free_then"]), "'support' must ask for nothing"),
    "words for a lock": (NICHD, lays(locked=["stop_accept"]), "is said to the child"),
    "one decision for two": (NICHD, nothing_forgotten, "'approved', decided for 'transition', still opens"),
    "a rung left out": (NICHD, collects("transition", "ladder_why", "ladder_summary"), "1, 2, 3"),
    "a rung for some ages": (NICHD, a_rung_for_some_ages, "this rung is skipped at some ages"),
    "a rung elsewhere": (NICHD, adds("likes", "ladder_not_right"), "a rung of the ladder stands outside it"),
    "the last rung by another key": (NICHD, the_last_rung_unlocked, "open to one person alone"),
    "past the ladder": (NICHD, leads("likes", "free_account"), "though the child has told nothing"),
    "behind the ladder": (NICHD, back_to_the_account, "though the child has told nothing"),
    "from everywhere": (NICHD, always("prompts >= 3", "free_account"), "'always' leads to the account"),
    "told, and cut off": (NICHD, always("substantive", "closing"), "telling is led to the closing"),
    "told for long, and cut off": (NICHD, always("prompts >= 9", "closing"), "telling is led to the closing"),
    "told, and cut off here": (
        NICHD,
        lambda data, _: step(data, "free_account").update(when=[{"if": "disclosed", "then": "closing"}]),
        "telling is led to the closing",
    ),
    "told, and led away": (NICHD, heads(disclosure="closing"), "led away from telling"),
    "told, and asked narrowly": (NICHD, heads(disclosure="focused"), "is asked something narrow"),
    "no closing": (NICHD, no_closing, "an end can be reached without this phase"),
    "nothing owed": (NICHD, lambda data, _: phase(data, "closing").pop("owed"), "must both be owed"),
    "other things owed": (NICHD, owed_elsewhere, "must both be owed"),
    "a silent closing": (NICHD, a_silent_closing, "nothing is said in it to a child of 4"),
    "an end on paper": (NICHD, a_way_on_paper, "'age > 90' can never lead to 'history'"),
    "an end behind another": (NICHD, a_way_behind_another, "'else' can never lead to 'history'"),
    "own interrupts": (NICHD, own_interrupts, "'interrupts' is not known here"),
    "an interview by another name": (NICHD, heads(kind="first_contact"), "a first contact has no ladder"),
    "a first contact that goes on": (
        "minimal_facts", lambda data, _: data.pop("always"), "nothing ends this first contact",
    ),
    "an end behind many things": (NICHD, a_way_behind_many, "can never lead to 'history'"),
    "the account in the rapport": (NICHD, adds("likes", "free_everything"), "nothing holds this prompt"),
    "own focused in the rapport": (
        NICHD, asks("Where was it?", phase="any", says="wh"), "question of your own back in 'rapport'",
    ),
    "what the team knows": (NICHD, asks(HEARD, phase="any"), "'{summary}' tells what only the team knows"),
    "what the team knows, otherwise": (NICHD, asks(HEARD, phase="any", needs="denial"), "nothing locks it"),
    "what was seen": (NICHD, asks("I see {seen}.", says="non_question", phase="any"), "'{seen}' tells"),
    "a rung that tells it": (NICHD, a_telling_rung, "'{summary}' tells what only the team knows"),
    "a first contact without end": ("minimal_facts", always("prompts >= 30", "refer"), "nothing ends this"),
    "a first contact without end for some": (
        "minimal_facts", always("prompts >= 10 and stage != after and age == 3", "refer"), "nothing ends",
    ),
    "a first contact without end if noted": (
        "minimal_facts", always("prompts >= 10 and stage != after and not distress", "refer"), "nothing ends",
    ),
    "a first contact without end while it tells": (
        "minimal_facts", always("prompts >= 10 and stage != after and answer != yes", "refer"), "nothing",
    ),
    "a first contact on and on": ("minimal_facts", asks_on, "does not ask on and on"),
    "a first contact for an account": ("minimal_facts", asks_for_all, "more than 3 invitations"),
}  # fmt: skip


@pytest.mark.parametrize("case", ATTACKS)
def test_a_way_round_a_rail_is_refused_with_its_place(case: str) -> None:
    flow, change, what = ATTACKS[case]
    own = changed(flow, change)
    problems = [problem for problem in found(own) if what in problem.what]
    assert problems, found(own)
    for problem in problems:
        assert problem.how
        assert problem.file in own
        assert problem.line <= own[problem.file].count(b"\n")
        assert problem.line > 0


def test_more_ways_than_a_step_can_need_are_refused() -> None:
    """Each is held against those before it, while the author types."""
    assert [one.what for one in found(changed(NICHD, many_ways))] == ["steps.27.when: the list is too long"]


def test_what_the_team_knows_may_be_said_where_a_shipped_ladder_says_it() -> None:
    def change(data: Data, cards: Data) -> None:
        cards["own_seen"] = card("I see {seen}. Tell me more.", phase="transition", rung=4)
        step(data, "transition")["collect"][3] = "own_seen"

    assert found(changed(NICHD, change)) == []
    locked = found(changed(NICHD, asks(HEARD, "missing", phase="focused", needs="approved")))
    assert not any("{summary}" in problem.what for problem in locked)


@pytest.mark.parametrize("flow", sorted(library().flows))
def test_a_copy_that_changes_nothing_is_good(flow: str) -> None:
    assert found(changed(flow, lambda data, cards: None)) == []


@pytest.mark.parametrize(
    "name",
    [
        "common.yml", "vocabulary.yml", "fit.yml", "packs.yml", "sources.yml", "flow.schema.json",
        "flows/nichd_standard/flow.yml", "flows/nichd_standard/cards.yml", "cards/transition.yml",
        "cards/own_x.yml", "parts/own_x.yml", "wording/sv.yml", "wording/own_SV.yml", "flows/own_x/own.yml",
        "flows/own_x/../nichd_standard/flow.yml", "../own_x/flow.yml", "/flows/own_x/flow.yml",
        "flows/own_/flow.yml", "packs/new.yml", "packs/own_x.yml.bak", "flows/own_x/flow.yml\n",
        f"flows/own_{'x' * 41}/flow.yml",
    ],
)  # fmt: skip
def test_what_holds_the_rails_cannot_be_replaced(name: str) -> None:
    with pytest.raises(ProtocolError, match="cannot be a file of your own") as caught:
        merge(shipped(), {name: b"x: 1\n"})
    assert caught.value.file == name
    problems = problems_of({**shipped(), name: b"x: 1\n"}, library())
    assert [(one.file, one.what) for one in problems] == [(name, "this cannot be a file of your own")]
