"""Denials that were lost between two sentences or behind a word that only seemed to keep them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from web.translation.check import check

TURNS: dict[str, list[tuple[str, str, list[str]]]] = yaml.safe_load(
    Path(__file__).with_name("denials.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("language", TURNS)
def test_a_lost_moved_or_weakened_denial_is_seen_and_a_kept_one_is_not_doubted(language: str) -> None:
    for said, good, damaged in TURNS[language]:
        assert "negation" not in check(said, good, language, "en")
        assert [one for one in damaged if "negation" not in check(said, one, language, "en")] == []


def test_the_other_way_too() -> None:
    assert "negation" in check("He did not hit me.", "Він мене вдарив тільки раз.", "en", "uk")
    assert "negation" in check("I never went there.", "Fui hasta allí.", "en", "es")
    assert "negation" in check("You did nothing wrong. He did.", "Ти винна. Він не винен.", "en", "uk")


def test_a_denial_said_twice_may_be_told_once() -> None:
    assert check("Ні, ні, ні!", "No!", "uk", "en") == ()


def test_sounds_that_are_written_like_denials_are_none() -> None:
    for said, good in (
        ("a fire engine. nee naw", "пожарная машина. виу-виу"),
        ("hi noo noo", "привет ну-ну"),
    ):
        assert check(said, good, "en", "ru") == check(good, said, "ru", "en") == ()
    assert "negation" in check("nooo he was there", "он был там", "en", "ru")
    assert "negation" in check("naw he was there", "он был там", "en", "ru")
