"""Own words go from the form into the file and back without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import ProtocolError
from protocols.strict_yaml import parse
from web.authoring.typed import tidied, unseen
from web.authoring.wording_file import OwnWords, card_at, read, remarks_within, write

CARDS = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
HIDDEN = "\xad\u200b\u202a\u202b\u202c\u202d\u202e\ufeff" + "".join(map(chr, range(0x2060, 0x2070)))
HIDDEN += "".join(map(chr, range(0xE0000, 0xE0080)))
"""No file holds them; the form takes them out, or refuses them."""
KEPT = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters=f"{HIDDEN}\ufffe\uffff\u2028\u2029\x85"
)
LINE = st.text(KEPT, min_size=1, max_size=60).map(lambda text: " ".join(text.split())).filter(bool)
ODD = [
    "yes",
    "12",
    "1.0",
    "null",
    "~",
    "- a",
    "a: b",
    "# no remark",
    "'",
    '"',
    "{cue}",
    "!x",
    "&a",
    "*a",
    "2026-11-22",
]
TEXT = LINE | st.sampled_from(ODD)


@given(
    texts=st.dictionaries(CARDS, st.tuples(TEXT, TEXT | st.just("")), max_size=8),
    author=TEXT,
    version=TEXT,
    validated=st.booleans(),
)
def test_words_are_read_as_they_were_written(
    texts: dict[str, tuple[str, str]], author: str, version: str, validated: bool
) -> None:
    by, on = ("Dr. No: 1", "2026-11-22") if validated else ("", "")
    words = OwnWords("ar", author, version, by, on, texts, "# Ours\n")
    text = write(words)
    assert read(text, "ar") == words
    assert write(read(text, "ar")) == text
    data = parse(text.encode(), "own").data
    assert data["status"] == ("validated" if validated else "draft")
    assert ("validated" in data) is validated


def test_a_problem_in_a_line_leads_to_its_card() -> None:
    text = write(
        OwnWords("sv", "A", texts={"one": ("Hej", ""), "two": ("Hur {cue}", "För dig"), "three": ("x", "")})
    )
    lines = text.split("\n")
    for card in ("one", "two", "three"):
        at = next(n for n, line in enumerate(lines, 1) if line.startswith(f"  {card}:"))
        assert card_at(text, at) == card
    assert card_at(text, next(n for n, line in enumerate(lines, 1) if "för dig" in line.lower())) == "two"
    assert card_at(text, 1) == card_at(text, 0) == ""


def test_a_head_of_remarks_stays_and_others_are_told_to_be_lost() -> None:
    text = "# Ours\n# since spring\n" + write(OwnWords("sv", "A", texts={"one": ("Hej", "")}))
    assert read(text, "sv").head == "# Ours\n# since spring\n"
    assert not remarks_within(text)
    assert remarks_within(text.replace("  one:", "  # why\n  one:"))


@pytest.mark.parametrize(
    "text",
    [
        "wording: [",
        "a: &x b",
        "wording: 3",
        "wording:\n  one: [a]",
        "wording:\n  one: {words: a}",
        "- a",
        "validated: 3",
    ],
)
def test_what_the_form_cannot_show_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError):
        read(text, "sv")


def test_an_empty_file_is_an_empty_form() -> None:
    assert read("", "sv") == read("\n \n", "sv") == OwnWords("sv")


def test_texts_are_kept_with_the_line_ends_of_the_library_or_refused() -> None:
    assert tidied("a\r\nb\rc\n") == "a\nb\nc\n"
    for broken in ("a\0b", "a\ud800b", "a" * 400_001):
        with pytest.raises(ValueError, match=r"broken|longer"):
            tidied(broken)


def test_signs_that_turn_or_hide_are_known_and_letters_of_other_scripts_are_not_taken_for_them() -> None:
    assert all(unseen(sign) for sign in "\u202e\u2066\u200b\ufeff\x1b\u2028\xad")
    assert not any(unseen(sign) for sign in "aжع中\u200c\u200d\u200f\n\té")
