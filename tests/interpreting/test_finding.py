"""One pair is compared, or says why not; it never stops the others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from web.interpreting.finding import into_english, own
from web.interpreting.model import Said
from web.translation import Translation


class Breaking:
    """A translator whose engine falls over one text."""

    def translate_many(
        self, texts: Sequence[str], source: str, target: str, keep: Sequence[str] = ()
    ) -> list[Translation]:
        if "злам" in texts[0]:
            raise RuntimeError(texts[0])
        return [Translation("there", (source, target), (), ()) for _ in texts]


def said(number: int, text: str) -> Said:
    return Said(str(number), number, "child", text, "uk", "ltr")


def test_a_turn_that_breaks_the_engine_is_left_out_alone(caplog: pytest.LogCaptureFixture) -> None:
    turns = [said(1, "злам"), said(2, "там")]
    assert list(into_english(turns, Breaking())) == ["2"]
    assert own(turns[0], Breaking()).rendered is None
    assert "злам" not in caplog.text
    assert "RuntimeError" in caplog.text
