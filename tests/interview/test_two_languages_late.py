"""Words whose translation comes late or never: who waits for it, how long, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.interview.parts import Room
from tests.interview.test_service import count
from tests.interview.two_languages import (
    PUSHED,
    Phrasebook,
    add_marks,
    beat,
    codings,
    events,
    labels,
    turn_id,
    turn_translator,
    two_languages,
)
from web.interview import findings, pipeline
from web.store import Coding, DialogueLabel, Interview, InterviewState, Tag, Translation, Turn
from web.store.base import new_id


def test_without_a_package_nothing_is_coded_and_the_page_says_why(lite: Room) -> None:
    two_languages(lite, Phrasebook(ways=set()))
    beat(lite)
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "child", PUSHED)
    assert out.coding is not None
    assert (out.coding["response"], out.coding["waits"]) == (None, "package")
    assert "no translation is installed" in out.coding["label"]
    assert codings(lite) == []
    assert labels(lite) == [
        {"intent": "child_turn", "entities": {"response": "short", "substantive": False, "reluctance": False}}
    ]


def test_a_package_that_comes_during_the_interview_catches_up(room: Room) -> None:
    add_marks(room)
    book = Phrasebook(ways=set())
    worker = two_languages(room, book)
    interview = room.new(child_language="uk")
    room.say(interview, "child", PUSHED)
    room.say(interview, "interviewer", "Who was there?")
    room.say(interview, "child", "так")
    told = labels(room)
    assert worker.behind() == []
    book.ways.add(("uk", "en"))
    assert worker.behind() == [interview.id]
    done = worker.work_off(interview.id)
    assert (done.late, done.more) == (True, False)
    room.service.catch_up(interview.id)
    assert [(row.layer, row.type, row.response) for row in codings(room)] == [
        (0, None, "short"),
        (0, "wh", None),
        (0, None, "yes"),
    ]
    assert labels(room) == told, "the guide was told once"
    assert count(room.database, Tag) == 1
    assert room.coder.heard[-2:] == ["he pushed me down the stairs", "yes"], "each in its place"
    before = room.kinds(interview)
    room.service.catch_up(interview.id)
    assert room.kinds(interview) == before


def test_late_words_are_taken_in_before_what_followed_them(lite: Room) -> None:
    """Whoever looks first codes the late turn; the other process takes it in as it was coded."""
    book = Phrasebook()
    two_languages(lite, book, worker=False)
    console, interview = lite, lite.new(child_language="uk")
    late = console.say(interview, "child", "так").coding
    assert late is not None
    assert late["waits"] == "translation"
    console.say(interview, "interviewer", "Who was there?")
    other = lite.again()
    worker = two_languages(other, book)
    assert worker.translate(turn_id(lite, 1)).late
    other.service.catch_up(interview.id)
    assert [row.response for row in codings(lite)] == ["yes", None]
    told = [(one["turn"], one["late"]) for one in events(lite, interview, "coding")]
    assert told == [(1, False), (2, False), (1, True)], "the page says that the guide had gone on"
    console.say(interview, "interviewer", "Tell me about that.")
    assert console.coder.recalled == ["yes", "Who was there?"]
    assert count(lite.database, Coding) == 3


def test_the_coding_waits_for_a_translation_that_is_on_its_way(
    lite: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    worker = turn_translator(lite, Phrasebook())
    looks: list[float] = []

    def meanwhile(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 2:
            worker.translate(turn_id(lite, 1))

    monkeypatch.setattr(pipeline.time, "sleep", meanwhile)
    out = lite.say(lite.new(child_language="uk"), "child", "так")
    assert out.coding is not None
    assert (out.coding["response"], len(looks)) == ("yes", 2)


@dataclass
class Clock:
    """Stands still but for those who wait; `meanwhile` happens at each look."""

    waited: float = 0.0
    meanwhile: Callable[[], object] = lambda: None

    def sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.meanwhile()

    def monotonic(self) -> float:
        return self.waited


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pipeline.time, "sleep", made.sleep)
    monkeypatch.setattr(pipeline.time, "monotonic", made.monotonic)
    return made


def test_what_was_waited_for_in_vain_is_not_waited_for_again(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    interview = lite.new(child_language="uk")
    first = lite.say(interview, "child", "так")
    assert clock.waited == pytest.approx(pipeline.PATIENCE_S, abs=pipeline.LOOK_S)
    assert first.guidance is not None
    before = clock.waited
    lite.say(interview, "child", PUSHED)
    assert clock.waited == before
    turn_translator(lite, Phrasebook()).work_off(interview.id)
    lite.service.catch_up(interview.id)
    assert [row.response for row in codings(lite)] == ["yes", "short"]
    lite.say(interview, "child", "ми були на озері")
    assert clock.waited > before, "they came in time: somebody translates again"


def test_an_interviewers_english_waits_for_no_translation_of_it(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    asked: list[bool] = []
    lite.service._foreign = lambda turn_id, soon: asked.append(soon)
    interview = lite.new(child_language="uk")
    out = lite.say(interview, "interviewer", "Did you go there?")
    assert out.coding is not None
    assert (out.coding["type"], clock.waited) == ("yes_no", 0.0)
    lite.say(interview, "child", "так")
    assert asked == [False, True], "what a child said is translated first"


def test_words_that_came_too_late_are_no_reason_to_wait_again(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    before = clock.waited
    turn_translator(lite, Phrasebook()).work_off(interview.id)
    with lite.database.write() as session:
        session.scalars(select(Translation)).one().at += timedelta(seconds=pipeline.PATIENCE_S + 1)
    lite.service.catch_up(interview.id)
    assert [row.response for row in codings(lite)] == ["yes"]
    lite.say(interview, "child", PUSHED)
    assert clock.waited == before


def test_nobody_else_waits_while_words_are_waited_for(lite: Room, clock: Clock) -> None:
    two_languages(lite, worker=False)
    beat(lite)
    interview = lite.new(child_language="uk")
    lite.say(interview, "interviewer", "Who was there?")
    kinds: list[object] = []

    def meanwhile() -> None:
        if not kinds:
            waited = clock.waited
            kinds.append(elsewhere(lambda: lite.service.look(interview.id, "Did you go?")["type"]))
            kinds.append(count(lite.database, DialogueLabel))
            stop = elsewhere(lambda: lite.press(interview, "stop").guidance)
            kinds.append(stop["interrupt"])
            kinds.append(clock.waited - waited)

    clock.meanwhile = meanwhile
    lite.say(interview, "child", "так")
    assert kinds == ["yes_no", 1, "stop", 0.0], "a look takes nothing in without its words, a stop does"
    assert len(labels(lite)) == 3


def elsewhere(work: Callable[[], Any]) -> Any:
    """The same in a thread of its own, that a lock would hold up for ever."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result(timeout=20)


def test_words_that_come_just_when_the_guide_goes_on_are_read(
    lite: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker saw a turn that still waited, and tells nobody that it is late."""
    two_languages(lite, worker=False)
    worker = turn_translator(lite, Phrasebook())
    write = findings.write

    def just_before(*arguments: Any) -> int:
        with lite.database.read() as session:
            turns = session.scalars(select(Turn.id)).all()
        assert not any(worker.translate(turn).late for turn in turns)
        return write(*arguments)

    monkeypatch.setattr(findings, "write", just_before)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так", key="k")
    assert [row.response for row in codings(lite)] == ["yes"]
    again = lite.say(interview, "child", "так", key="k")
    assert again.coding is not None
    assert again.coding["response"] == "yes"


def test_nobody_is_waited_for_where_no_worker_is(lite: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    two_languages(lite, worker=False)
    monkeypatch.setattr(pipeline.time, "sleep", lambda seconds: pytest.fail("waited"))
    out = lite.say(lite.new(child_language="uk"), "child", "так")
    assert out.coding is not None
    assert out.coding["waits"] == "translation"


def test_a_persons_code_stays_above_a_late_one_of_the_machine(lite: Room) -> None:
    book = Phrasebook(ways=set())
    worker = two_languages(lite, book)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    sealer = lite.vault.sealer(interview.id, interview.wrapped_key)
    with lite.database.write() as session:
        row = new_id()
        session.add(
            Coding(
                id=row,
                interview_id=interview.id,
                turn_id=turn_id(lite, 1),
                layer=1,
                author_id=lite.user.id,
                response="no",
                sealed_detail=sealer.seal({"response": "no", "reason": "heard it"}, f"coding:{row}"),
            )
        )
    book.ways.add(("uk", "en"))
    worker.work_off(interview.id)
    lite.service.catch_up(interview.id)
    assert [(one.layer, one.response) for one in codings(lite)] == [(0, "yes"), (1, "no")]


def test_a_closed_interview_is_coded_late_without_a_new_card(lite: Room) -> None:
    book = Phrasebook(ways=set())
    worker = two_languages(lite, book)
    interview = lite.new(child_language="uk")
    lite.say(interview, "child", "так")
    lite.say(interview, "interviewer", "Who was there?")
    with lite.database.write() as session:
        session.get_one(Interview, interview.id).state = InterviewState.CLOSED
    cards = lite.kinds(interview).count("guidance")
    book.ways |= {("uk", "en"), ("en", "uk")}
    worker.work_off(interview.id)
    lite.service.catch_up(interview.id)
    assert [one.response for one in codings(lite)] == ["yes", None]
    assert lite.kinds(interview).count("guidance") == cards
    assert [one["to"] for one in events(lite, interview, "translation")] == ["interviewer"]


def test_a_long_interview_without_words_is_taken_in_again_in_parts(
    lite: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 5)
    book = Phrasebook(ways=set())
    worker = two_languages(lite, book)
    interview = lite.new(child_language="uk")
    for number in range(12):
        lite.say(interview, "child", f"слово {number}")
    book.ways.add(("uk", "en"))
    assert worker.work_off(interview.id).more is False
    lite.service.catch_up(interview.id)
    assert len(codings(lite)) == 12
    assert len(labels(lite)) == 12
    lite.say(interview, "child", "так")
    assert len(codings(lite)) == 13
