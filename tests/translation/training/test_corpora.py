"""Sentence pairs: read exactly, refused by line, names varied on both sides alike."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from web.translation.training.corpora import MARKS, OWN, BadCorpus, Names, Pair, bare, lines, read


def test_a_pair_is_read_in_either_direction(corpus: Path) -> None:
    assert read(corpus, "uk-en", "gold", reverse=False)[0] == Pair("Том спить.", "Tom sleeps.", "en")
    assert read(corpus, "uk-en", "gold", reverse=True)[0] == Pair("Tom sleeps.", "Том спить.", "uk")


@pytest.mark.parametrize(
    ("content", "line"), [("a\tb\nalone\n", 2), ("a\t \n", 1), ("\tb\n", 1), ("a\tb\n\nc\td\n", 2)]
)
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, content: str, line: int) -> None:
    file = tmp_path / "xx-en.tsv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BadCorpus, match=rf"xx-en\.tsv:{line}:"):
        lines(file)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match=r"gone\.tsv"):
        lines(tmp_path / "gone.tsv")
    (tmp_path / "odd.tsv").write_bytes(b"\xff\xfe\t\x80\n")
    with pytest.raises(BadCorpus, match=r"odd\.tsv"):
        lines(tmp_path / "odd.tsv")


def test_quotes_are_letters_like_others(tmp_path: Path) -> None:
    file = tmp_path / "q.tsv"
    file.write_text('He said "no\t"Ні" сказав\n', encoding="utf-8")
    assert lines(file) == [('He said "no', '"Ні" сказав')]


def test_bare_keeps_apostrophes_and_drops_capitals_and_marks() -> None:
    assert bare("Tom's dog, isn't it? Yes!") == "tom's dog isn't it yes"
    assert bare("П'ять кішок… Так.") == "п'ять кішок так"


def test_own_sentences_are_whole_and_in_their_script() -> None:
    scripts = {"uk": "CYRILLIC", "ru": "CYRILLIC", "ar": "ARABIC"}
    import unicodedata

    for file in sorted(OWN.glob("??.tsv")):
        rows = lines(file)
        assert len(rows) >= 1000, file.name
        script = scripts.get(file.stem, "LATIN")
        letters = [c for _, other in rows for c in other if c.isalpha()]
        assert sum(unicodedata.name(c).startswith(script) for c in letters) > 0.995 * len(letters), file.name


@pytest.mark.parametrize(("examination", "least"), [("domain.tsv", 1000), ("harm.tsv", 120)])
def test_no_sentence_of_an_examination_is_taught(examination: str, least: int) -> None:
    with (OWN / "held_out" / examination).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    held = {bare(text) for row in rows for text in row.values()}
    assert len(held) >= least
    for file in sorted(OWN.glob("??.tsv")):
        taught = {bare(text) for pair in lines(file) for text in pair}
        assert not [text for text in taught & held if len(text.split()) > 3], file.name


def varied(pair: Pair, source: str) -> set[tuple[str, str]]:
    names = Names()
    return {
        (one.text, one.translation)
        for seed in range(400)
        for one in [names.vary(pair, source, random.Random(seed))]
    }


def test_a_name_is_changed_on_both_sides_with_its_ending() -> None:
    found = varied(Pair("Я бачив Тома.", "I saw Tom.", "en"), "uk")
    assert ("Я бачив Тома.", "I saw Tom.") in found
    assert all((f"Я бачив {mark}.", f"I saw {mark}.") in found for mark in MARKS)
    assert ("Я бачив Богдана.", "I saw Bohdan.") in found
    assert len(found) > 20


def test_two_names_never_get_one_mark() -> None:
    found = varied(Pair("Том бачив Мері.", "Tom saw Mary.", "en"), "uk")
    both = [text for text, _ in found if sum(mark in text for mark in MARKS) == 2]
    assert len(both) == 6
    assert all(text.count(mark) < 2 for text, _ in found for mark in MARKS)


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("Том бачив Тома.", "Tom saw Tom."),  # twice: nobody knows which is which
        ("Атом малий.", "The atom is small."),
        ("Я бачив Тома.", "I saw him."),
    ],
)
def test_a_name_that_does_not_stand_once_on_both_sides_is_left(text: str, translation: str) -> None:
    assert varied(Pair(text, translation, "en"), "uk") == {(text, translation)}


def test_every_name_is_written_in_every_language() -> None:
    rows = (OWN / "names.tsv").read_text(encoding="utf-8").splitlines()
    width = len(rows[0].split("\t"))
    assert all(len(row.split("\t")) == width and all(row.split("\t")) for row in rows)
    assert [row.split("\t")[1] for row in rows[1:3]] == ["Tom", "Mary"]
