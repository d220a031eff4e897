from __future__ import annotations

import pytest

from web.translation.argos import LONGEST_PIECE, OneUtterance


@pytest.mark.parametrize("text", ["No.", "I was there. He came. I ran! Why?", "x" * LONGEST_PIECE])
def test_a_turn_stays_whole(text: str) -> None:
    assert OneUtterance().split_sentences(text) == [text]


def test_nothing_is_made_of_nothing() -> None:
    assert OneUtterance().split_sentences("") == []


@pytest.mark.parametrize(
    "text",
    [
        "He came in and he shouted. " * 40,
        "and then he came, and then I ran, " * 40,
        "and then he came and then I ran " * 40,
        "ж" * 1000,
        "هو جاء. ماذا حدث؟ " * 40,
    ],
)
def test_a_long_turn_is_cut_and_loses_nothing(text: str) -> None:
    pieces = OneUtterance().split_sentences(text)

    assert len(pieces) > 1
    assert all(0 < len(piece) <= LONGEST_PIECE for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_sentences_are_kept_together() -> None:
    assert all(
        piece.endswith(".") for piece in OneUtterance().split_sentences("He came in and shouted. " * 40)
    )


def test_each_sentence_is_a_piece_where_the_package_knows_only_single_ones() -> None:
    text = "Не знаю. «Може, у понеділок.» Чи у вівторок? так 3.5 роки"
    pieces = OneUtterance(each_sentence=True).split_sentences(text)
    assert pieces == ["Не знаю.", "«Може, у понеділок.»", "Чи у вівторок?", "так 3.5 роки"]
    assert OneUtterance().split_sentences(text) == [text]


def test_cutting_at_sentences_loses_no_closing_quote() -> None:
    text = ('He said "go away." ' * 30).strip()
    assert " ".join(OneUtterance().split_sentences(text)) == text
