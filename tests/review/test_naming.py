"""Turns by which somebody could be found are seen as such."""

from __future__ import annotations

import pytest

from web.review.naming import LONGEST, Naming


@pytest.mark.parametrize(
    "text",
    [
        "and then Pekka hit me",
        "we lived in Malmö near the harbour",
        "his number is 070 555 12",
        "it was on 12.3.",
        "she wrote to me at lamp@example.org",
        "he put it on www.example.org",
        "x" * (LONGEST + 1),
    ],
)
def test_a_turn_that_tells_who_or_where(text: str) -> None:
    assert Naming([text]).tells(text)


@pytest.mark.parametrize(
    "text", ["he hit me with the belt", "my Mum was at work on Monday", "I was six", "and Dad said okay"]
)
def test_a_turn_that_tells_nobody(text: str) -> None:
    assert not Naming([text]).tells(text)


def test_a_name_said_once_is_known_however_it_is_written_later() -> None:
    naming = Naming(["My uncle is called Tariq.", "tariq locked the door"])
    assert naming.tells("then tariq locked the door")


def test_names_from_the_papers_count() -> None:
    assert Naming(["ms lind was nice"], ["Karin Lind"]).tells("ms lind was nice")
