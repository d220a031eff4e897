"""Translations are written once, beneath what was said, by the real engine and a small package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.interview.parts import Room, make_room
from tests.interview.two_languages import Phrasebook, turn_translator, two_languages
from tests.translation.models import make_package
from web.config import Config
from web.interpreting.notes import NoteIn
from web.interpreting.service import InterpretingService
from web.interview.readings import doubtful
from web.interview.turns import TurnIn
from web.recording.names import known_names
from web.recording.translating import BATCH, TurnTranslator
from web.store import Database, Event, EventKind, Interview, Translation, Turn
from web.translation import Translator, install

SAID = "він штовхнув мене зі сходів"


@pytest.fixture
def room(any_config: Config, database: Database) -> Room:
    return make_room(any_config, database)


def rows(room: Room) -> list[Translation]:
    with room.database.read() as session:
        return list(
            session.scalars(
                select(Translation)
                .join(Turn, Turn.id == Translation.turn_id)
                .order_by(Turn.number, Translation.language)
            )
        )


def ids(room: Room) -> list[str]:
    with room.database.read() as session:
        return list(session.scalars(select(Turn.id).order_by(Turn.number)))


def words(room: Room, interview: Interview, row: Translation) -> str:
    sealer = room.vault.sealer(interview.id, interview.wrapped_key)
    return str(sealer.open(row.sealed_text, f"translation:{row.id}"))


def test_a_real_package_translates_both_ways(room: Room, tmp_path: Path) -> None:
    for number, pair in enumerate((("uk", "en"), ("en", "uk"))):
        file = make_package(tmp_path, *pair, seed=number + 1)
        install(file, room.config.home / "packages")
    translator = Translator(room.config.home / "packages")
    worker = TurnTranslator(room.database, room.vault, translator)
    room.service.translate_here(worker.work_off)
    room.service._pipeline._translates = lambda language: translator.routes(language, "en") is not None
    interview = room.new(child_language="uk", persons_present="Interpreter: Olena Shevchenko, mother")
    room.say(interview, "interviewer", "tell me what happened")
    out = room.say(interview, "child", SAID)
    assert worker.work_off(interview.id).more is False
    assert [row.language for row in rows(room)] == ["uk", "en"]
    mine, childs = rows(room)
    assert childs.route == ["uk", "en"]
    (package,) = childs.packages
    assert (package["name"], len(package["sha256"])) == ("translate-uk_en", 64)
    assert words(room, interview, childs) == translator.translate(SAID, "uk", "en").text
    assert words(room, interview, mine) == translator.translate("tell me what happened", "en", "uk").text
    assert out.coding is not None
    assert out.coding["translated"] is not doubtful(childs.warnings), "a random package may say anything"
    told = {
        event.payload["turn"]: event.payload
        for event in room.service.history(interview.id)
        if event.kind is EventKind.TRANSLATION
    }
    assert [(told[n]["to"], told[n]["language"]) for n in (1, 2)] == [("child", "uk"), ("interviewer", "en")]
    assert told[2]["text"] == words(room, interview, childs)
    assert told[2]["dir"] == "ltr"


def test_nothing_is_translated_twice(room: Room) -> None:
    worker = turn_translator(room, Phrasebook())
    interview = room.new(child_language="uk")
    room.say(interview, "child", "так")
    assert worker.translate(ids(room)[0]).late
    before = room.kinds(interview)
    again = turn_translator(room, Phrasebook())
    assert not worker.translate(ids(room)[0]).late
    assert not again.work_off(interview.id).late
    assert room.kinds(interview) == before
    assert len(rows(room)) == 1


def test_two_workers_at_once_write_one(room: Room) -> None:
    interview = room.new(child_language="uk")
    room.say(interview, "child", "так")
    other = turn_translator(room, Phrasebook())

    class Slow(Phrasebook):
        def translate_many(self, *arguments: object) -> list[object]:  # type: ignore[override]
            other.work_off(interview.id)  # somebody else was quicker
            return super().translate_many(*arguments)  # type: ignore[arg-type, return-value]

    turn_translator(room, Slow()).work_off(interview.id)
    assert len(rows(room)) == 1


def test_an_interview_erased_meanwhile_gets_nothing(room: Room) -> None:
    interview = room.new(child_language="uk")
    room.say(interview, "child", "так")

    class Erasing(Phrasebook):
        def translate_many(self, *arguments: object) -> list[object]:  # type: ignore[override]
            with room.database.write() as session:
                session.get_one(Interview, interview.id).wrapped_key = None
            return super().translate_many(*arguments)  # type: ignore[arg-type, return-value]

    worker = turn_translator(room, Erasing())
    assert not worker.work_off(interview.id).late
    assert rows(room) == []
    assert worker.behind() == []
    assert not worker.translate(ids(room)[0]).late


def test_what_was_said_in_an_erased_interview_stays_nowhere(room: Room, tmp_path: Path) -> None:
    install(make_package(tmp_path, "uk", "en"), room.config.home / "packages")
    translator = Translator(room.config.home / "packages")
    worker = TurnTranslator(room.database, room.vault, translator)
    interview = room.new(child_language="uk")
    room.say(interview, "child", SAID)
    worker.work_off(interview.id)
    worker.forget_erased()
    (held,) = translator._cache._held
    assert held[1] == SAID, "kept while it is there: said again, it costs nothing"
    with room.database.write() as session:
        session.get_one(Interview, interview.id).wrapped_key = None
    worker.forget_erased()
    assert not translator._cache._held


def test_a_turn_nobody_has(room: Room) -> None:
    assert not turn_translator(room, Phrasebook()).translate("0" * 24).more


def test_a_backlog_is_worked_off_in_parts(room: Room) -> None:
    interview = room.new(child_language="uk")
    for number in range(BATCH + 3):
        room.say(interview, "child", f"слово {number}")
    book = Phrasebook()
    worker = turn_translator(room, book)
    assert worker.work_off(interview.id).more is True
    assert len(rows(room)) == BATCH
    assert worker.work_off(interview.id).more is False
    assert len(rows(room)) == BATCH + 3
    assert [len(texts) for _, _, texts in book.asked] == [BATCH, 3], "together, not one by one"


def test_a_turn_too_long_to_translate_does_not_stop_the_others(room: Room) -> None:
    interview = room.new(child_language="uk")
    room.say(interview, "child", "так " * 6000)
    room.say(interview, "child", "так")
    worker = turn_translator(room, Phrasebook())
    assert worker.work_off(interview.id).more is False
    assert [row.turn_id for row in rows(room)] == ids(room)[1:]
    assert worker.behind() == [interview.id]  # asked again once packages have changed


def test_words_in_another_script_than_their_languages_are_never_translated(room: Room) -> None:
    interview = room.new(child_language="uk")
    for key, text in (("a", "He touched me on my leg."), ("b", "так"), ("c", "3!")):
        room.service.add_turn(interview.id, None, TurnIn(key, "child", text, language="uk"))
    book = Phrasebook()
    turn_translator(room, book).work_off(interview.id)
    assert [texts for _, _, texts in book.asked] == [("так", "3!")]
    assert [row.turn_id for row in rows(room)] == ids(room)[1:]


def test_an_english_installation_has_nothing_to_do(room: Room) -> None:
    room.say(room.new(), "child", "yes")
    book = Phrasebook(ways={("en", "uk"), ("uk", "en")})
    assert turn_translator(room, book).behind() == []


def test_a_language_of_a_turn_counts_not_that_of_the_interview(room: Room) -> None:
    two_languages(room)
    interview = room.new(child_language="uk")
    room.service.add_turn(interview.id, None, TurnIn("a", "child", "yes", language="en"))
    room.service.add_turn(interview.id, None, TurnIn("b", "interpreter", "так", language="uk"))
    turn_translator(room, Phrasebook()).work_off(interview.id)
    with room.database.read() as session:
        kinds = session.scalars(select(Event.kind).where(Event.interview_id == interview.id)).all()
    assert kinds.count(EventKind.TRANSLATION) == 1
    assert [row.turn_id for row in rows(room)] == [ids(room)[1]]


def test_names_in_the_record_are_kept_as_they_are(room: Room) -> None:
    interview = room.new(
        child_language="uk", persons_present="friend Mira", own_words="Дмитрик (brother), піська; Боббі"
    )
    values = {"name": "Olena Koval", "language": "uk", "relation": "none", "place": "room", "witness": False}
    note = NoteIn("n1", "present", values)
    InterpretingService(room.database, room.vault, room.service.feed).write(interview.id, room.user.id, note)
    room.say(interview, "child", "Олена бачила Дмитрика і мою піську")
    room.say(interview, "interviewer", "Tell me about Dmytryk and Mira")
    book = Phrasebook()
    turn_translator(room, book).work_off(interview.id)
    assert book.kept == [("Дмитрика", "піську", "Олена"), ("Mira", "Dmytryk")]


def test_what_the_child_calls_things_passes_through_a_real_package(room: Room, tmp_path: Path) -> None:
    """A random package may lose its marks: then it is said that a name is missing."""
    install(make_package(tmp_path, "uk", "en", about={"keeps_marks": True}), room.config.home / "packages")
    interview = room.new(child_language="uk", own_words="Дмитрик")
    room.say(interview, "child", "Дмитрика")
    worker = TurnTranslator(room.database, room.vault, Translator(room.config.home / "packages"))
    worker.work_off(interview.id)
    (row,) = rows(room)
    assert words(room, interview, row) == "Дмитрика" or "names" in row.warnings


def test_a_turn_that_breaks_the_engine_is_given_up_and_the_others_come(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    class Breaking(Phrasebook):
        def translate_many(self, texts: Any, *arguments: Any) -> Any:
            if "zinnoberrot" in texts:
                raise RuntimeError(f"cannot decode {texts}")
            return super().translate_many(texts, *arguments)

    interview = room.new(child_language="uk")
    for key, text in enumerate(("ja", "zinnoberrot", "Berätta om det")):
        room.service.add_turn(interview.id, None, TurnIn(f"k{key}", "child", text, language="sv"))
    worker = turn_translator(room, Breaking())
    assert worker.work_off(interview.id).more is False
    assert [row.turn_id for row in rows(room)] == [ids(room)[0], ids(room)[2]]
    assert "RuntimeError" in caplog.text
    assert "zinnoberrot" not in caplog.text
    caplog.clear()
    worker.work_off(interview.id)
    assert caplog.text == "", "it is not tried again and again"


def test_what_a_child_said_comes_before_what_it_may_read(room: Room) -> None:
    interview = room.new(child_language="uk")
    for number in range(BATCH):
        room.say(interview, "interviewer", f"Question {number}?")
    room.say(interview, "child", "так")
    book = Phrasebook()
    worker = turn_translator(room, book)
    assert worker.work_off(interview.id).more is True
    assert [(source, len(texts)) for source, _, texts in book.asked] == [("uk", 1), ("en", BATCH - 1)]


def test_the_coder_waits_for_nothing_that_a_child_may_read(room: Room) -> None:
    book = Phrasebook()
    worker = two_languages(room, book)
    interview = room.new(child_language="uk")
    out = room.say(interview, "interviewer", "Did you go there?")
    assert out.coding is not None
    room.say(interview, "child", "так")
    assert [(source, texts) for source, _, texts in book.asked] == [("uk", ("так",))]
    worker.work_off(interview.id)
    assert [(source, texts) for source, _, texts in book.asked[1:]] == [("en", ("Did you go there?",))]


def test_only_interviews_with_a_turn_that_lacks_something_are_behind(room: Room) -> None:
    done, owed = room.new(child_language="uk"), room.new(child_language="uk")
    book = Phrasebook()
    worker = turn_translator(room, book)
    room.say(done, "child", "так")
    room.say(done, "interviewer", "And then?")
    worker.work_off(done.id)
    room.say(owed, "child", "так")
    room.say(owed, "child", "так")
    worker.translate(ids(room)[-1])
    assert worker.behind() == [owed.id]
    room.service.close(owed.id, room.user.id, "k", "ended early")
    assert worker.behind() == [owed.id], "a child's words are owed after the end, too"
    worker.work_off(owed.id)
    assert worker.behind() == []


def test_questions_of_a_closed_interview_are_owed_to_nobody(room: Room) -> None:
    interview = room.new(child_language="uk")
    room.say(interview, "interviewer", "And then?")
    worker = turn_translator(room, Phrasebook())
    assert worker.behind() == [interview.id]
    room.service.close(interview.id, room.user.id, "k", "ended early")
    assert worker.behind() == []


def test_names_that_the_record_knows() -> None:
    details = {"persons_present": "Mother; Interpreter for Dari: Olena Shevchenko, and a friend Mira. MUM"}
    assert known_names(details, "Anna Berg") == ("Anna", "Berg", "Olena", "Shevchenko", "Mira")
    assert known_names({}, "") == ()
    assert known_names({}, "Anna", ["Olena Koval", "4711"]) == ("Anna", "Olena", "Koval")
    assert known_names({"persons_present": "Mamma, tolk"}, "anna") == ()
    own = {"own_words": "Дмитрик (brother Dima), моя  киця;\n 3, піська"}
    assert known_names(own, "Anna") == ("Anna", "Дмитрик", "моя киця", "піська")


def test_words_of_a_note_that_name_nobody_are_not_kept() -> None:
    assert known_names({}, "Anna Berg", ["Interpreter No. 4", "Tolk Bo"]) == ("Anna", "Berg", "Tolk")
    assert known_names({"persons_present": "friend Mira, a No. 4"}, "Officer Lund") == ("Lund", "Mira")
