"""What can be listed as a fact from the file, and which words it brings in."""

from __future__ import annotations

from typing import Any

import pytest

from web.interview.errors import Invalid
from web.interview.reveal_facts import MAX_FACT, MAX_SOURCE, MOST, checked
from web.interview.reveal_words import Brought, Said, brought, own_cues, put_in
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
    found = found.after([Said(5, "interviewer", "What about a cellar?")])
    assert found.found(6, "in the cellars, Cellar") == ["cellars", "Cellar"]
    assert found.found(5, "the cellar") == []
    assert found.found(6, "the kitchen") == []


SHOWN = brought("A mask in the cellar", [], "en", 4)


@pytest.mark.parametrize("speaker", ["interviewer", "interpreter"])
def test_a_word_is_brought_in_by_the_first_adult_who_says_it_after_the_showing(speaker: str) -> None:
    said = [Said(3, speaker, "a mask"), Said(5, speaker, "Okay."), Said(6, speaker, "There were cellars?")]
    found = SHOWN.after(said)
    assert (found.first, found.put) == ({"cellar": 6}, 6)
    assert found.found(7, "a mask in the cellar") == ["cellar"]
    assert SHOWN.after(said[:2]).put is None
    assert found.after([*said, Said(7, speaker, "that cellar")]) == found


def test_what_the_child_says_first_stays_its_own_though_an_interviewer_takes_it_up() -> None:
    found = SHOWN.after(
        [Said(5, "child", "in the cellar"), Said(6, "interviewer", "Tell me about the cellar.")]
    )
    assert found.put is None
    assert found.found(7, "the cellar") == []


def test_a_fact_without_new_words_is_put_when_any_of_its_words_is_said() -> None:
    shown = brought("He hit the dog", ["he hit my dog"], "en", 4)
    told = [Said(5, "interviewer", "Okay."), Said(6, "child", "my dog")]
    assert put_in(shown, "He hit the dog", "en", told) is None
    assert put_in(shown, "He hit the dog", "en", [*told, Said(7, "interviewer", "About the dogs …")]) == 7
    assert put_in(brought("x", [], "en", 4), "x", "en", [Said(5, "interpreter", "X?")]) == 5


def test_a_cue_with_words_of_the_file_is_not_the_childs() -> None:
    cues = [
        Cue(turn, 0, 4, words, "…", 1.0)
        for turn, words in ((1, "the cellar"), (7, "in the cellar"), (7, "my cat"))
    ]
    shown = Brought(4, ("cellar",))
    assert own_cues(cues, [shown]) == cues
    kept = own_cues(cues, [shown.after([Said(5, "interviewer", "a cellar")])])
    assert [cue.words for cue in kept] == ["the cellar", "my cat"]


def test_in_a_language_without_word_list_words_are_compared_as_they_stand() -> None:
    assert brought("kuva kellarista", ["kuva"], "xx-YY", 1).words == ("kellarista",)
