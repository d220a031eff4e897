"""The model card says what was measured."""

from __future__ import annotations

import re

import pytest

from bench.card import CARD, filled, tables

TEXT = CARD.read_text("utf-8")


def test_every_table_stands_in_the_card_as_measured() -> None:
    assert filled(TEXT) == TEXT, "run: python -m bench.card"
    assert set(re.findall(r"<!-- (\w+) -->", TEXT)) == set(tables())


def test_a_changed_figure_is_put_right() -> None:
    wrong = re.sub(r"\| type, kappa \| \.\d+", "| type, kappa | .999", TEXT)
    assert wrong != TEXT
    assert filled(wrong) == TEXT


def test_a_table_without_its_place_is_named() -> None:
    with pytest.raises(ValueError, match="no place for the table types"):
        filled(TEXT.replace("<!-- types -->", ""))
