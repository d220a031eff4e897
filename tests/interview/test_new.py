"""What has to be known before an interview, and what in a case code tells too much."""

from __future__ import annotations

import pytest

from tests.interview.parts import LIBRARY
from web.interview import cases
from web.interview.errors import Invalid
from web.interview.new import NewInterview, direction, language_tag


@pytest.mark.parametrize(
    "code",
    [
        "K-2026-014",
        "B17",
        "case 12",
        "2026-118",
        "ABC",
        "north 4/2026",
        "SE-88-02",
        "k",
        "falcon",
        "0042",
        "T20261",
    ],
)
def test_codes_that_tell_nothing_pass(code: str) -> None:
    assert cases.warnings(code) == []


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("anna@example.org", "e-mail"),
        ("2015-03-27", "date of birth"),
        ("20150327", "date of birth"),
        ("27.3.2015", "date of birth"),
        ("K 27/03/15", "date of birth"),
        ("150327-1234", "date of birth"),
        ("+46 70 123 45 67", "telephone"),
        ("Amina", "name"),
        ("amina berg", "name"),
        ("Anna-Lena Öberg", "name"),
        ("Оля Коваль", "name"),
        ("ليلى", "name"),
    ],
)
def test_codes_that_look_like_a_person_are_pointed_out(code: str, what: str) -> None:
    (warning,) = cases.warnings(code)
    assert what in warning
    assert code not in warning


@pytest.mark.parametrize(
    ("given", "tag"),
    [("en", "en"), ("EN_gb", "en-GB"), ("pt-br", "pt-BR"), ("zh-Hant", "zh-Hant"), (" uk ", "uk")],
)
def test_languages_are_written_one_way(given: str, tag: str) -> None:
    assert language_tag("language", given) == tag


@pytest.mark.parametrize(
    "given", ["", "english", "xx", "en-nowhere-at-all", "../en", "e\u0301n", "12", "und", "und-Cyrl", "root"]
)
def test_unknown_languages_name_their_field(given: str) -> None:
    with pytest.raises(Invalid) as caught:
        language_tag("child_language", given)
    assert caught.value.extra["field"] == "child_language"


def test_direction_follows_the_script() -> None:
    assert [direction(tag) for tag in ("en", "ar", "fa", "he", "sv", "not a language")] == [
        "ltr", "rtl", "rtl", "rtl", "ltr", "auto",
    ]  # fmt: skip


def test_ages_are_those_of_the_protocol_and_never_below_three() -> None:
    for protocol, flow in LIBRARY.flows.items():
        low, high = max(flow.ages[0], 3), min(flow.ages[1], 17)
        for age in (low, high):
            assert NewInterview("K", protocol, age).checked(LIBRARY.flows, LIBRARY.packs).child_age == age
        for age in (low - 1, high + 1, 0, -3):
            with pytest.raises(Invalid) as caught:
                NewInterview("K", protocol, age).checked(LIBRARY.flows, LIBRARY.packs)
            assert caught.value.extra["field"] == "child_age"


def test_notes_are_trimmed_and_kept_apart() -> None:
    new = NewInterview(
        "K", "minimal_facts", 9, preparation=" calm room ", assent={"given": "yes", "how": " nods "}
    )
    details = new.checked(LIBRARY.flows, LIBRARY.packs).details()
    assert details["preparation"] == "calm room"
    assert details["assent"] == {"given": "yes", "how": "nods"}


@pytest.mark.parametrize(
    ("noted", "language", "named"),
    [
        ("Дмитрик, ні", "uk", "ні"),
        ("no (her brother), Bo", "es", "no"),
        ("ні ні", "uk", "ні ні"),
        ("піська; Я ля", "uk", ""),
    ],
)
def test_a_word_that_denies_is_not_left_untranslated(noted: str, language: str, named: str) -> None:
    new = NewInterview("K", "minimal_facts", 9, child_language=language, own_words=noted)
    if not named:
        assert new.checked(LIBRARY.flows, LIBRARY.packs).own_words == noted
        return
    with pytest.raises(Invalid) as caught:
        new.checked(LIBRARY.flows, LIBRARY.packs)
    assert f"“{named}” would be left untranslated" in str(caught.value.detail)
    assert caught.value.extra["field"] == "own_words"


def test_a_single_letter_is_too_common_to_be_left() -> None:
    new = NewInterview("K", "minimal_facts", 9, child_language="es", own_words="Bo, y")
    with pytest.raises(Invalid) as caught:
        new.checked(LIBRARY.flows, LIBRARY.packs)
    assert "“y”" in str(caught.value.detail)
