"""Words and packs of an agency's own: laid over the shipped ones, and refused where they may not be."""

from __future__ import annotations

import pytest

from protocols.check_packs import Coded
from protocols.editions import merge
from protocols.errors import ProtocolError
from protocols.library import Library, load_library
from tests.protocols.own_files import CARDS, WORDS, Data, card, changed, found, own_words, shipped, written
from tests.protocols.player import library

SV, FI = "wording/own_sv.yml", "wording/own_fi.yml"
PACK = "packs/own_shy.yml"
VALIDATED = {"status": "validated", "validated": {"by": "Language council", "on": "2026-11-20"}}


def loaded(own: dict[str, bytes]) -> Library:
    return load_library(merge(shipped(), own))


def words(language: str, wording: Data, **head: object) -> bytes:
    plain = {"language": language, "author": "Child house A", "version": "2", "status": "draft"}
    return written({**plain, **head, "wording": wording})


def shy(**head: object) -> Data:
    return {
        "pack": {
            "id": "own_shy",
            "title": "Shy",
            "purpose": "For shy children",
            "kind": "need",
            "offered": "When the child is shy",
            "sources": ["From general knowledge"],
            **head,
        },
        "advice": [
            {"at": "opening", "text": "Wait.", "why": "It helps.", "source": "Own", "verified": False}
        ],
        "wording": {"pair_more": "Tell me more."},
    }


def test_own_words_lie_over_the_shipped_ones_of_their_language_alone() -> None:
    ours = loaded({SV: words("sv", {"pair_more": "Berätta mer om det här."})})
    got, english = ours.wording("pair_more", "sv"), ours.wording("pair_more")
    assert (got.text, got.status) == ("Berätta mer om det här.", "draft")
    assert (got.author, got.version, got.validated_by, got.validated_on) == ("Child house A", "2", "", "")
    assert english == library().wording("pair_more")
    assert ours.wording("free_then", "sv") == library().wording("free_then", "sv")
    assert got.note == library().wording("pair_more", "sv").note


def test_a_validated_file_makes_its_own_cards_validated_and_claims_nothing_of_others() -> None:
    own = {SV: words("sv", {"pair_more": "Berätta mer."}, **VALIDATED)}
    ours = loaded(own)
    got = ours.wording("pair_more", "sv")
    assert (got.status, got.validated_by, got.validated_on) == ("validated", "Language council", "2026-11-20")
    assert ours.wording("free_then", "sv").status == "draft"
    assert found(own) == []


def test_own_words_may_be_in_a_language_nobody_shipped() -> None:
    ours = loaded(
        {FI: words("fi", {"pair_more": {"text": "Kerro lisää.", "note": "Hitaasti."}}, **VALIDATED)}
    )
    assert (ours.wording("pair_more", "fi").text, ours.wording("pair_more", "fi").note) == (
        "Kerro lisää.",
        "Hitaasti.",
    )
    assert ours.wording("free_then", "fi").status == "missing"
    assert "fi" in ours.languages()


def test_own_english_replaces_english_and_keeps_the_note_and_changes_the_flows_that_use_it() -> None:
    ours = loaded({WORDS: own_words(contact_need="What do you need?", focus_plan="Ask little.")})
    assert ours.wording("contact_need").text == "What do you need?"
    assert ours.wording("contact_need").note == library().wording("contact_need").note
    assert ours.wording("focus_plan").text == "Ask little."
    now, before = ours.flows, library().flows
    assert {name for name in now if now[name].hash != before[name].hash} >= {
        "minimal_facts",
        "nichd_standard",
    }


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "validated by nobody": (SV, words("sv", {}, status="validated"), "validated by somebody on a day"),
    "a draft validated": (SV, words("sv", {}, validated=VALIDATED["validated"]), "validated by somebody"),
    "validated on no day": (
        SV,
        words("sv", {}, status="validated", validated={"by": "A", "on": "2026-02-30"}),
        "'2026-02-30' is no day",
    ),
    "a day in words": (
        SV,
        words("sv", {}, status="validated", validated={"by": "A", "on": "yesterday"}),
        "'yesterday' is no day",
    ),
    "validated by no name": (
        SV,
        words("sv", {}, status="validated", validated={"by": "", "on": "2026-02-20"}),
        "the text is empty",
    ),
    "ready": (SV, words("sv", {}, status="ready"), "'ready' is no choice here"),
    "no author": (SV, written({"language": "sv", "wording": {}}), "lacks 'author'"),
    "another language": (SV, words("fi", {}), "the language is 'fi', the file is for 'sv'"),
    "no such card": (SV, words("sv", {"pair_mroe": "Mer."}), "there is no card 'pair_mroe'"),
    "other slots": (SV, words("sv", {"follow_cue": "Mer."}), "the slots of 'follow_cue' differ"),
    "a slot nobody knows": (SV, words("sv", {"pair_more": "Mer {om}."}), "the slot '{om}' is not known"),
    "a slot in a note": (
        SV,
        words("sv", {"pair_more": {"text": "Mer.", "note": "Säg {cue}."}}),
        "braces in a text",
    ),
    "a status of one card": (
        SV,
        words("sv", {"pair_more": {"text": "Mer.", "status": "validated"}}),
        "'status' is not known here",
    ),
    "a locked card": (
        WORDS,
        own_words(ladder_summary="I heard that {summary}."),
        "'ladder_summary' is locked",
    ),
    "one switched off": (WORDS, own_words(sup_eye_contact="Come closer."), "'sup_eye_contact' is locked or"),
    "a pack for another age": (
        PACK,
        written(shy(kind="age", ages=[3, 4])),
        "a pack is chosen by age, or offered",
    ),
    "a pack of another name": (PACK, written(shy(id="own_other")), "the id is 'own_other'"),
    "a pack for a locked card": (
        PACK,
        written({**shy(), "wording": {"ladder_summary": "I heard that {summary}."}}),
        "locked or switched off",
    ),
    "no YAML": (PACK, b"a: [\nb: 1\n", "not valid YAML"),
    "not text": (PACK, b"\xff\xfe", "not UTF-8"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_own_words_are_named_with_file_and_line(case: str) -> None:
    file, raw, what = BROKEN[case]
    with pytest.raises(ProtocolError) as caught:
        loaded({file: raw})
    error = caught.value
    assert (error.file, what in error.what) == (file, True), error
    assert 0 < error.line <= raw.count(b"\n") + 1
    (problem,) = found({file: raw})
    assert (problem.file, problem.line, problem.what, problem.how) == (
        error.file, error.line, error.what, error.how,
    )  # fmt: skip


def test_the_words_of_own_cards_are_validated_by_somebody_in_a_file_that_names_them() -> None:
    ours = card("Tell me more.")
    ours["wording"]["sv"] = {"text": "Mer.", "status": "validated"}
    own = changed("minimal_facts", lambda data, cards: cards.update(own_more=ours))
    (problem,) = found(own)
    assert (problem.file, problem.what) == (CARDS, "nobody is named who validated these words")


def test_own_packs_come_last_of_their_kind_and_the_shipped_order_stays() -> None:
    ours = loaded({PACK: written(shy()), "packs/own_a.yml": written(shy(id="own_a", kind="interpreter"))})
    names, before = list(ours.packs), list(library().packs)
    assert [name for name in names if name in before] == before
    needs = [pack.id for pack in ours.shelf.of_kind("need")]
    assert (needs[-1], names[-2:]) == ("own_shy", ["interpreter", "own_a"])
    assert ours.shelf.hash != library().shelf.hash
    assert ours.shelf.worn(8, ["own_shy"])[-1].wording["pair_more"].text == "Tell me more."


def test_there_is_no_second_pack_for_an_age() -> None:
    pack = shy(kind="age", ages=[3, 4])
    pack["pack"].pop("offered")
    (problem,) = found({PACK: written(pack)})
    assert "every age has its pack" in problem.what


def test_a_shipped_pack_is_replaced_whole_by_one_of_its_name() -> None:
    ours = loaded({"packs/autism.yml": written(shy(id="autism"))})
    assert ours.packs["autism"].title == "Shy"
    assert list(ours.packs) == list(library().packs)


def test_a_replaced_pack_that_leaves_an_age_without_one_is_refused() -> None:
    pack = shy(id="age_5_6", kind="age", ages=[5, 5])
    pack["pack"].pop("offered")
    (problem,) = found({"packs/age_5_6.yml": written(pack)})
    assert "a child of 6 years needs one age pack and has: none" in problem.what


def told(own: dict[str, bytes]) -> list[tuple[str, str, str]]:
    return [(one.where, one.file, one.what) for one in found(own)]


def test_words_of_a_rung_or_behind_a_lock_are_not_said_without_it() -> None:
    rung, locked = "Has something happened to you that bothered you", "I brought something to look at!"
    locked += " You can say no, and then I put it away."
    bare = {
        "own_rung": card(f"{rung}?", says="yes_no", then="pair"),
        "own_lock": card(locked, says="non_question"),
    }
    (one, two) = told(changed("minimal_facts", lambda data, own: own.update(bare)))
    assert {one[:2], two[:2]} == {("own_rung", CARDS), ("own_lock", CARDS)}
    assert "stands behind a lock or on a rung" in one[2]
    over = own_words(info_assent=f"{rung}, today?", ladder_not_right="Is there anything else you came for?")
    assert [one[:2] for one in told({WORDS: own_words(info_assent=f"{rung}?")})] == [("info_assent", WORDS)]
    assert [one[:2] for one in told({WORDS: over})] == [], "other words are the coder's to judge"
    pack = {**shy(), "wording": {"info_assent": f"{rung} ?"}}
    assert [one[:2] for one in told({PACK: written(pack)})] == [("own_shy/info_assent", PACK)]
    moved = own_words(ladder_not_right="Is there anything else you came for?", info_assent=f"{rung}?")
    assert [one[:2] for one in told({WORDS: moved})] == [("info_assent", WORDS)]
    same = {"own_rung": card(f"{rung}?", says="yes_no", then="pair", rung=6)}
    assert told(changed("minimal_facts", lambda data, own: own.update(same))) == []


ASKS = "a question, and the card asks for nothing"


@pytest.mark.parametrize(
    ("language", "card_id", "text", "what"),
    [
        ("sv", "sup_general", "Slog han dig? Jag lyssnar.", f"{ASKS} (sv)"),
        ("ar", "sup_general", "هل ضربك؟", f"{ASKS} (ar)"),
        ("fi", "pair_more", "Oliko se isä? Löikö hän?", "more than one question (fi)"),
        ("en", "sup_general", "Was it him? I am listening.", f"{ASKS} (en)"),
        ("fi", "sup_general", "a" * 301, "longer than 300 characters"),
    ],
)
def test_words_in_every_language_are_short_and_ask_no_more_than_their_card(
    language: str, card_id: str, text: str, what: str
) -> None:
    name = f"wording/own_{language}.yml"
    assert told({name: own_words(language, **{card_id: text})}) == [(card_id, name, what)]
    own = card("Tell me more.")
    own["wording"][language], own["says"] = text, library().cards[card_id].says
    got = told(changed("minimal_facts", lambda data, cards: cards.update(own_x=own)))
    assert (("own_x", CARDS, what) in got) is True


@pytest.mark.parametrize("text", ["Te\u202ell me.", "Tell\u200b me.", "Tell me\u2066.", "Tell \U000e0041me."])
@pytest.mark.parametrize("escaped", [False, True])
def test_characters_nobody_sees_are_refused_also_escaped(text: str, escaped: bool) -> None:
    raw = own_words(pair_more="Words.")
    put = text.encode("unicode_escape").replace(b"\\U000e", b"\\U000E") if escaped else text.encode()
    own = {WORDS: raw.replace(b"Words.", b'"' + put + b'"')}
    (problem,) = found(own)
    assert "a character nobody sees" in problem.what
    assert (problem.file, problem.line) == (WORDS, 6)


def test_the_joiners_and_marks_that_languages_need_are_kept() -> None:
    for text in ("می\u200cخواهم بیشتر بدانم.", "\u200fTellmore\u200f"):
        assert loaded({FI: words("fi", {"pair_more": text})}).wording("pair_more", "fi").text == text


def coder(text: str, age: int | None) -> Coded:
    """Invitations, except where a text says what it is."""
    asked = text.partition(":")[0] if ":" in text else "invitation"
    flags = {"hint": ("new_info",), "kind": ("support",), "young": ("long",) if age == 4 else ()}
    return Coded("invitation" if asked in flags else asked, flags.get(asked, ()))


def test_own_english_must_ask_as_the_card_says_and_raise_no_flag() -> None:
    own = {WORDS: own_words(pair_more="wh: tell me.", free_then="hint: and?", free_go_on="kind: and?")}
    told = {problem.where: problem for problem in found(own, coder)}
    assert set(told) == {"pair_more", "free_then"}
    assert told["pair_more"].what == "'wh: tell me.' codes as wh, not as invitation"
    assert told["free_then"].what == "'hint: and?' is flagged: new_info"
    line = own[WORDS].decode().splitlines()[told["free_then"].line - 1]
    assert (told["free_then"].file, line.strip()) == (WORDS, "free_then: 'hint: and?'")


def test_own_words_are_held_against_the_youngest_child_that_may_hear_them() -> None:
    assert [one.where for one in found({WORDS: own_words(ts_sad="young: tell me.")}, coder)] == ["ts_sad"]
    assert library().flows["ten_step"].ages[0] == 4
    assert found({WORDS: own_words(free_then="young: and?")}, coder) == [], "said to children of three, too"


def test_words_that_were_proved_are_not_coded_again_and_the_same_words_without_their_lock_are() -> None:
    seen: list[str] = []

    def code(text: str, _age: int | None) -> Coded:
        seen.append(text)
        return Coded("invitation", ("other_source",))

    locked = library().wording("ladder_summary").text
    cards = {
        "own_more": card(library().wording("pair_more").text),
        "own_heard": card(locked),
        "own_locked": card(locked, needs="approved"),
    }
    problems = found(changed("minimal_facts", lambda data, own: own.update(cards)), code)
    assert len(seen) == 1
    flagged = [one for one in problems if "other_source" in one.what]
    assert [(one.where, one.file) for one in flagged] == [("own_heard", CARDS)]
    assert found({PACK: written(shy())}, code)[0].where == "own_shy/pair_more"


def test_the_coder_itself_refuses_leading_words() -> None:
    """With the real one: what an author might write in good faith, and what never may be shown."""
    from web.cli.protocols import _coder

    code = _coder(library())
    assert code is not None
    good = own_words(pair_more="Tell me more.", contact_need="What do you need now?")
    assert found({WORDS: good}, code) == []
    bad = {
        "pair_more": "Did he hurt you?",
        "free_then": "Tell me how your father hurt you.",
        "contact_need": "You are cold, aren't you?",
        "sup_general": "Your mother told me everything already.",
        "focus_where": "You said {cue}. Was it in the bedroom or in the bathroom?",
    }
    assert {problem.where for problem in found({WORDS: own_words(**bad)}, code)} == set(bad)
