"""When a fact from the file may be put: every reason against it, from the record alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from protocols.labels import Label
from tests.interview.parts import LIBRARY
from web.interview.reveal import Lock, Standing, advice, focused_phases, locks
from web.interview.words import data
from web.store import InterviewState

FLOW = LIBRARY.flows["nichd_revised_2014"]
OPEN = Label("interviewer_turn", {"type": "invitation", "suggestive": False})
TOLD = Label("child_turn", {"response": "narrative", "substantive": True, "reluctance": False})
APPROVED = Label("observe", {"condition": "approved"})


def go(step: str) -> Label:
    return Label("go_to", {"step": step})


ACCOUNT: tuple[Label, ...] = (go("free_account"), *(OPEN, TOLD) * 3)
MET = Standing(InterviewState.LIVE, [*ACCOUNT, go("focused"), APPROVED], listed=2)


def why(standing: Standing, protocol: str = "nichd_revised_2014") -> list[str]:
    return [lock.id for lock in locks(LIBRARY.flows[protocol], 8, standing)]


def test_when_all_is_met_nothing_locks() -> None:
    assert why(MET) == []


def labelled(*labels: Label) -> Standing:
    return replace(MET, labels=labels)


CASES: list[tuple[str, Standing]] = [
    ("none_listed", replace(MET, listed=0)),
    ("all_put", replace(MET, shown=2)),
    ("not_live", replace(MET, life=InterviewState.PLANNED)),
    ("not_live", replace(MET, life=InterviewState.BREAK)),
    ("not_live", replace(MET, life=InterviewState.CLOSED)),
    ("not_answered", replace(MET, shown=1, settled=False)),
    ("not_decided", labelled(*ACCOUNT, go("focused"))),
    ("not_decided", labelled(APPROVED, *ACCOUNT, go("focused"))),  # a decision on another step, before
    ("open_first", labelled(*ACCOUNT[:5], go("focused"), APPROVED)),
    ("open_first", labelled(*ACCOUNT, go("last_time"), go("focused"), APPROVED)),  # another incident
    ("part", labelled(*ACCOUNT, APPROVED)),
    ("part", labelled(*ACCOUNT, go("planned_break"), APPROVED)),
    ("part", labelled(*ACCOUNT, go("closing"), APPROVED)),
    ("interrupted", labelled(*MET.labels, Label("safety"))),
    ("interrupted", labelled(*MET.labels, Label("reluctance"))),
]


@pytest.mark.parametrize(("lock", "standing"), CASES)
def test_each_reason_locks_by_itself(lock: str, standing: Standing) -> None:
    assert why(standing) == [lock]


def test_every_reason_is_tried_and_has_its_words() -> None:
    words = data("reveal")["locks"]
    assert {lock for lock, _ in CASES} | {"protocol"} == words.keys()
    assert Lock("open_first", 2).words().endswith(": 2.")
    assert all("{" not in Lock(lock).words() for lock in words)


def test_all_reasons_are_told_at_once() -> None:
    begun = Standing(InterviewState.LIVE, [], listed=1)
    assert why(begun) == ["part", "open_first", "not_decided"]


@pytest.mark.parametrize("protocol", sorted(LIBRARY.flows))
def test_in_every_protocol_the_focused_part_is_about_what_happened_and_not_its_beginning(
    protocol: str,
) -> None:
    flow = LIBRARY.flows[protocol]
    found = focused_phases(flow)
    assert found
    assert all(flow.phase(phase).probing for phase in found)
    assert next(phase.id for phase in flow.phases if phase.probing) not in found


def test_a_first_contact_puts_no_facts() -> None:
    for flow in LIBRARY.flows.values():
        if flow.kind == "first_contact":
            assert why(replace(MET, labels=[]), flow.id) == ["protocol"]


def test_the_advice_says_where_it_is_known_from() -> None:
    lines = advice("a {source} photo")
    assert "a {source} photo" in lines[0]
    assert not any("{" in line for line in lines[1:])
