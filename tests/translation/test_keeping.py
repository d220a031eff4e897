from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.translation.keeping import MARKS, blank, hide, restore, turned

KEEP = ["Оксана", "Оксана Бойко", "пуня", "Надія"]


@pytest.mark.parametrize(
    ("text", "hidden", "words"),
    [
        ("Потім прийшла Оксана.", "Потім прийшла ⟨1⟩.", ("Оксана",)),
        ("Оксана Бойко і Оксана", "⟨1⟩ і ⟨2⟩", ("Оксана Бойко", "Оксана")),
        ("Він торкнувся, де Пуня.", "Він торкнувся, де ⟨1⟩.", ("Пуня",)),
        ("Бачила Оксану.", "Бачила Оксану.", ()),
        ("Оксанаш", "Оксанаш", ()),
        ("Надія є. Моя надія.", "⟨1⟩ є. Моя надія.", ("Надія",)),
        ("потім прийшла оксана", "потім прийшла ⟨1⟩", ("оксана",)),
        ("пуня пуня пуня пуня", "⟨1⟩ ⟨2⟩ ⟨3⟩ пуня", ("пуня",) * 3),
        ("Тут ⟨2⟩ стоїть Оксана", "Тут ‹2› стоїть ⟨1⟩", ("Оксана",)),
    ],
)
def test_names_and_labels_are_hidden_as_they_were_said(
    text: str, hidden: str, words: tuple[str, ...]
) -> None:
    kept = hide(text, KEEP)

    assert (kept.text, kept.words) == (hidden, words)


@pytest.mark.parametrize("keep", [(), ("",), (" ",)])
def test_nothing_to_keep_leaves_the_text(keep: tuple[str, ...]) -> None:
    assert hide("Потім прийшла Оксана.", keep).text == "Потім прийшла Оксана."


def test_a_label_may_hold_any_sign() -> None:
    assert hide("his wee-wee (the a+b) hurt", ["wee-wee", "a+b"]).text == "his ⟨1⟩ (the ⟨2⟩) hurt"


@pytest.mark.parametrize("got", ["she came", "⟨1⟩ and ⟨1⟩ came", "⟨1⟩ came with ⟨2⟩", "⟨2⟩ came", "<1> came"])
def test_a_mark_that_was_lost_or_doubled_or_made_up_is_noticed(got: str) -> None:
    assert restore(got, ("Оксана",)) is None


def test_without_marks_nothing_is_put_back() -> None:
    assert restore("⟨1⟩ came", ()) == "⟨1⟩ came"


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=8), max_size=5))
def test_what_is_hidden_comes_back_exactly(text: str, keep: list[str]) -> None:
    kept = hide(text, keep)

    assert restore(kept.text, kept.words) == text
    assert len(kept.words) <= len(MARKS)
    assert not any(mark in blank(kept.text) for mark in MARKS)


def test_a_mark_that_somebody_wrote_is_told_from_ours() -> None:
    kept = hide("⟨1⟩ Прийшла Оксана.", ["Оксана"])
    assert (kept.text, kept.words) == ("‹1› Прийшла ⟨1⟩.", ("Оксана",))
    assert restore("‹1› ⟨1⟩ came.", kept.words) == "‹1› Оксана came."


def test_marks_are_turned_and_turned_back() -> None:
    assert turned("⟨1⟩ saw ⟨3⟩ and 1", 1) == "⟨2⟩ saw ⟨1⟩ and 1"
    assert turned(turned("⟨1⟩ ⟨2⟩ ⟨3⟩", 2), -2) == "⟨1⟩ ⟨2⟩ ⟨3⟩"
