"""The report: what is compared, what is not and why, and both directions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interpreting.parts import Phrasebook, asked, said, to_child, to_interviewer, told
from tests.translation.models import make_package
from web.interpreting.drift import Compared
from web.interpreting.model import Said
from web.interpreting.report import Report, TranslatorPort, report
from web.translation import Translator, install

BOOK = Phrasebook({"Він тебе вдарив?": "Did he hit you?", "Розкажи.": "Tell me."})


def by_form(before: str, after: str) -> Compared:
    """Closed where a question mark came in."""
    return Compared(None, None, ("closed",) if "?" in after and "?" not in before else ())


def made(*turns: Said, translator: TranslatorPort = BOOK, own: str = "en") -> Report:
    return report(turns, own, "uk", translator, by_form)


def test_a_question_that_closed_on_the_way_is_worth_listening_to_again() -> None:
    found = made(
        asked("Tell me what he did."), to_child("Він тебе вдарив?"), asked("Tell me."), to_child("Розкажи.")
    )
    assert [one.pair.source[0].text for one in found.worth()] == ["Tell me what he did."]
    assert found.worth()[0].rendered == "Did he hit you?"
    assert len(found.questions) == 2
    assert found.not_compared() == []


def test_the_translation_on_record_is_used_and_none_made() -> None:
    book = Phrasebook({"x": "y"})
    rendering = said("interpreter", "Він тебе вдарив?", "uk", english="He hit you?")
    found = made(asked("Tell me."), rendering, translator=book)
    assert found.worth()[0].rendered == "He hit you?"
    assert book.asked == []


def test_what_could_not_be_compared_is_counted_with_the_reason() -> None:
    no_package = Phrasebook()
    found = made(asked("Tell me."), to_child("Розкажи."), asked("And then?"), translator=no_package)
    assert [one.why_not for one in found.not_compared()] == ["no_package", "not_interpreted"]
    assert found.worth() == []


def test_without_the_language_models_nothing_is_compared() -> None:
    found = report([asked("Tell me."), to_child("Розкажи.")], "en", "uk", BOOK, None)
    assert [one.why_not for one in found.questions] == ["not_coded"]
    assert found.questions[0].rendered == "Tell me."


def test_one_that_cannot_be_read_does_not_hold_up_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    def trips(before: str, after: str) -> Compared:
        if before == "Tell me.":
            raise RuntimeError(f"cannot read {before}")
        return by_form(before, after)

    turns = [asked("Tell me."), to_child("Розкажи."), asked("Tell me all."), to_child("Він тебе вдарив?")]
    found = report(turns, "en", "uk", BOOK, trips)
    assert [one.why_not for one in found.questions] == ["not_coded", None]
    assert "Tell me" not in caplog.text


def test_an_interviewer_of_another_language_is_compared_by_way_of_english() -> None:
    book = Phrasebook({"Berätta.": "Tell me.", "Він тебе вдарив?": "Did he hit you?"})
    turns = [said("interviewer", "Berätta.", "sv"), to_child("Він тебе вдарив?")]
    found = made(*turns, translator=book, own="sv")
    assert (found.worth()[0].asked, found.worth()[0].rendered) == ("Tell me.", "Did he hit you?")
    assert {(source, target) for _, source, target in book.asked} == {("sv", "en"), ("uk", "en")}


@pytest.mark.parametrize(("child", "rendering", "sign"), [
    ("Нас було 3 у машині.", "There were 5 of us in the car.", "numbers"),
    ("Я не хотів іти туди з ними.", "I wanted to go there with them.", "negation"),
    ("Він узяв мене за руку і повів у підвал, а потім зачинив двері на ключ.", "He took me.", "length"),
])  # fmt: skip
def test_the_childs_words_against_their_rendering(child: str, rendering: str, sign: str) -> None:
    found = made(asked("Tell me."), to_child("Розкажи."), told(child), to_interviewer(rendering))
    assert [one.signs for one in found.answers_worth()] == [(sign,)]


def test_a_faithful_rendering_has_no_sign_and_one_that_is_missing_is_counted() -> None:
    found = made(told("Я був удома."), to_interviewer("I was at home."), told("Мама плакала."))
    assert found.answers_worth() == []
    assert [one.pair.source[0].text for one in found.unheard()] == ["Мама плакала."]


def test_with_a_real_package(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "packages"
    install(make_package(tmp_path, "uk", "en"), folder)
    found = made(asked("Tell me."), to_child("розкажи мені що сталося"), translator=Translator(folder))
    assert found.questions[0].rendered
    assert found.questions[0].why_not is None
