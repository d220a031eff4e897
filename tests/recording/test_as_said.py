"""Known names and words are found as they are said: declined, and in another alphabet."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from web.recording.as_said import as_said


@pytest.mark.parametrize(
    ("text", "known", "language", "said"),
    [
        ("Я бачив Дмитрика. Дмитрикові боляче.", ["Дмитрик"], "uk", "Дмитрика Дмитрикові"),
        ("Ользі сказали про Ольгу", ["Ольга"], "uk", "Ользі Ольгу"),
        (
            "Сергієм, Софії, Марка, Ігорем",
            ["Сергій", "Софія", "Марко", "Ігор"],
            "uk",
            "Сергієм Софії Марка Ігорем",
        ),
        ("Он видел Сашу с Игорем и Марией", ["Саша", "Игорь", "Мария"], "ru", "Сашу Игорем Марией"),
        ("Widziałem Marka i Ankę, Ance Kasi", ["Marek", "Anka", "Kasia"], "pl", "Marka Ankę Ance Kasi"),
        ("Jag såg Toms bror och Annas hund", ["Tom", "Anna"], "sv", "Toms Annas"),
        ("Він чіпав мою піську і піськи", ["піська"], "uk", "піську піськи"),
        ("Vi a Dmytro", ["Dmytro"], "es", "Dmytro"),
    ],
)
def test_with_the_ending_it_takes(text: str, known: list[str], language: str, said: str) -> None:
    assert as_said([text], known, language) == tuple(said.split())


def test_a_word_of_two_is_found_as_two() -> None:
    assert as_said(["я взяв мою  кицю"], ["моя киця"], "uk") == ("мою  кицю",)


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("Мене привезла Олена Коваленко.", ["Olena", "Kovalenko"], "Олена Коваленко"),
        ("Сергієві дали. Прийшла Юлія", ["Serhii", "Julia"], "Сергієві Юлія"),
        ("маму бив тато, бачила олена", ["Olena"], "Олена"),
        ("Анна. Бачив Анну", ["Anna"], "Анна Анну"),
        ("Івана не було", ["Ivan"], "Івана"),
    ],
)
def test_a_name_in_other_letters_is_known_by_its_sound(text: str, known: list[str], said: str) -> None:
    assert as_said([text], known, "uk") == tuple(said.split())
    assert as_said(["Tell me about Dmytro."], ["Дмитро"], "en") == ("Dmytro",), "in either direction"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Вона прийшла. Він пішов. Вони були.", ["Ivan"]),
        ("Ані мама, ані тато", ["Anna"]),
        ("а надія вмерла Вчора", ["Надія"]),
        ("Так, тому що його не було", ["Toni", "Mo"]),
        ("Дім був там", ["Dima"]),
        ("чого він прийшов", ["Vera", "Bo", "Lisa"]),
        ("Тому що він мене вдарив. Коли він прийшов?", ["Tom", "Том", "Тома", "Коля", "Kolia"]),
        ("тому що боявся, коли він прийшов", ["Tom", "Том", "Коля"]),
        ("Самі пішли. Саме так. Мамо!", ["Sam", "Sama", "Mama"]),
    ],
)
def test_other_words_are_left_to_the_translation(text: str, known: list[str]) -> None:
    assert as_said([text], known, "uk") == ()


@pytest.mark.parametrize("name", ["Вера", "Vera", "Люба", "Рома", "Lena", "Nick", "Dana", "Mila"])
def test_the_first_word_of_a_sentence_is_no_name_for_its_capital(name: str) -> None:
    said = [
        "Верю ему. Любой мог. Лени нет. Никем не был. Дано мне. Мило так.",
        "верю ему, любой мог, с ромом",
    ]
    assert as_said(said, [name], "ru") == ()


def test_a_turn_in_small_letters_does_not_make_a_name_of_the_word_elsewhere() -> None:
    assert as_said(["бачив надія", "А надія вмерла"], ["Надія"], "uk") == ("Надія",)


def test_ordinary_talk_keeps_next_to_nothing() -> None:
    """Of the project's own sentences, with names that are like many words."""
    file = Path(__file__).parents[2] / "nlu_data" / "translation" / "uk.tsv"
    with file.open(encoding="utf-8", newline="") as stream:
        texts = [row[1] for row in csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)][:600]
    kept = [text for text in texts if as_said([text], ["Anna", "Berg", "Ivan", "Nina", "Toni", "Kim"], "uk")]
    assert len(texts) == 600
    assert len(kept) <= 6
