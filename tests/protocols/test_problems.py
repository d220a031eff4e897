"""All faults of an edition in the making at once, each with its file and line, and none that is not one."""

from __future__ import annotations

import pytest

from protocols.model import Flow
from protocols.problems import problems_of
from tests.protocols.own_files import (
    CARDS,
    FLOW,
    WORDS,
    Data,
    card,
    changed,
    found,
    own_words,
    shipped,
    step,
    written,
)
from tests.protocols.player import library

SV = "wording/own_sv.yml"


def uses_own_card(data: Data, cards: Data) -> None:
    cards["own_more"] = card("Tell me more.", phase="account")
    step(data, "account")["collect"].append("own_more")


def test_nothing_is_wrong_with_nothing() -> None:
    assert found({}) == []
    assert found(changed("minimal_facts", uses_own_card)) == []


def test_every_broken_file_is_told_of() -> None:
    own = {
        **changed("minimal_facts", uses_own_card),
        WORDS: own_words(pair_mroe="Tell me more."),
        SV: b"language: sv\n",
        "packs/own_x.yml": b"a: [",
        "flows/own_two/flow.yml": b"flow: 1\n",
    }
    assert [(one.file, one.line > 0) for one in found(own)] == [
        ("flows/own_two/flow.yml", True),
        ("packs/own_x.yml", True),
        (SV, True),
        (WORDS, True),
    ]


def test_broken_cards_do_not_make_those_who_use_them_wrong() -> None:
    own = changed("minimal_facts", uses_own_card)
    (problem,) = found({**own, CARDS: b"cards:\n  own_more: {}\n"})
    assert (problem.flow, problem.file, problem.line) == ("own_here", CARDS, 2)


def test_a_broken_protocol_does_not_hide_what_its_cards_and_other_files_have() -> None:
    own = changed("minimal_facts", uses_own_card)
    own[FLOW] = own[FLOW].replace(b"stage: before", b"stage: early", 1)
    own[CARDS] = own[CARDS].replace(b"From general knowledge", b"'[S:999]'")
    own[SV] = own_words("sv", pair_mroe="Mer.")
    assert [one.file for one in found(own)] == [FLOW, CARDS]
    own[CARDS] = changed("minimal_facts", uses_own_card)[CARDS]
    assert [one.file for one in found(own)] == [FLOW, SV]


def test_a_fit_without_its_protocol_is_told_of_once_there_is_one_to_judge() -> None:
    fit = shipped()["flows/minimal_facts/fit.yml"]
    (alone,) = found({"flows/own_here/fit.yml": fit})
    assert alone.what == "there is no flow.yml beside this file"
    (problem,) = found({FLOW: b"flow: 1\n", "flows/own_here/fit.yml": fit})
    assert problem.file == FLOW


def test_a_card_that_is_there_already_is_told_of_in_the_own_file() -> None:
    for taken in ("pair_more", "traf_listen"):
        own = {CARDS: written({"cards": {taken: card("Tell me.")}})}
        (problem,) = found(own)
        assert (problem.file, f"a card '{taken}' is already in" in problem.what) == (CARDS, True)


def test_with_a_broken_file_the_others_are_held_against_the_rails() -> None:
    own = changed("nichd_standard", lambda data, _: data["flow"].update(open_before_focused=1))
    assert [one.file for one in found({**own, SV: b"x"})] == [SV, FLOW]


def test_the_line_is_that_of_the_step_the_phase_or_the_card() -> None:
    own = changed("nichd_standard", lambda data, _: step(data, "likes")["collect"].append("focus_where"))
    (problem,) = found(own)
    assert own[FLOW].decode().splitlines()[problem.line - 1].strip() == "- focus_where"
    own = changed("nichd_standard", lambda data, _: data["phases"][0].update(title="One two three"))
    (problem,) = found(own)
    assert own[FLOW].decode().splitlines()[problem.line - 1].strip() == "- id: opening"


def test_a_protocol_in_force_is_not_held_against_the_rails_again(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[str] = []

    def rail(flow: Flow) -> tuple[()]:
        held.append(flow.id)
        return ()

    monkeypatch.setattr("protocols.validate.RAILS", (rail,))
    own = changed("minimal_facts", uses_own_card)
    found(own)
    assert held == ["own_here"]
    problems_of({**shipped(), **own, WORDS: own_words(contact_more="Tell me more.")}, library())
    assert held == ["own_here"] * 2


def test_broken_shipped_files_are_told_of_too() -> None:
    (problem,) = problems_of({**shipped(), "common.yml": b"x: 1\n"})
    assert problem.file == "common.yml"
    assert [one.file for one in problems_of({})] == ["vocabulary.yml"]


def test_a_replaced_pack_that_is_broken_leaves_the_rest_to_be_judged() -> None:
    own = {"packs/autism.yml": b"pack: 1\n", WORDS: own_words(pair_mroe="Mer.")}
    assert [one.file for one in found(own)] == ["packs/autism.yml", WORDS]
