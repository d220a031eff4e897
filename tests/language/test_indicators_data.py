"""The taxonomy as data, and its written examples and false friends."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.language.talk import NLU_DATA, say
from web.language.conversation import Conversation
from web.language.indicators.phrases import inflect, macros
from web.language.indicators.taxonomy import taxonomy
from web.language.model import Indicator

PLANNED = [
    "ABU-PHY",
    "ABU-SEX",
    "NEG",
    "DVW",
    "EXP-LAB",
    "EXP-SEX",
    "THB-DEBT",
    "THB-DOC",
    "THB-CTRL",
    "THB-THR",
    "COM-SEC",
    "COM-REL",
    "COM-DEN",
    "COM-REC",
    "COM-FEAR",
    "COM-BRK",
    "COM-DIS",
    "COM-MIS",
    "COM-COR",
    "SAF-SUI",
    "SAF-SH",
    "SAF-NOW",
    "SAF-MED",
    "SAF-OTH",
    "SAF-HARM",
]


def examples(kind: str) -> list[tuple[str, str]]:
    entries = yaml.safe_load((NLU_DATA / "indicators.yml").read_text(encoding="utf-8"))["nlu"]
    return [
        (entry["intent"].removeprefix(f"{kind}_"), line[2:].strip())
        for entry in entries
        if entry["intent"].startswith(f"{kind}_")
        for line in entry["examples"].splitlines()
        if line.strip()
    ]


def real(found: Indicator) -> bool:
    return found.polarity != "negated" and found.reality == "actual"


def test_every_planned_tag_is_there_with_meaning_and_source() -> None:
    assert [concept.tag for concept in taxonomy()] == PLANNED
    for concept in taxonomy():
        assert all([concept.definition, concept.source, concept.patterns])
        assert 0 <= concept.floor <= concept.urgency <= 3


def test_every_tag_has_examples_and_false_friends() -> None:
    assert {tag for tag, _ in examples("indicator")} == set(PLANNED)
    assert {tag for tag, _ in examples("trap")} == set(PLANNED)


def test_no_tag_weighs_the_childs_truthfulness() -> None:
    words = json.dumps(
        [(one.name, one.definition, [p.why for p in one.patterns]) for one in taxonomy()]
    ).lower()
    for never in ("credib", "consisten", "truthful", "reliab", "no concern", "risk score", "likely abuse"):
        assert never not in words


def test_nearly_all_examples_are_found_and_all_acute_ones() -> None:
    missed = [
        (tag, line)
        for tag, line in examples("indicator")
        if not any(found.tag == tag and real(found) for found in say(Conversation(8), line))
    ]
    assert [one for one in missed if one[0].startswith("SAF-")] == []
    assert len(missed) <= 0.03 * len(examples("indicator")), missed


def test_hardly_any_false_friend_is_raised() -> None:
    raised = [
        (tag, line)
        for tag, line in examples("trap")
        if any(one.urgency >= 2 for one in say(Conversation(8), line))
    ]
    assert len(raised) <= 0.03 * len(examples("trap")), raised


def test_capitals_and_full_stops_are_not_needed() -> None:
    shouted = [
        (tag, line)
        for tag, line in examples("indicator")[::5]
        if not any(one.tag == tag for one in say(Conversation(8), line.upper() + "!!"))
    ]
    assert len(shouted) <= 3, shouted


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("hit", "hitted"),
        ("hit", "hitting"),
        ("push", "pushes"),
        ("burn", "burnt"),
        ("take off", "took off"),
        ("carry", "carries"),
        ("carry", "carried"),
        ("shove", "shoving"),
    ],
)
def test_verbs_are_known_as_children_say_them(verb: str, form: str) -> None:
    assert form in inflect(verb, {"burn": ["burnt"], "take": ["took"]})


def test_an_unknown_word_group_is_named() -> None:
    with pytest.raises(KeyError, match="no_such_group"):
        macros().compile("@no_such_group")
