"""Which protocol fits: the order for plain cases, and what holds of every combination."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from protocols.build_fit import load_fit
from protocols.errors import ProtocolError
from protocols.files import ROOT, read_files
from protocols.fit import UNKNOWN, Fit, FitFacts, rank
from tests.protocols.player import library

AGES = range(2, 19)
OWN = "flows/sequential/fit.yml"
SHARED = "fit.yml"


def order(setting: str | None, age: int | None, purpose: str | None) -> list[Fit]:
    found = library()
    return rank(found.flows.values(), found.fit, setting, age, purpose)


def ids(setting: str | None, age: int | None, purpose: str | None) -> list[str]:
    return [fit.flow.id for fit in order(setting, age, purpose)]


# --- every combination


def test_every_combination_gives_every_flow_once_with_reasons_and_those_outside_the_age_last() -> None:
    flows = library().flows
    settings, purposes = library().fit.settings, library().fit.purposes
    for setting, age, purpose in product([None, *settings], [None, *AGES], [None, *purposes]):
        found = order(setting, age, purpose)
        assert sorted(fit.flow.id for fit in found) == sorted(flows)
        outside = [age is not None and not f.flow.ages[0] <= age <= f.flow.ages[1] for f in found]
        assert [fit.outside for fit in found] == outside == sorted(outside)
        for fit in found:
            weighed = (*fit.speaks_for, *fit.speaks_against)
            said = {"setting": setting, "age": age, "purpose": purpose}
            assert sorted(reason.about for reason in weighed) == sorted(
                k for k in said if said[k] is not None
            )
            assert fit.needs
            for reason in (*weighed, *fit.needs):
                assert re.search(r"\w", reason.said())
                assert not re.search(r"[{}]", reason.said())
                assert reason.source or fit.outside


def test_the_age_that_does_not_fit_is_said_with_both_figures() -> None:
    (last,) = (fit for fit in order("police", 3, "first_account") if fit.flow.id == "dialogical")
    assert last.outside
    assert last.speaks_against[0].said() == "This protocol is for children of 6 to 17 years; this child is 3."


def test_an_age_within_the_range_but_not_the_one_it_was_made_for_is_said_too() -> None:
    (fit,) = (fit for fit in order("police", 9, "first_account") if fit.flow.id == "sequential")
    assert not fit.outside
    assert any("children of 3 to 6; this child is 9" in reason.said() for reason in fit.speaks_against)


def test_reasons_stand_on_the_side_they_speak_for() -> None:
    for fit in order("police", 9, "first_account"):
        assert all(reason.fit in ("made", "suits") for reason in fit.speaks_for)
        assert all(reason.fit in ("care", "against") for reason in fit.speaks_against)


def test_nothing_said_keeps_the_order_given_and_a_flow_nobody_wrote_about_says_so() -> None:
    flows = list(library().flows.values())
    assert ids(None, None, None) == [flow.id for flow in flows]
    bare = rank(flows[:1], FitFacts({"a": "A"}, {"b": "B"}, {}, {}), "a", 9, "b")
    assert [reason.said() for reason in bare[0].speaks_against] == [UNKNOWN]


@pytest.mark.parametrize(("setting", "purpose"), [("moon", None), (None, "moon"), ("", None)])
def test_what_is_not_known_is_refused(setting: str | None, purpose: str | None) -> None:
    with pytest.raises(KeyError):
        order(setting, 9, purpose)


# --- what a practitioner expects


@pytest.mark.parametrize(
    ("setting", "age", "purpose", "first"),
    [
        ("asylum", 15, "asylum_claim", "asylum"),
        ("asylum", 8, "asylum_claim", "asylum"),
        ("asylum", 15, None, "asylum"),
        ("police", 4, "first_account", "sequential"),
        ("child_house", 4, "first_account", "sequential"),
        (None, 4, None, "sequential"),
        ("outreach", 16, "first_contact", "trafficking_first_contact"),
        ("child_house", 9, "after_reluctance", "nichd_revised_2014"),
        ("police", 6, "after_reluctance", "nichd_revised_2014"),
        ("social_services", 16, "after_reluctance", "nichd_revised_2014"),
        ("child_house", 7, "several_meetings", "extended"),
        ("school", 8, "minimal_facts", "minimal_facts"),
        ("school", 8, "first_account", "minimal_facts"),
        ("health", 3, "safety_now", "minimal_facts"),
        ("court", 12, "first_account", "abe_2022"),
        ("school", 8, "after_reluctance", "minimal_facts"),
        ("health", 8, "several_meetings", "minimal_facts"),
        ("outreach", 8, "follow_up", "minimal_facts"),
        ("asylum", 8, "first_account", "minimal_facts"),
        ("asylum", 8, "several_meetings", "asylum"),
        ("police", 8, "asylum_claim", "minimal_facts"),
    ],
)
def test_first_is_the_protocol_made_for_it(
    setting: str | None, age: int, purpose: str | None, first: str
) -> None:
    assert ids(setting, age, purpose)[0] == first


@pytest.mark.parametrize("setting", ["school", "health", "outreach"])
def test_who_meets_a_child_first_is_never_led_to_a_full_interview(setting: str) -> None:
    for age, purpose in product([None, *AGES], [None, *library().fit.purposes]):
        assert order(setting, age, purpose)[0].flow.kind == "first_contact", (age, purpose)


@pytest.mark.parametrize(
    ("setting", "purpose"),
    [
        ("asylum", "first_account"),
        ("police", "asylum_claim"),
        ("child_house", "asylum_claim"),
        ("social_services", "asylum_claim"),
        ("court", "asylum_claim"),
    ],
)
@pytest.mark.parametrize("age", [None, *AGES])
def test_what_is_to_be_referred_leads_to_first_contacts(setting: str, purpose: str, age: int | None) -> None:
    fitting = [fit for fit in order(setting, age, purpose) if not fit.outside]
    kinds = [fit.flow.kind for fit in fitting]
    assert kinds == sorted(kinds), "first contacts before interviews"


@pytest.mark.parametrize("age", range(3, 18))
def test_at_the_asylum_authority_only_its_own_interview_goes_before_first_contacts(age: int) -> None:
    for purpose in ("after_reluctance", "follow_up", "several_meetings", "asylum_claim"):
        first = order("asylum", age, purpose)[0].flow
        assert first.id == "asylum" if age >= 5 else first.kind == "first_contact", purpose


def test_an_interview_nobody_wrote_about_does_not_lead_where_first_contacts_do() -> None:
    found = library()
    known = {flow_id: own for flow_id, own in found.fit.flows.items() if flow_id != "ten_step"}
    (first, *_) = rank(found.flows.values(), replace(found.fit, flows=known), "school", 8, "after_reluctance")
    assert first.flow.id == "minimal_facts"


def test_no_sentence_on_an_age_contradicts_that_age() -> None:
    reason = library().fit.flows["dialogical"].ages[6]
    assert (reason.fit, "above the age" in reason.text) == ("care", False)


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        ("trafficking_first_contact", "full account"),
        ("trafficking_first_contact", "before anything else"),
        ("trafficking_first_contact", "border"),
        ("abe_2022", "topic by topic"),
        ("abe_2022", "sees what is missing"),
        ("four_phase", "order of cards"),
        ("nichd_standard", "little to offer"),
        ("sequential", "where the last one ended"),
        ("dialogical", "for the claim only"),
        ("dialogical", "no parts of their own"),
    ],
)
def test_nothing_is_called_verified_that_the_work_does_not_say(flow: str, words: str) -> None:
    own = library().fit.flows[flow]
    reasons = (*own.settings.values(), *own.purposes.values(), *own.ages.values(), *own.needs)
    assert not [reason.text for reason in reasons if reason.verified and words in reason.text]


def test_no_reason_speaks_of_risk_or_of_whether_a_child_is_believed() -> None:
    barred = re.compile(r"credib|reliab|\brisk|\blie\b|believ(?!e something)|no concern|score|honest", re.I)
    facts = library().fit
    texts = [*facts.settings.values(), *facts.purposes.values()]
    for own in facts.flows.values():
        reasons = (*own.settings.values(), *own.purposes.values(), *own.ages.values(), *own.needs)
        texts += [reason.text for reason in reasons]
    assert [text for text in texts if barred.search(text)] == []


# --- broken files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Copies of the files read here, to break."""
    for path in ROOT.rglob("fit.yml"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    return tmp_path


def load(root: Path) -> FitFacts:
    return load_fit(read_files(root), library().flows, library().vocabulary)


BROKEN = {
    "an unknown key": (OWN, "    fit: made\n", "    fitt: made\n    fit: made\n", "'fitt' is not known"),
    "a fit that is none": (OWN, "fit: made", "fit: best", "'best' is no choice"),
    "a setting that is none": (OWN, "[police, child_house]", "[polis, child_house]", "'polis' is not known"),
    "a setting twice": (OWN, "at: [social_services]", "at: [police]", "'police' is here twice"),
    "a setting left out": (OWN, "[police, child_house]", "[police]", "nothing is said on child_house"),
    "a purpose left out": (OWN, ", safety_now]", "]", "nothing is said on safety_now"),
    "an age left out": (OWN, "at: [7, 17]", "at: [8, 17]", "nothing is said on age 7"),
    "an age twice": (OWN, "at: [7, 17]", "at: [6, 17]", "age 6 is here twice"),
    "an age the flow does not take": ("flows/asylum/fit.yml", "[5, 11]", "[4, 11]", "not for age 4"),
    "ages swapped": (OWN, "at: [7, 17]", "at: [17, 7]", "the lower age is above"),
    "text for an age": (OWN, "at: [7, 17]", "at: [seven, 17]", "is text"),
    "a need that is none": (OWN, "kind: place", "kind: room", "'room' is not known"),
    "an unknown slot": (OWN, "this child is {age}.", "this child is {years}.", "a slot that is not known"),
    "a slot where no age is": (OWN, "says: More parts", "says: At {age} more parts", "only in ages"),
    "an unknown source": (OWN, "[S:57]", "[S:999]", "the source [S:999] is not known"),
    "verified by nothing": (OWN, "2020 [S:57]", "2020", "verified only by a cited source"),
    "no sentence": (OWN, "says: More parts can follow, on another day if need be.", "says: ''", "is empty"),
    "no such shared reason": (OWN, "reason: too_much_now", "reason: too_much", "'too_much' is not known"),
    "a reason twice over": (OWN, "reason: too_much_now}", "reason: too_much_now, says: x}", "'says'"),
    "a shared reason without source": (SHARED, "    source: From general knowledge\n", "", "lacks 'source'"),
    "a shared one with a slot": (SHARED, "No set length.", "At {age}.", "a slot that is not known"),
    "a first contact nowhere": (SHARED, "at: [outreach,", "at: [street,", "'street' is not known"),
    "a first contact for nothing": (SHARED, "for: [first_account]", "for: [account]", "'account' is not"),
    "no settings": (SHARED, "settings:\n", "setting:\n", "'setting' is not known"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_named_with_file_and_line(root: Path, case: str) -> None:
    file, old, new, what = BROKEN[case]
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load(root)
    assert (caught.value.file, what in caught.value.what + caught.value.how) == (file, True), caught.value
    near = text[: text.index(old)].count("\n") + 1
    assert caught.value.line
    assert abs(caught.value.line - near) <= 3 or "nothing is said" in caught.value.what, caught.value


def test_without_the_shared_file_there_is_an_error_that_names_it(root: Path) -> None:
    (root / SHARED).unlink()
    with pytest.raises(ProtocolError, match=r"fit\.yml:0: the file cannot be read"):
        load(root)


def test_facts_of_a_flow_that_is_not_there_are_an_error_and_a_flow_without_facts_is_none(root: Path) -> None:
    (root / "flows" / "sequential" / "fit.yml").rename(root / "flows" / "sequential" / "fit.old")
    assert "sequential" not in load(root).flows
    lone = root / "flows" / "lone"
    lone.mkdir()
    shutil.copy(root / "flows" / "extended" / "fit.yml", lone / "fit.yml")
    with pytest.raises(ProtocolError, match="no flow.yml beside"):
        load(root)


def test_every_flow_of_ours_has_its_facts() -> None:
    assert set(library().fit.flows) == set(library().flows)
