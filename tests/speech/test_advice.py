from __future__ import annotations

import pytest

from web.speech.advice import advise, expected, memory_mb
from web.speech.catalogue import Catalogue
from web.speech.measure import Heard, Measured

SHIPPED = Catalogue.load()


def measured(name: str, factor: float) -> dict[str, Measured]:
    heard = (Heard("en", "read", 30.0, 0.03, factor),)
    return {name: Measured(name, "x", "2026-01-01", 1, 1.0, 240, heard)}


@pytest.mark.parametrize(
    ("language", "machine_mb", "factor", "live", "recordings"),
    [
        ("en", 16_000, 0.15, "base.en", "distil-medium.en"),
        ("en", 16_000, 0.02, "medium.en", "large-v3"),
        ("uk", 16_000, 0.15, "base", "small"),
        ("uk", 3_200, 0.05, "base", "base"),
        ("uk", 4_000, 0.7, None, "base"),
        ("uk", 2_000, 0.15, None, None),
        ("yue", 16_000, 0.15, None, None),
        ("yue", 16_000, 0.03, None, "large-v3"),
        ("xx", 16_000, 0.15, None, None),
    ],
)
def test_the_largest_that_has_room_and_keeps_pace(
    language: str, machine_mb: int, factor: float, live: str | None, recordings: str | None
) -> None:
    found = advise(SHIPPED, language, measured("tiny.en", factor), machine_mb)
    assert (found.live, found.recordings) == (live, recordings)


def test_the_pace_of_a_model_is_that_of_the_nearest_measured_one() -> None:
    figures = measured("tiny.en", 0.1) | measured("medium", 1.0)
    small = SHIPPED.models["small"]
    assert expected(small, SHIPPED, figures) == (0.63, False)
    assert expected(SHIPPED.models["medium"], SHIPPED, figures) == (1.0, True)
    assert expected(small, SHIPPED, {}) == (0.94, False)


def test_this_machine_has_memory() -> None:
    assert memory_mb() > 500
