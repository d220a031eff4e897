"""The report: what is compared, what is not and why, what is not sure, and both directions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interpreting.parts import Phrasebook, asked, said, to_child, to_interviewer, told
from tests.translation.models import make_package
from web.interpreting import finding
from web.interpreting.drift import Compared
from web.interpreting.finding import Comparer, Found, TranslatorPort
from web.interpreting.model import English, Pair, Said
from web.interpreting.pairing import pair
from web.interpreting.report import Report, assemble
from web.translation import Translator, install
from web.translation.engine import LONGEST_TEXT

BOOK = Phrasebook({"Він тебе вдарив?": "Did he hit you?", "Розкажи.": "Tell me."})


def by_form(before: str, after: str) -> Compared:
    """Closed where a question mark came in."""
    return Compared(None, None, ("closed",) if "?" in after and "?" not in before else ())


def made(
    *turns: Said,
    translator: TranslatorPort = BOOK,
    own: str = "en",
    compare: Comparer | None = by_form,
    worth: dict[str, str] | None = None,
) -> Report:
    pairs = pair(turns, own, "uk")
    found: dict[int, Found] = {
        **{id(one): finding.question(one, translator, compare) for one in pairs.questions},
        **{id(one): finding.answer(one, own, "uk") for one in pairs.answers},
        **{id(one): finding.own(one, translator) for one in pairs.own},
    }
    return assemble(pairs, lambda one: found[id(one)], worth or {})


def test_a_question_that_closed_on_the_way_is_worth_listening_to_again() -> None:
    found = made(
        asked("Tell me what he did."), to_child("Він тебе вдарив?"), asked("Tell me."), to_child("Розкажи.")
    )
    assert [one.pair.source[0].text for one in found.worth()] == ["Tell me what he did."]
    assert found.worth()[0].found.rendered == "Did he hit you?"
    assert len(found.questions) == 2
    assert found.not_compared() == []


def test_the_translation_on_record_is_used_and_none_made() -> None:
    book = Phrasebook({"x": "y"})
    rendering = said("interpreter", "Він тебе вдарив?", "uk", english=English("He hit you?"))
    found = made(asked("Tell me."), rendering, translator=book)
    assert found.worth()[0].found.rendered == "He hit you?"
    assert book.asked == []


@pytest.mark.parametrize(("english", "worth"), [
    (English("He hit you?", ("negation",), ("p",)), {"p": "good"}),
    (English("He hit you?", (), ("p",)), {"p": "weak"}),
    (English("He hit you?", (), ("p",)), {"p": "gist"}),
    (English("He hit you?", (), ("p",)), {}),  # the package is no longer there
])  # fmt: skip
def test_what_was_read_back_doubtfully_or_by_a_weak_package_is_not_compared_surely(
    english: English, worth: dict[str, str]
) -> None:
    found = made(
        asked("Tell me."), said("interpreter", "Він тебе вдарив?", "uk", english=english), worth=worth
    )
    assert found.worth() == []
    assert found.compared() == []
    assert [one.found.changes for one in found.unsure()] == [("closed",)]
    assert found.readers == ["p"]


def test_a_good_package_without_a_doubt_compares_surely() -> None:
    rendering = said("interpreter", "Він тебе вдарив?", "uk", english=English("He hit you?", (), ("p",)))
    found = made(asked("Tell me."), rendering, worth={"p": "good"})
    assert len(found.worth()) == 1
    assert found.unsure() == []


def test_what_could_not_be_compared_is_counted_with_the_reason() -> None:
    no_package = Phrasebook()
    found = made(asked("Tell me."), to_child("Розкажи."), asked("And then?"), translator=no_package)
    assert [one.found.why_not for one in found.not_compared()] == ["no_package", "not_interpreted"]
    assert found.worth() == []


def test_a_turn_that_is_too_long_is_left_out_alone() -> None:
    turns = [asked("Tell me."), to_child("Розкажи. " * LONGEST_TEXT), asked("What?"), to_child("Розкажи.")]
    assert [one.found.why_not for one in made(*turns).questions] == ["too_long", None]


def test_without_the_language_models_nothing_is_compared() -> None:
    found = made(asked("Tell me."), to_child("Розкажи."), compare=None)
    assert [one.found.why_not for one in found.questions] == ["no_coder"]
    assert found.questions[0].found.rendered == "Tell me."


def test_one_that_cannot_be_read_does_not_hold_up_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    def trips(before: str, after: str) -> Compared:
        if before == "Tell me.":
            raise RuntimeError(f"cannot read {before}")
        return by_form(before, after)

    turns = [asked("Tell me."), to_child("Розкажи."), asked("Tell me all."), to_child("Він тебе вдарив?")]
    found = made(*turns, compare=trips)
    assert [one.found.why_not for one in found.questions] == ["not_coded", None]
    assert "Tell me" not in caplog.text


def test_an_interviewer_of_another_language_is_compared_by_way_of_english() -> None:
    book = Phrasebook({"Berätta.": "Tell me.", "Він тебе вдарив?": "Did he hit you?"})
    turns = [said("interviewer", "Berätta.", "sv"), to_child("Він тебе вдарив?")]
    [one] = made(*turns, translator=book, own="sv").worth()
    assert (one.found.asked, one.found.rendered) == ("Tell me.", "Did he hit you?")
    assert {(source, target) for _, source, target in book.asked} == {("sv", "en"), ("uk", "en")}


@pytest.mark.parametrize(("child", "rendering", "sign"), [
    ("Нас було 3 у машині.", "There were 5 of us in the car.", "numbers"),
    ("Я не хотів іти туди з ними.", "I wanted to go there with them.", "negation"),
    ("Він узяв мене за руку і повів у підвал, а потім зачинив двері на ключ.", "He took me.", "length"),
])  # fmt: skip
def test_the_childs_words_against_their_rendering(child: str, rendering: str, sign: str) -> None:
    found = made(asked("Tell me."), to_child("Розкажи."), told(child), to_interviewer(rendering))
    assert [one.found.signs for one in found.answers_worth()] == [(sign,)]


def test_a_faithful_rendering_has_no_sign_and_one_that_is_missing_is_counted() -> None:
    found = made(told("Я був удома."), to_interviewer("I was at home."), told("Мама плакала."))
    assert found.answers_worth() == []
    assert [one.pair.source[0].text for one in found.unheard()] == ["Мама плакала."]


def test_with_a_real_package(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "packages"
    there = install(make_package(tmp_path, "uk", "en"), folder)
    found = made(asked("Tell me."), to_child("розкажи мені що сталося"), translator=Translator(folder))
    assert found.questions[0].found.rendered
    assert found.questions[0].found.why_not is None
    assert found.readers == [there.ref.sha256]


def test_what_was_found_is_read_again_as_it_was() -> None:
    one = Found("a", "b", ("open", "yes_no"), ("closed",), ("weak",), ("p",))
    assert Found.read({**vars(one), "changes": ["closed"], "types": ["open", "yes_no"]}) == one
    assert Found.read(vars(finding.question(Pair([asked("And?")]), BOOK, None))).why_not == "not_interpreted"
