"""Packs: what each may break, how they are laid over one another, and that ours keep every promise."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from protocols.build_cards import Deck, load_deck
from protocols.build_packs import load_packs
from protocols.check_packs import HARMLESS, Coded, check_packs
from protocols.errors import ProtocolError
from protocols.files import ROOT, read_files
from protocols.library import Library
from protocols.model import Phase, Wording
from protocols.packs import MOMENTS, Pack, Shelf, advice, words
from tests.protocols.player import library
from tests.protocols.test_library import edit

AGE = "packs/age_3_4.yml"
NEED = "packs/autism.yml"
ORDER = "packs.yml"
NAMED = {
    "trusted_adult",
    "trauma",
    "visual",
    "adhd",
    "autism",
    "speech_aac",
    "hearing",
    "second_language",
    "intellectual_disability",
    "interpreter",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Packs of one's own to break."""
    shutil.copytree(ROOT / "packs", tmp_path / "packs")
    shutil.copy(ROOT / ORDER, tmp_path)
    return tmp_path


def load(root: Path) -> Shelf:
    """Those of `root`, over our own cards."""
    return load_packs(read_files(root), our_cards(), library().vocabulary)


@cache
def our_cards() -> Deck:
    return load_deck(read_files(ROOT), library().vocabulary)


BROKEN: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "broken_packs.yml").read_text())


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_named_with_file_line_and_how_to_mend_it(root: Path, case: str) -> None:
    file, what = BROKEN[case]["file"], BROKEN[case]["says"]
    line = edit(root, file, BROKEN[case]["old"], BROKEN[case]["new"])
    with pytest.raises(ProtocolError) as caught:
        load(root)
    error = caught.value
    assert what in f"{error.what}. {error.how}"
    assert error.how
    assert error.file in {file, ORDER}
    if error.file == file and error.file != ORDER:
        assert abs(error.line - line) <= 3, f"line {error.line}, broken in {line}"


def test_the_line_is_the_very_line(root: Path) -> None:
    edit(root, NEED, "  rules_intro:", "  focus_plan:")
    text = (root / NEED).read_text(encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load(root)
    assert (caught.value.file, caught.value.line) == (NEED, text[: text.index("focus_plan")].count("\n") + 1)


@pytest.mark.parametrize("file", [ORDER, AGE])
def test_a_missing_file_is_named(root: Path, file: str) -> None:
    (root / file).unlink()
    with pytest.raises(ProtocolError, match="cannot be read|there is no file packs/age_3_4.yml"):
        load(root)


def test_there_is_a_pack_for_every_age_and_named_need_and_each_advises_something() -> None:
    packs = library().packs
    assert {name for name, pack in packs.items() if pack.kind != "age"} >= NAMED
    assert [pack.ages for pack in library().shelf.of_kind("age")] == [
        (3, 4), (5, 6), (7, 10), (11, 13), (14, 17),
    ]  # fmt: skip
    for pack in packs.values():
        moments = [one.at for one in pack.advice]
        assert {"substantive", "focused"} <= set(moments) <= set(MOMENTS), pack.id
        assert moments == sorted(moments, key=MOMENTS.index), f"{pack.id}: in the order of the interview"
        assert all(one.why.endswith(".") and one.source for one in pack.advice)
        assert max(moments.count(moment) for moment in MOMENTS) <= 3, "a few lines, not a lecture"


@pytest.mark.parametrize("age", range(3, 18))
def test_age_chooses_its_own_pack_alone(age: int) -> None:
    (pack,) = library().shelf.worn(age)
    assert pack.ages is not None
    assert pack.ages[0] <= age <= pack.ages[1]


def test_packs_change_words_and_nothing_else() -> None:
    """A pack has no field that could touch type, lock, rung or order, and flows are the same with it."""
    for pack in library().packs.values():
        for card_id, own in pack.wording.items():
            card = library().cards[card_id]
            assert card.spoken
            assert card.enabled
            assert card.needs is None
            assert (own.language, own.status) == ("en", "ready")
            assert own.note or not library().wording(card_id).note, "a note of the card is never lost"


def test_a_replaced_text_keeps_the_note_of_its_card(root: Path) -> None:
    edit(root, NEED, "  rules_intro:", "  close_questions: Now you can ask me, too.\n  rules_intro:")
    own = load(root).packs["autism"].wording["close_questions"]
    assert own.note == library().wording("close_questions").note


def test_age_comes_first_then_needs_then_the_interpreter_whatever_was_ticked_first() -> None:
    worn = library().shelf.worn(4, ["interpreter", "autism", "trauma"])
    assert [pack.id for pack in worn] == ["age_3_4", "trauma", "autism", "interpreter"]
    heard = library().shelf.worn(4, ["hearing", "intellectual_disability"])
    assert [pack.id for pack in heard] == ["age_3_4", "intellectual_disability", "hearing"]
    with pytest.raises(KeyError):
        library().shelf.worn(4, ["nothing_like_it"])


def test_of_two_packs_with_words_for_one_card_the_later_one_wins() -> None:
    shelf = library().shelf
    both = shelf.worn(4, ["interpreter", "autism"])
    age, autism, interpreter = both
    card = "practice_pleasant"
    assert words(both, card) == interpreter.wording[card] != autism.wording[card]
    assert words(shelf.worn(4, ["autism"]), card) == autism.wording[card] != age.wording[card]
    assert words(both, "rapport_likes") == age.wording["rapport_likes"], "nobody later has words for it"
    assert words(both, "pair_more") is None
    assert [pack.id for pack, _ in advice(both, "focused", "interview")] == [
        "age_3_4",
        "autism",
        "interpreter",
    ]


SURVIVES = {
    ("hearing", "info_recording"): "say or sign is recorded",
    ("hearing", "rules_dont_understand"): "did not see or understand",
    ("speech_aac", "info_rights"): "show me no",
    ("speech_aac", "rules_dont_know"): "say or show me",
    ("speech_aac", "sup_encourage"): "I wait",
    ("trusted_adult", "info_helper"): "stays here with us",
    ("trusted_adult", "rules_not_there"): "The others here only listen",
    ("visual", "open_computer"): "You can hear me type",
    ("second_language", "rules_intro"): "any language",
    ("interpreter", "rules_correct_me"): "one of us",
    ("trauma", "sup_control"): "stop or take a break whenever you like",
}
"""What a child cannot do without: no other pack, and not all together, may take it away."""


@pytest.mark.parametrize(("name", "card"), SURVIVES)
def test_what_a_child_cannot_do_without_survives_every_other_pack(name: str, card: str) -> None:
    shelf = library().shelf
    others = [pack.id for pack in shelf.of_kind("need", "interpreter")]
    for age in range(3, 18):
        for chosen in ([name, *others], *([name, other] for other in others)):
            shown = words(shelf.worn(age, chosen), card)
            assert shown is not None
            assert SURVIVES[name, card] in shown.text, f"{age} years, {chosen}"


def test_what_an_old_record_names_and_is_gone_is_left_out() -> None:
    kept = library().shelf.kept(["interpreter", "gone", "age_5_6"])
    assert [pack.id for pack in kept] == ["age_5_6", "interpreter"]


@pytest.mark.parametrize("flow", sorted(library().flows))
def test_every_flow_has_its_opening_its_account_and_its_end_and_no_advice_in_a_break(flow: str) -> None:
    moments = {phase.id: library().shelf.moment(phase) for phase in library().flows[flow].phases}
    assert {"opening", "substantive", "closing", "afterwards"} <= set(moments.values())
    assert all(moments[phase.id] is None for phase in library().flows[flow].phases if phase.pause)


def test_the_ladder_of_the_transition_stands_alone() -> None:
    phases = [phase for flow in library().flows.values() for phase in flow.phases if phase.id == "transition"]
    assert phases
    assert [library().shelf.moment(phase) for phase in phases] == [None] * len(phases)


def test_a_phase_nobody_named_follows_its_stage() -> None:
    shelf = Shelf()
    found = [shelf.moment(Phase("x", "X", stage)) for stage in ("before", "substantive", "after")]
    assert found == ["opening", "substantive", "closing"]


def test_the_hash_changes_with_one_word(root: Path) -> None:
    edit(root, NEED, "Literal words", "Plain words")
    now = load(root).packs
    assert {name for name, pack in now.items() if pack.hash != library().packs[name].hash} == {"autism"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - autism\n  - second_language\n", "  - second_language\n  - autism\n"),
        ("rules: rules", "rules: opening"),
    ],
)
def test_order_and_moments_have_a_hash_of_their_own(root: Path, old: str, new: str) -> None:
    before = load(root)
    edit(root, ORDER, old, new)
    now = load(root)
    assert before.hash == library().shelf.hash != now.hash
    assert {pack.hash for pack in now.packs.values()} == {pack.hash for pack in before.packs.values()}


def test_an_unknown_source_is_named_at_its_own_line(root: Path) -> None:
    old = 'sources: ["General knowledge of the field"]'
    line = edit(root, NEED, old, 'sources:\n    - "Known [S:9]"\n    - "Not known [S:9999]"')
    with pytest.raises(ProtocolError, match=r"S:9999") as caught:
        load(root)
    assert (caught.value.file, caught.value.line) == (NEED, line + 2)


CARRIED = ("in writing", "a card with", "contacts that work")


def test_what_a_child_would_carry_is_tied_to_its_safety_and_never_part_of_a_first_contact() -> None:
    for name in ("second_language", "intellectual_disability", "hearing"):
        (one,) = [
            one
            for one in library().packs[name].advice
            if one.at == "closing" and any(what in one.text.lower() for what in CARRIED)
        ]
        assert "only if it is safe for the child to carry" in one.text
        assert "somebody may look through" in one.why
        assert one.fits("interview")
        assert not one.fits("first_contact")


@pytest.mark.parametrize(
    ("name", "said"),
    [("age_14_17", "Once the young person has named"), ("age_7_10", "If the child said")],
)
def test_what_asks_for_one_after_the_other_waits_for_the_child(name: str, said: str) -> None:
    (one,) = [one for one in library().packs[name].advice if one.at == "focused"]
    assert one.text.startswith(said)


def with_words(card: str, text: str, pack: str = "autism") -> Library:
    own: Pack = replace(library().packs[pack], wording={card: Wording(text)})
    shelf = replace(library().shelf, packs={own.id: own})
    return replace(library(), shelf=shelf)


def test_words_that_code_otherwise_or_are_flagged_are_named() -> None:
    asked: list[tuple[str, int | None]] = []

    def code(text: str, age: int | None) -> Coded:
        asked.append((text, age))
        return Coded("yes_no", ("promise", *HARMLESS))

    found = list(check_packs(with_words("rapport_likes", "Do you like it?"), code))
    assert [(where, what.split("' ")[1]) for where, what, _ in found] == [
        ("autism/rapport_likes", "codes as yes_no, not as invitation"),
        ("autism/rapport_likes", "is flagged: promise"),
    ]
    assert asked == [("Do you like it?", 3)], "as the youngest child hears it"
    assert not list(check_packs(with_words("info_assent", "Okay?"), lambda *_: Coded("yes_no", ("support",))))


def test_words_for_a_card_of_older_children_are_named() -> None:
    found = list(check_packs(with_words("practice_segment", "x", "age_3_4")))
    assert [where for where, _, _ in found] == ["age_3_4/practice_segment"]


def test_a_phase_of_no_flow_is_named() -> None:
    shelf = replace(library().shelf, phases={**library().shelf.phases, "overture": "opening"})
    found = list(check_packs(replace(library(), shelf=shelf)))
    assert [(where, "overture" in what) for where, what, _ in found] == [("packs.yml", True)]
