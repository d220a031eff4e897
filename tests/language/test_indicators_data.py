"""The taxonomy as data, and its written examples and false friends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.language.talk import NLU_DATA, say
from web.language.conversation import Conversation
from web.language.indicators.phrases import DATA, inflect, macros
from web.language.indicators.taxonomy import read_concept, taxonomy
from web.language.model import Indicator

GROUPS = {
    "abuse": "ABU-PHY ABU-SEX ABU-EMO NEG DVW",
    "conflict": "WAR ARM DET SEP DISC",
    "exploitation": "EXP-LAB EXP-DOM EXP-SEX EXP-BEG EXP-CRIM EXP-ORG",
    "trafficking": "THB-REC THB-TRANS THB-DEC THB-DEBT THB-DOC THB-THR THB-CTRL THB-SCRIPT",
    "risks": "MIS ONL CHM FGM HON HEA SUB",
    "acute": "SAF-SUI SAF-SH SAF-NOW SAF-MED SAF-OTH SAF-HARM SAF-INT",
    "communication": "COM-REL COM-DEN COM-REC COM-PART COM-DELAY COM-SPON COM-SEC COM-FEAR COM-LOY COM-DIS "
    "COM-DISS COM-FAT COM-BRK COM-MIS COM-DK COM-COR COM-TERM COM-SRC COM-IMP",
}
FOLDER = DATA / "indicators"
WORDINGS = yaml.safe_load(Path(__file__).with_name("indicator_wordings.yml").read_text(encoding="utf-8"))


def examples(kind: str) -> list[tuple[str, str]]:
    entries = yaml.safe_load((NLU_DATA / "children" / "first.yml").read_text(encoding="utf-8"))["nlu"]
    return [
        (entry["intent"].removeprefix(f"{kind}_"), line[2:].strip())
        for entry in entries
        if entry["intent"].startswith(f"{kind}_")
        for line in entry["examples"].splitlines()
        if line.strip()
    ]


def real(found: Indicator) -> bool:
    return found.polarity != "negated" and found.reality == "actual"


def test_every_tag_of_the_taxonomy_is_there_in_its_file() -> None:
    there = {path.stem: set(yaml.safe_load(path.read_text("utf-8"))) for path in FOLDER.glob("*.yml")}
    assert there == {name: set(tags.split()) for name, tags in GROUPS.items()}
    assert len(taxonomy()) == 57


def test_every_tag_says_what_it_is_where_it_comes_from_and_why() -> None:
    for concept in taxonomy():
        assert all([concept.name, concept.definition, concept.source, concept.why]), concept.tag
        assert 0 <= concept.floor <= concept.urgency <= 3
        assert bool(concept.patterns) != bool(concept.derived), concept.tag


def test_harm_and_acute_tags_know_how_an_interviewer_would_bring_them_up() -> None:
    without = [one.tag for one in taxonomy() if one.mention is None and not one.process]
    assert without == []
    assert [one.tag for one in taxonomy() if not one.process and not one.cautions] == []


def test_the_readme_explains_every_key() -> None:
    explained = set(re.findall(r"`(\w+)`", (FOLDER / "README.md").read_text("utf-8")))
    used: set[str] = set()
    for path in FOLDER.glob("*.yml"):
        for entry in yaml.safe_load(path.read_text("utf-8")).values():
            used |= set(entry)
            for part in ("patterns", "cautions", "rules"):
                used |= {key for one in entry.get(part, []) for key in one}
    assert used - explained == set()


def test_an_entry_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(KeyError, match="definition"):
        read_concept("NEW", {"name": "New"})


def test_a_tag_that_is_defined_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "indicators").mkdir()
    for name in ("one.yml", "two.yml"):
        (tmp_path / "indicators" / name).write_text("NEW: {}")
    monkeypatch.setattr("web.language.indicators.taxonomy.DATA", tmp_path)
    entry = {"name": "New", "definition": "…", "source": "…", "why": "…", "urgency": 1}
    monkeypatch.setattr("web.language.indicators.taxonomy.load", lambda name: {"NEW": entry})
    with pytest.raises(ValueError, match=r"two\.yml: tag NEW is defined twice"):
        taxonomy.__wrapped__()


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


@pytest.mark.parametrize("tag", sorted(WORDINGS))
def test_a_reliable_wording_is_found_without_the_learned_coder(tag: str) -> None:
    for line in WORDINGS[tag]["worded"]:
        assert any(one.tag == tag and real(one) for one in say(Conversation(8), line)), line


@pytest.mark.parametrize("tag", sorted(WORDINGS))
def test_a_wording_that_only_looks_like_it_is_not_for_the_same_day(tag: str) -> None:
    for line in WORDINGS[tag]["traps"]:
        assert [one.tag for one in say(Conversation(8), line) if one.urgency >= 2] == [], line


def test_the_sentences_of_this_test_cover_the_taxonomy() -> None:
    assert set(WORDINGS) == {one.tag for one in taxonomy() if one.derived is None}


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
