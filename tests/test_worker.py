"""The worker translates what others wrote down, as soon as it can, and codes what waited for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from tests.interview.parts import LIBRARY, PlainCoder, Room, WalkingDialogue, make_room
from tests.recording.sounds import Sender, wav
from tests.speech.models import catalogue, toy_folder
from tests.translation.models import make_package
from web.config import Config
from web.interpreting.comparison import AT_ONCE
from web.interview import readings
from web.interview.turns import TurnIn
from web.recording.endings import QUIET
from web.recording.upload_reading import FileReader
from web.security import attempts
from web.services import build_services
from web.speech.catalogue import Catalogue
from web.speech.installing import Installer
from web.speech.models import Models
from web.store import (
    Coding,
    Database,
    Interview,
    InterviewState,
    LoginAttempt,
    Segment,
    Track,
    Translation,
)
from web.store.base import now
from web.transcript.service import StepIn
from web.translation import install
from web.worker import Worker


@pytest.fixture
def console(config: Config) -> Iterator[Room]:
    """The console's side: it saves turns and translates nothing."""
    opened = Database(config.database_url)
    yield make_room(config, opened)
    opened.close()


@pytest.fixture
def worker(config: Config) -> Iterator[Worker]:
    services = build_services(config)
    services.engines.dialogue = WalkingDialogue(LIBRARY)
    services.engines.coder = PlainCoder()
    yield Worker(services)
    services.database.close()


@pytest.fixture(autouse=True)
def _random_words_are_coded(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the small package says means nothing; here it only matters when it is coded."""
    monkeypatch.setattr(readings, "NOT_SAID", frozenset())


def bring_in(config: Config, folder: Path) -> None:
    install(make_package(folder, "uk", "en"), config.home / "packages")


def work(worker: Worker) -> list[str]:
    """Everything that was asked for, by name."""
    done = []
    while (task := worker.jobs.queue.dequeue()) is not None:
        done.append(task.name)
        worker.jobs.queue.execute(task)
    return done


def rows(room: Room, table: type) -> list[object]:
    with room.database.read() as session:
        return list(session.scalars(select(table)))


def test_a_package_brought_in_while_it_runs_is_noticed(
    console: Room, worker: Worker, config: Config, tmp_path: Path
) -> None:
    interview = console.new(child_language="uk")
    console.say(interview, "child", "я був на кухні")
    worker.recover()
    assert work(worker) == ["count"]
    bring_in(config, tmp_path)
    worker.packages_changed()
    assert rows(console, Translation) == [], "the beat only asks for it"
    assert work(worker) == ["count", "code"]
    assert (len(rows(console, Translation)), len(rows(console, Coding))) == (1, 1)
    worker.packages_changed()
    assert work(worker) == [], "once"


def test_what_came_while_it_was_away_is_worked_off_in_parts(
    console: Room, worker: Worker, config: Config, tmp_path: Path
) -> None:
    bring_in(config, tmp_path)
    interview = console.new(child_language="uk")
    for number in range(20):
        console.say(interview, "child", f"мій брат грає у футбол {number}")
    worker.recover()
    assert work(worker) == ["count", "code", "code"], "live work gets in between"
    assert (len(rows(console, Translation)), len(rows(console, Coding))) == (20, 20)


def test_words_that_people_wrote_and_set_right_are_translated_anew(
    console: Room, worker: Worker, config: Config, tmp_path: Path
) -> None:
    bring_in(config, tmp_path)
    interview = console.new(child_language="uk")
    with console.database.write() as session:
        track = Track(interview_id=interview.id, name="child", speaker="child", ended=True, heard_out=True)
        session.add(track)
        session.flush()
        session.add(Segment(track_id=track.id, start_ms=0, end_ms=900, confidence=0.1))

    def write(number: int, text: str) -> None:
        step = StepIn(f"w{number}", "text", number, "child@0", text)
        worker.services.transcripts.take(interview.id, console.user, step)

    def present() -> list[str]:
        sealer = console.vault.sealer(interview.id, interview.wrapped_key)
        with console.database.read() as session:
            found = session.scalars(select(Translation).where(readings.of_present_words()))
            return [sealer.open(one.sealed_text, f"translation:{one.id}") for one in found]

    def made(text: str) -> str:
        return worker.services.translator.translate(text, "uk", "en").text

    write(0, "він мене не бив")
    assert work(worker) == ["code"]
    assert present() == [made("він мене не бив")]
    write(1, "він мене бив")
    assert present() == [], "of other words"
    assert work(worker) == ["code"]
    assert present() == [made("він мене бив")]
    write(2, "вона мене бачила")
    worker.jobs.queue.flush()  # the queue was lost with what was asked of it
    worker.recover()
    assert work(worker) == ["count", "code"]
    assert present() == [made("вона мене бачила")]
    assert len(rows(console, Translation)) == 3, "the older ones stay on record"


def test_a_turn_that_was_waited_for_too_long_is_coded_after_it_was_translated(
    console: Room, worker: Worker, config: Config, tmp_path: Path
) -> None:
    bring_in(config, tmp_path)
    interview = console.new(child_language="uk")
    turn = console.say(interview, "child", "він штовхнув мене зі сходів")
    assert turn.coding is not None
    assert turn.coding["response"] is None
    worker.translate(turn.turn_id)
    assert work(worker) == ["code"]
    assert len(rows(console, Coding)) == 1
    worker.translate(turn.turn_id)
    assert work(worker) == []


def test_what_it_writes_down_itself_it_translates_before_it_codes(
    console: Room, worker: Worker, config: Config, tmp_path: Path
) -> None:
    bring_in(config, tmp_path)
    interview = console.new(child_language="uk")
    turn = TurnIn("speech:one:0:0", "child", "я був на кухні", 0, 900, language="uk", source="speech")
    out = worker.services.interviews.add_turn(interview.id, None, turn)
    assert out.coding is not None
    assert out.coding["translated"] is True
    assert work(worker) == ["translate"], "which has nothing left to do"
    assert len(rows(console, Translation)) == 1


def test_it_says_which_speech_models_are_in_use_as_they_are_chosen(
    worker: Worker, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = catalogue()
    monkeypatch.setattr(Catalogue, "load", classmethod(lambda cls: made))
    installer = Installer(Models(config.speech_models))
    worker = Worker(worker.services)
    worker.speech_changed()
    assert worker.detail == {"speech": "tiny.en", "languages": ["en"]}

    installer.errands.run("toy", installer.carried("toy", toy_folder(tmp_path / "stick"), "stick"))
    installer.models.use("toy", ["uk"])
    worker.speech_changed()
    assert worker.detail == {"speech": "tiny.en, toy", "languages": ["en", "uk"]}


def test_without_a_speech_model_it_goes_on_until_one_comes(
    worker: Worker, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = catalogue()
    nothing = replace(made, default="toy")
    monkeypatch.setattr(Catalogue, "load", classmethod(lambda cls: nothing))
    worker = Worker(worker.services)
    worker.speech_changed()
    assert (worker.state, "get it with: tellmore models install toy" in worker.detail["reason"]) == (
        "failed",
        True,
    )

    installer = Installer(Models(config.speech_models))
    installer.errands.run("toy", installer.carried("toy", toy_folder(tmp_path / "stick"), "stick"))
    worker.speech_changed()
    assert (worker.state, worker.detail["speech"]) == ("ready", "toy")


def a_file_waits(console: Room, worker: Worker) -> Sender:
    """The console wrote it down, and did not live to ask for it."""
    sender = Sender(worker.services.parts, console.new().id, console.user.id, wav(1))
    sender.send()
    return sender


def test_a_file_nobody_asked_for_is_read_without_a_restart(console: Room, worker: Worker) -> None:
    sender = a_file_waits(console, worker)
    worker.look_after()
    worker.look_after()
    assert [task.name for task in worker.jobs.queue.pending()] == ["read"], "once"
    while (task := worker.jobs.queue.dequeue()) is not None:
        if task.name == "read":
            worker.jobs.queue.execute(task)
    assert sender.status.state == "done"


def test_a_file_goes_on_after_the_database_was_away_for_longer_than_the_queue_tries(
    console: Room, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = a_file_waits(console, worker)
    with monkeypatch.context() as away:
        gone = OperationalError("", {}, Exception("away"))
        away.setattr(FileReader, "_begin", Mock(side_effect=gone))
        with pytest.raises(OperationalError):
            worker.read(sender.upload_id)  # the queue tries three times, and then no more
    assert not worker.jobs.waits("read")
    worker.look_after()
    assert worker.jobs.waits("read")


def test_it_forgets_who_tried_to_sign_in_long_ago(console: Room, worker: Worker) -> None:
    with console.database.write() as session:
        session.add(LoginAttempt(name="eva", succeeded=False, at=now() - 2 * attempts.KEPT))
    worker.look_after()
    assert rows(console, LoginAttempt) == []


def test_what_was_left_open_is_ended_and_heard(console: Room, worker: Worker) -> None:
    interview = console.new()
    long_ago = now() - 2 * QUIET
    worker.services.recordings.open_track(interview.id, "room", None, 0, console.user.id)
    with console.database.write() as session:
        session.execute(update(Track).values(created_at=long_ago))
        session.execute(update(Interview).values(state=InterviewState.CLOSED, ended_at=long_ago))
    worker.look_after()
    assert [(task.name, *task.args) for task in worker.jobs.queue.pending()] == [("listen", interview.id)]


def test_it_compares_how_an_interview_came_over_some_at_a_time(console: Room, worker: Worker) -> None:
    interview = console.new(child_language="uk")
    for number in range(AT_ONCE + 1):
        for speaker, text, language in (("interviewer", f"Where were you, {number}?", "en"),
                                        ("interpreter", "Де ти був?", "uk")):  # fmt: skip
            turn = TurnIn(f"{speaker}{number}", speaker, text, language=language)
            console.service.add_turn(interview.id, console.user.id, turn)
    work(worker)
    worker.jobs.compare(interview.id)
    assert work(worker) == ["compare", "compare"]
    look = worker.services.comparison.look(interview, worker.services.config.home / "packages")
    assert (look.done, look.of) == (AT_ONCE + 1, AT_ONCE + 1)
    assert {one.found.why_not for one in look.report.questions} == {"no_package"}
