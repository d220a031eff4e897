"""The worker's part: pairs a few at a time, sealed, kept by what they were made from, and made again."""

from __future__ import annotations

import pytest

from tests.interpreting.parts import Phrasebook
from tests.interview.parts import PlainCoder, Room, make_room
from web.config import Config
from web.interpreting import comparison
from web.interpreting.comparison import Comparison
from web.interview.turns import TurnIn
from web.recording.files import SealedFiles
from web.store import Database, Interview
from web.transcript.service import StepIn, TranscriptService

RENDERING = "Він тебе вдарив?"


@pytest.fixture
def room(any_config: Config, database: Database) -> Room:
    return make_room(any_config, database)


@pytest.fixture
def book() -> Phrasebook:
    return Phrasebook({RENDERING: "Did he hit you?"})


@pytest.fixture
def made(room: Room, book: Phrasebook) -> Comparison:
    return bare(room, book, PlainCoder())


def bare(room: Room, book: Phrasebook, coder: PlainCoder | None) -> Comparison:
    files = SealedFiles(room.config.home)
    return Comparison(room.database, room.vault, files, book, lambda: coder)  # type: ignore[arg-type]


def talk(room: Room, questions: int) -> Interview:
    interview = room.new(child_language="uk")
    for number in range(questions):
        for speaker, text, language in (
            ("interviewer", f"Tell me more, {number}.", "en"),
            ("interpreter", RENDERING, "uk"),
        ):
            room.service.add_turn(
                interview.id, room.user.id, TurnIn(f"{speaker}{number}", speaker, text, language=language)
            )
    return interview


def test_a_page_makes_nothing_and_the_worker_makes_some_at_a_time(
    room: Room, made: Comparison, book: Phrasebook
) -> None:
    interview = talk(room, comparison.AT_ONCE + 1)
    packages = room.config.home / "packages"
    before = made.look(interview, packages)
    assert (before.done, before.of, before.wanted) == (0, comparison.AT_ONCE + 1, True)
    assert [one.found.why_not for one in before.report.questions] == ["waiting"] * before.of
    assert book.asked == []
    assert made.step(interview.id)
    assert made.look(interview, packages).done == comparison.AT_ONCE
    assert not made.step(interview.id)
    after = made.look(interview, packages)
    assert (after.done, after.wanted) == (after.of, False)
    assert {one.found.rendered for one in after.report.questions} == {"Did he hit you?"}


def test_only_what_was_corrected_is_compared_again(room: Room, made: Comparison, book: Phrasebook) -> None:
    interview = talk(room, 3)
    made.step(interview.id)
    book.asked.clear()
    service = TranscriptService(room.database, room.vault, lambda *_: None, lambda *_: None, 1 << 16)
    service.take(interview.id, room.user, StepIn("s", "text", 0, segment="2", text="Розкажи."))
    look = made.look(interview, room.config.home / "packages")
    assert [one.found.why_not for one in look.report.questions] == ["waiting", None, None]
    made.step(interview.id)
    assert [text for text, *_ in book.asked] == ["Розкажи."]
    book.asked.clear()
    assert not made.step(interview.id)
    assert book.asked == []


def test_what_was_found_is_sealed_and_gone_with_the_key(room: Room, made: Comparison) -> None:
    interview = talk(room, 1)
    made.step(interview.id)
    [file] = [path for path in (room.config.home / "audio").rglob("*") if path.is_file()]
    assert b"hit you" not in file.read_bytes()
    file.write_bytes(b"damaged")
    assert made.look(interview, room.config.home / "packages").done == 0
    made.step(interview.id)
    assert made.look(interview, room.config.home / "packages").done == 1
    with room.database.write() as session:
        session.get_one(Interview, interview.id).wrapped_key = None
    assert not made.step(interview.id)


def test_without_the_language_analysis_it_says_so_and_is_made_up_for_later(
    room: Room, book: Phrasebook
) -> None:
    interview = talk(room, 1)
    packages = room.config.home / "packages"
    assert not bare(room, book, None).step(interview.id)
    look = bare(room, book, None).look(interview, packages)
    assert (look.done, look.wanted) == (1, True)
    assert [one.found.why_not for one in look.report.questions] == ["no_coder"]
    whole = bare(room, book, PlainCoder())
    whole.step(interview.id)
    assert [one.found.why_not for one in whole.look(interview, packages).report.questions] == [None]
