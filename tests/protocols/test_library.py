"""The library as a whole: what it gives, and the error for everything an author may break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from protocols.errors import ProtocolError
from protocols.files import ROOT
from protocols.library import load_library
from tests.protocols.player import library, nichd

FLOW = "flows/minimal_facts/flow.yml"
CARDS = "cards/first_contact.yml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library of one's own to break."""
    copy = tmp_path / "protocols"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


def edit(root: Path, file: str, old: str, new: str) -> int:
    """Replace `old` once; returns the line it stood in."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


BROKEN: dict[str, tuple[str, str, str, str]] = {
    "unknown key of a flow": (FLOW, "  kind: first", "  colour: red\n  kind: first", "'colour' is not known"),
    "unknown key of a step": (
        FLOW,
        "    title: Hello",
        "    nxet: a\n    title: Hello",
        "'nxet' is not known",
    ),
    "unknown key of a card": (CARDS, "    says: wh", "    say: wh\n    says: wh", "'say' is not known"),
    "missing key": (FLOW, "  open_before_focused: 1\n", "", "lacks 'open_before_focused'"),
    "missing card": (FLOW, "contact_hello", "contact_hullo", "there is no card 'contact_hullo'"),
    "missing overlay card": (FLOW, "reopen: [close_else]", "reopen: [close_esle]", "no card 'close_esle'"),
    "unknown step": (FLOW, "    next: safety\n", "    next: savety\n", "there is no step 'savety'"),
    "unknown step in always": (FLOW, "    then: refer", "    then: reffer", "there is no step 'reffer'"),
    "unknown disclosure step": (FLOW, "disclosure: account", "disclosure: acount", "no step 'acount'"),
    "unknown phase": (FLOW, "    phase: needs", "    phase: need", "no phase 'need'"),
    "a phase twice": (FLOW, "{id: needs,", "{id: opening,", "phase 'opening' is here twice"),
    "a step twice": (FLOW, "  - id: needs\n", "  - id: hello\n", "step 'hello' is here twice"),
    "wrong stage": (FLOW, "stage: before}", "stage: early}", "'early'"),
    "a bad guard": (FLOW, "if: prompts >= 9", "if: prompts >= nine", "'prompts' cannot be compared"),
    "an unknown name in a guard": (FLOW, "if: enough", "if: enogh", "'enogh' is not known"),
    "neither next nor end": (FLOW, "    end: true\n", "", "either 'next' or 'end: true'"),
    "both next and end": (FLOW, "    end: true\n", "    end: true\n    next: hello\n", "either 'next' or"),
    "next without else": (
        FLOW,
        "    next: needs",
        "    next:\n      - {if: enough, then: refer}",
        "one 'else'",
    ),
    "ages swapped": (FLOW, "ages: [3, 17]", "ages: [17, 3]", "lower age is above"),
    "an age nobody has": (FLOW, "ages: [3, 17]", "ages: [3, 99]", "ages"),
    "text for a number": (FLOW, "open_before_focused: 1", "open_before_focused: one", "is text"),
    "a list for text": (FLOW, "title: Minimal facts, first contact", "title: [a]", "is a list"),
    "an empty list": (FLOW, "collect: [contact_need, contact_care]", "collect: []", "empty or too short"),
    "an id of another folder": (FLOW, "id: minimal_facts", "id: maximal_facts", "the folder 'minimal_facts'"),
    "capital letters in an id": (FLOW, "  - id: goodbye", "  - id: Goodbye", "Goodbye"),
    "a key twice": (CARDS, "    spoken: true", "    spoken: true\n    spoken: false", "is here twice"),
    "a card twice": (CARDS, "  contact_need:", "  pair_more:", "is already in"),
    "a type that is none": (CARDS, "says: wh", "says: open", "'open'"),
    "no English": (CARDS, "      en: What do you need right now?", "      sv: Vad?", "lacks 'en'"),
    "an empty prompt": (CARDS, "en: What do you need right now?", "en: ''", "is empty"),
    "a strange language": (
        CARDS,
        "en: What do you need",
        "Klingon: qa\n      en: What do you need",
        "Klingon",
    ),
    "an unknown slot": (CARDS, "{interviewer}", "{interveiwer}", "slot '{interveiwer}' is not known"),
    "an unknown source": (CARDS, "[S:90]", "[S:9999]", "source [S:9999] is not known"),
    "verified without source": (CARDS, "verified: false", "verified: true", "only by a cited source"),
    "an unknown support": (CARDS, "support: effort", "support: bribe", "support 'bribe' is not known"),
    "ages of a card swapped": (
        CARDS,
        "    says: wh",
        "    age_min: 9\n    age_max: 5\n    says: wh",
        "age_min is above",
    ),
    "an unknown condition": (
        "cards/transition.yml",
        "needs: approved",
        "needs: aproved",
        "'aproved' is not known",
    ),
    "an unknown condition cleared": (
        "flows/nichd_revised_2014/flow.yml",
        "clears: [approved]",
        "clears: [aproved]",
        "'aproved' is not known",
    ),
    "an unknown part": (
        "flows/nichd_revised_2014/flow.yml",
        "call: information",
        "call: info",
        "no part 'info'",
    ),
    "an unknown rules phase": (
        "flows/nichd_revised_2014/flow.yml",
        "rules_phase: rules",
        "rules_phase: rule",
        "no phase 'rule'",
    ),
    "return where nobody called": (
        "parts/closing.yml",
        "next: neutral",
        "next: return",
        "linked, not called",
    ),
    "an interrupt without cards": ("common.yml", "  stop: [", "  halt: [", "'halt' is not known"),
    "an interrupt left out": (
        "common.yml",
        "  stop: [stop_accept, stop_thanks, stop_next, stop_record]\n",
        "",
        "each interrupt needs its cards",
    ),
    "an overlay left out": ("common.yml", "  silence: [silence_wait]\n", "", "no cards for silence"),
    "a broken vocabulary": ("vocabulary.yml", "filled_by: child", "filled_by: file", "'file'"),
    "a tab": (FLOW, "    phase: needs", "\tphase: needs", "tab"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_named_with_file_and_line(root: Path, case: str) -> None:
    file, old, new, what = BROKEN[case]
    line = edit(root, file, old, new)
    with pytest.raises(ProtocolError) as caught:
        load_library(root)
    error = caught.value
    assert what in f"{error.what}. {error.how}"
    assert error.file.endswith(".yml")
    assert error.how
    if error.file == file:
        assert abs(error.line - line) <= 20, f"line {error.line}, broken in {line}"


@pytest.mark.parametrize(
    ("case", "line_of"),
    [
        ("unknown key of a step", "nxet"),
        ("missing card", "contact_hullo"),
        ("a bad guard", "prompts >= nine"),
        ("unknown phase", "phase: need\n"),
        ("a key twice", "spoken: false"),
        ("text for a number", "open_before_focused: one"),
        ("an unknown slot", "{interveiwer}"),
        ("verified without source", "verified: true"),
    ],
)
def test_the_line_is_the_very_line(root: Path, case: str, line_of: str) -> None:
    file, old, new, _ = BROKEN[case]
    edit(root, file, old, new)
    text = (root / file).read_text(encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load_library(root)
    assert (caught.value.file, caught.value.line) == (file, text[: text.index(line_of)].count("\n") + 1)


@pytest.mark.parametrize("file", ["vocabulary.yml", "reasons.yml", "sources.yml", "common.yml"])
def test_a_missing_file_is_named(root: Path, file: str) -> None:
    (root / file).unlink()
    with pytest.raises(ProtocolError, match=f"{file}:0: the file cannot be read"):
        load_library(root)


def test_the_library_has_both_protocols() -> None:
    assert set(library().flows) >= {"nichd_revised_2014", "minimal_facts"}
    for flow in library().flows.values():
        assert (len(flow.hash), flow.purpose != "", len(flow.sources) > 0) == (64, True, True)


def test_the_hash_changes_with_one_word_and_with_nothing_else(root: Path) -> None:
    before = {flow.id: flow.hash for flow in load_library(root).flows.values()}
    assert before == {flow.id: flow.hash for flow in library().flows.values()}
    edit(root, CARDS, "What do you need right now?", "What do you need now?")
    after = {flow.id: flow.hash for flow in load_library(root).flows.values()}
    assert before["minimal_facts"] != after["minimal_facts"]
    assert before["nichd_revised_2014"] == after["nichd_revised_2014"]


def test_phase_cards_are_there_when_nothing_walks() -> None:
    cards = library().phase_cards("nichd_revised_2014", "practice")
    assert [card.id for card in cards][:2] == ["practice_why", "practice_pleasant"]
    assert len({card.id for card in cards}) == len(cards)
    for phase in nichd().phases:
        assert library().phase_cards("nichd_revised_2014", phase.id)
    with pytest.raises(KeyError):
        library().phase_cards("nichd_revised_2014", "no_such_phase")
    with pytest.raises(KeyError):
        library().phase_cards("no_such_flow", "practice")


def test_every_card_gives_why_and_source_and_only_cited_facts_are_verified() -> None:
    for card in library().cards.values():
        assert card.why.endswith(".")
        assert card.source
        assert not card.verified or "[S:" in card.source or "[Seed]" in card.source


def test_wording_falls_back_to_english_and_says_so() -> None:
    assert library().wording("pair_more").text == "Tell me more about that."
    assert library().wording("pair_more", "fi").status == "missing"
    with pytest.raises(KeyError):
        library().wording("no_such_card")


PACK = "language: sv\nstatus: draft\nwording:\n  pair_more: Berätta mer om det.\n"


def test_a_wording_pack_adds_a_language(root: Path) -> None:
    (root / "wording").mkdir(exist_ok=True)
    (root / "wording" / "sv.yml").write_text(PACK, encoding="utf-8")
    words = load_library(root).wording("pair_more", "sv")
    assert (words.text, words.status, words.language) == ("Berätta mer om det.", "draft", "sv")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("pair_more", "pair_mroe", "there is no card 'pair_mroe'"),
        ("det.", "{cue}.", "slots of 'pair_more' differ"),
        ("status: draft\n", "", "lacks 'status'"),
        ("language: sv", "language: Swedish", "Swedish"),
    ],
)
def test_a_broken_wording_pack_is_named(root: Path, old: str, new: str, what: str) -> None:
    (root / "wording").mkdir(exist_ok=True)
    (root / "wording" / "sv.yml").write_text(PACK.replace(old, new), encoding="utf-8")
    with pytest.raises(ProtocolError, match="wording/sv.yml") as caught:
        load_library(root)
    assert what in caught.value.what


def test_cues_are_filled_with_the_childs_words_only() -> None:
    for card in library().cards.values():
        if card.says == "invitation" and "cue" in card.id:
            assert {library().vocabulary.slots[slot].filled_by for slot in card.slots} == {"child"}, card.id


def test_every_reason_in_the_code_has_a_sentence() -> None:
    overlays = {f"overlay_{kind}" for kind in ("reopen", "pairing", "distress", "denial", "contradiction")}
    interrupts = {f"interrupt_{kind}" for kind in ("stop", "safety", "break", "reluctance")}
    plain = {
        "in_order",
        "stay_open",
        "next_rung",
        "not_answered",
        "open_first",
        "needs_approval",
        "comes_next",
    }
    hints = {"support", "support_first", "silence", "accept_dont_know"}
    assert overlays | interrupts | plain | hints <= set(library().reasons)


def test_only_what_a_flow_asks_for_may_be_observed_in_it() -> None:
    flows = library().flows
    assert {"enough", "distress", "no_disclosure"} <= flows["minimal_facts"].conditions
    assert "script" not in flows["minimal_facts"].conditions
    assert {"approved", "script"} <= flows["nichd_revised_2014"].conditions
    assert "met_before" in flows["extended"].conditions
    every = set(library().vocabulary.conditions)
    assert all(flow.conditions <= every for flow in flows.values())
