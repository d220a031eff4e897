"""What can be listed as a fact from the file, and which words it brings in."""

from __future__ import annotations

from typing import Any

import pytest

from web.interview.errors import Invalid
from web.interview.reveal_facts import MAX_FACT, MAX_SOURCE, MOST, checked
from web.interview.reveal_words import Brought, brought, own_cues
from web.language.model import Cue


def fact(text: Any = "a photo", source: Any = "the police") -> dict[str, Any]:
    return {"text": text, "source": source}


def test_facts_keep_their_order_and_empty_lines_go() -> None:
    listed = checked([fact(" first "), fact("", " "), fact("second <b>bold</b> {{7*7}}")])
    assert [one["text"] for one in listed] == ["first", "second <b>bold</b> {{7*7}}"]


@pytest.mark.parametrize(
    "text", ["Ein Foto zeigt ein Hämatom", "می‌خواهم", "صورة\u00a0واحدة", "x" * MAX_FACT, "照片"]
)
def test_every_script_can_be_written(text: str) -> None:
    assert checked([fact(text)])[0]["text"] == text


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ("a fact", "facts"),
        (["a fact"], "facts"),
        ([fact("x" * (MAX_FACT + 1))], "facts.0.text"),
        ([fact(), fact(source="x" * (MAX_SOURCE + 1))], "facts.1.source"),
        ([fact("two\nlines")], "facts.0.text"),
        ([fact("a\x00b")], "facts.0.text"),
        ([fact("a\x1b[2Jb")], "facts.0.text"),
        ([fact("turned \u202e round")], "facts.0.text"),
        ([fact("half \ud800")], "facts.0.text"),
        ([fact("para\u2029graph")], "facts.0.text"),
        ([fact(7)], "facts.0.text"),
        ([fact(source="")], "facts.0.source"),
        ([fact("")], "facts.0.text"),
        ([fact(str(n)) for n in range(MOST + 1)], "facts"),
    ],
)
def test_what_cannot_be_listed_names_its_field_and_repeats_nothing(facts: Any, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked(facts)
    assert caught.value.extra["field"] == field
    assert "xxx" not in caught.value.detail


def test_a_fact_brings_in_what_the_child_had_not_said() -> None:
    found = brought("He was hitting the dogs in the cellar", ["my dog bit him", "he hit me"], "en", 4)
    assert found == Brought(4, ("cellar",))
    assert found.found(5, "in the cellars, Cellar") == ["cellars", "Cellar"]
    assert found.found(4, "the cellar") == []
    assert found.found(6, "the kitchen") == []


def test_a_cue_with_words_of_the_file_is_not_the_childs() -> None:
    cues = [
        Cue(turn, 0, 4, words, "…", 1.0)
        for turn, words in ((1, "the cellar"), (7, "in the cellar"), (7, "my cat"))
    ]
    kept = own_cues(cues, [Brought(4, ("cellar",))])
    assert [cue.words for cue in kept] == ["the cellar", "my cat"]


def test_in_a_language_without_word_list_words_are_compared_as_they_stand() -> None:
    assert brought("kuva kellarista", ["kuva"], "xx-YY", 1).words == ("kellarista",)
