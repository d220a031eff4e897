"""Many turns at once: the same words as one by one and as argostranslate itself, names kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.translation.damage import pairs
from tests.translation.models import make_package
from web.translation import NoRoute, Translator, install, installed
from web.translation.argos import Engine, OneUtterance
from web.translation.keeping import MARKS

SHIPPED = Path(__file__).parents[2] / "web" / "translation" / "shipped"

TURNS = [ukrainian for ukrainian, _ in pairs("uk")[:30]]


@pytest.fixture(scope="module")
def prefixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package for several targets: the first piece says which."""
    folder = tmp_path_factory.mktemp("prefixed")
    archive = make_package(folder, "uk", "en", seed=5, about={"target_prefix": "<2en>", "keeps_marks": True})
    return install(archive, folder / "home" / "packages").folder


@pytest.mark.parametrize("kind", ["plain", "prefixed"])
def test_a_sentence_comes_out_as_from_argostranslate_itself(
    kind: str, packages_dir: Path, prefixed: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And once our engine is loaded, argostranslate's own way leaves no word in the log either."""
    caplog.set_level(logging.DEBUG)
    folder = prefixed.parent if kind == "prefixed" else packages_dir
    package = next(one for one in installed(folder) if one.source == "uk")
    engine = Engine(package, tmp_path / "argos", threads=1)
    from argostranslate import translate
    from argostranslate.package import Package

    own = translate.PackageTranslation(
        translate.Language("uk", "UK"), translate.Language("en", "EN"), Package(package.folder)
    )
    own.sentencizer = OneUtterance()

    assert engine.translate(TURNS) == [own.translate(turn).strip() for turn in TURNS]
    assert not any(turn in caplog.text for turn in TURNS)


def test_a_page_reads_as_its_turns_one_by_one(packages_dir: Path) -> None:
    together, alone = Translator(packages_dir, threads=2), Translator(packages_dir)
    page = [*TURNS, "", TURNS[3], " ", "12 … ?"]

    done = together.translate_many(page, "uk", "es")

    assert done == [alone.translate(turn, "uk", "es") for turn in page]
    assert [one.text for one in done[-2:]] == ["", "12 … ?"]
    assert together.translate_many([], "uk", "es") == []


def test_a_prefix_never_shows_not_even_in_a_turn_cut_in_pieces(prefixed: Path, tmp_path: Path) -> None:
    engine = Engine(installed(prefixed.parent)[0], tmp_path / "argos", threads=1)
    long = "Він прийшов додому і сів на кухні. " * 30
    pieces = OneUtterance().split_sentences(long.strip())

    whole, *parts = engine.translate([long.strip(), *pieces])

    assert len(pieces) > 2
    assert not any(part.startswith("<2en>") for part in parts)
    assert "".join(whole.split()) == "".join("".join(parts).split())


def test_what_was_translated_once_is_not_translated_again(
    packages_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = spied(monkeypatch)
    translator = Translator(packages_dir)

    first = translator.translate_many([TURNS[0], TURNS[1], TURNS[0]], "uk", "en")
    again = translator.translate_many([TURNS[1], TURNS[0]], "uk", "en")

    assert seen == [[TURNS[0], TURNS[1]]]
    assert [again[1], again[0], again[1]] == first


def test_a_lost_mark_means_once_more_without_and_a_warning(prefixed: Path) -> None:
    """Random weights copy no mark."""
    translator = Translator(prefixed.parent)

    kept = translator.translate("Потім прийшла Оксана.", "uk", "en", ["Оксана"])

    assert kept.text == translator.translate("Потім прийшла Оксана.", "uk", "en").text
    assert "names" in kept.warnings
    assert not any(mark in kept.text for mark in MARKS)


def test_a_package_that_copies_marks_keeps_names_as_they_were_said(
    prefixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copying(texts: Sequence[str]) -> list[str]:
        return [text.replace("Потім прийшла", "Then came") for text in texts]

    monkeypatch.setattr(Engine, "translate", lambda self, texts: copying(texts))

    done = Translator(prefixed.parent).translate("Потім прийшла Оксана Бойко.", "uk", "en", ["Оксана Бойко"])

    assert done.text == "Then came Оксана Бойко."
    assert done.warnings == ()


@pytest.mark.parametrize(("got", "lost"), [("Then she came.", True), ("Then Oksana came.", False)])
def test_a_package_that_knows_no_marks_never_sees_one(
    got: str, lost: bool, packages_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def answering(_: Engine, texts: Sequence[str]) -> list[str]:
        seen.extend(texts)
        return [got for _ in texts]

    monkeypatch.setattr(Engine, "translate", answering)

    done = Translator(packages_dir).translate("Оксана прийшла потім.", "uk", "en", ["Оксана"])

    assert seen == ["Оксана прийшла потім."]
    assert done.warnings == (("names",) if lost else ())


@pytest.mark.parametrize(
    ("back", "doubted"), [("Він штовхнув мене зі сходів", False), ("Сьогодні вечеря", True)]
)
def test_a_way_back_shows_what_strays(
    back: str, doubted: bool, packages_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(make_package(tmp_path, "en", "uk", seed=9), packages_dir)
    answers = {
        "він штовхнув мене зі сходів": "he pushed me down the stairs",
        "he pushed me down the stairs": back,
    }
    monkeypatch.setattr(Engine, "translate", lambda self, texts: [answers[text] for text in texts])

    done = Translator(packages_dir).translate("він штовхнув мене зі сходів", "uk", "en", round_trip=True)

    assert done.warnings == (("round-trip",) if doubted else ())


def test_without_a_way_back_a_round_trip_says_nothing(translator: Translator) -> None:
    assert "round-trip" not in translator.translate(TURNS[0], "uk", "en", round_trip=True).warnings


def test_many_without_a_way_or_of_one_language(translator: Translator) -> None:
    with pytest.raises(NoRoute):
        translator.translate_many(["x"], "so", "en")
    assert [one.text for one in translator.translate_many(["a", " b"], "en", "en-GB")] == ["a", " b"]


def test_no_word_of_a_page_reaches_log_or_output(
    prefixed: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    marker = "Секретмаркер"

    done = Translator(prefixed.parent, threads=2).translate_many(
        [f"{turn} {marker}" for turn in TURNS], "uk", "en", [marker], round_trip=True
    )

    seen = caplog.text + "".join(capfd.readouterr())
    assert marker.lower() not in seen.lower()
    assert not any(one.text and one.text in seen for one in done)


def spied(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the engines are really asked."""
    seen: list[list[str]] = []
    real: Callable[[Engine, Sequence[str]], list[str]] = Engine.translate

    def spy(self: Engine, texts: Sequence[str]) -> list[str]:
        seen.append(list(texts))
        return real(self, texts)

    monkeypatch.setattr(Engine, "translate", spy)
    return seen


def test_the_package_that_comes_along_keeps_names_and_labels(tmp_path: Path) -> None:
    install(SHIPPED / "translate-uk_en.argosmodel", tmp_path / "packages")
    translator = Translator(tmp_path / "packages")

    done = translator.translate_many(
        ["Потім прийшла Оксана.", "Я не знаю, де Артемко.", "Оксана, ти де?"],
        "uk",
        "en",
        ["Оксана", "Артемко"],
    )

    assert [("Оксана" in one.text, "Артемко" in one.text) for one in done] == [
        (True, False),
        (False, True),
        (True, False),
    ]
    assert all("names" not in one.warnings for one in done)


def test_what_stands_in_brackets_was_not_said(packages_dir: Path) -> None:
    engine = Translator(packages_dir)
    alone = engine.translate("я був на кухні", "uk", "en").text
    assert engine.translate("[нерозбірливо]", "uk", "en").text == "[нерозбірливо]"
    assert engine.translate("(плаче) я був на кухні [пауза]", "uk", "en").text == f"(плаче) {alone} [пауза]"


def test_a_weak_package_says_so_on_every_turn(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    install(make_package(tmp_path, "uk", "en", seed=5, about={"weak": True}), folder)
    assert "weak" in Translator(folder).translate("я був на кухні", "uk", "en").warnings
