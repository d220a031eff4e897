"""How often the checks cry for nothing, and how often they see damage, on our own interview sentences."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from tests.translation.damage import DAMAGES, pairs, people
from web.translation.check import check
from web.translation.languages import about, whole
from web.translation.named import names

LANGUAGES = ["uk", "ru", "es", "ar", "pl", "sv", "tr", "fr", "de"]
SEEN = {"negation": 0.9, "numbers": 0.95, "names": 0.85}


@pytest.mark.parametrize("language", LANGUAGES)
def test_good_translations_are_rarely_doubted(language: str) -> None:
    good = pairs(language)
    doubts = Counter(code for said, english in good for code in check(said, english, language, "en"))
    back = Counter(code for said, english in good for code in check(english, said, "en", language))

    assert len(good) >= 1000
    assert {code: n for code, n in (doubts | back).items() if n >= 0.02 * len(good)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", DAMAGES)
def test_damage_is_mostly_seen(language: str, code: str) -> None:
    dice, seen = random.Random(3), []
    for said, english in pairs(language):
        if code == "negation" and not whole(about(language)["negation"]).search(said):
            continue
        damaged = DAMAGES[code](english, dice)
        if damaged is not None:
            seen.append(code in check(said, damaged, language, "en"))

    least = 0.6 if code == "names" and language in ("ar", "de") else SEEN[code]  # capitals say nothing there
    assert len(seen) >= 50
    assert sum(seen) >= least * len(seen)


@pytest.mark.parametrize("language", ["uk", "ru", "pl", "es", "ar", "tr", "fr", "de", "sv"])
def test_a_name_is_known_again_in_another_alphabet_and_told_from_others(language: str) -> None:
    everybody = people()
    lost = [
        row
        for row in everybody
        if names(f"I saw {row['en']} there.", f"… ja {row[language]} .", "en", language)
    ]
    swapped = [
        names(f"I saw {one['en']} there.", f"… ja {other[language]} .", "en", language)
        for one, other in zip(everybody, everybody[7:] + everybody[:7], strict=True)
    ]

    assert len(lost) <= 0.05 * len(everybody)
    assert sum(swapped) >= 0.7 * len(everybody)
