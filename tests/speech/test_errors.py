from __future__ import annotations

import pytest

from web.speech.errors import word_error_rate, words
from web.speech.measure import samples


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("I saw the dog.", "i saw the DOG", 0.0),
        ("I saw the dog", "I saw a dog", 0.25),
        ("I saw the dog", "I saw dog", 0.25),
        ("I saw the dog", "I saw the big dog", 0.25),
        ("I saw the dog", "", 1.0),
        ("no", "no no no", 2.0),
        ("Mr. Brown is well-known", "mister brown is well known", 0.0),
        ("سَمِعَ", "سمع", 0.0),
        ("Ні, дякую", "ні дякую", 0.0),
    ],
)
def test_words_wrong_for_each_word_said(said: str, heard: str, rate: float) -> None:
    assert word_error_rate(said, heard) == rate


def test_letters_that_differ_stay_different() -> None:
    assert words("їжа й її") == ["їжа", "й", "її"]
    assert words("c’est") == ["c'est"]


def test_the_samples_are_there_small_and_in_many_languages() -> None:
    found = samples()
    assert sum(sample.file.stat().st_size for sample in found) < 1_000_000
    assert {"en", "uk", "ru", "es", "ar", "tr", "fr", "de", "pl", "sv"} == {s.language for s in found}
    assert {(s.kind, s.language) for s in found} >= {("read", "en"), ("made", "en")}
