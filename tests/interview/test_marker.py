"""What a child says is in the sealed rows and nowhere else."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.interview.parts import Room
from web.interview.turns import TurnIn
from web.store import DialogueLabel, Event, Turn

MARKER = "zinnoberrot"
SENTENCE = f"He hid the {MARKER} box under the stairs."


def play(room: Room) -> str:
    interview = room.new(preparation=f"About the {MARKER} box", persons_present=f"{MARKER} friend")
    room.say(interview, "child", SENTENCE)
    room.say(interview, "interviewer", f"Did you touch the {MARKER} box?")
    room.press(interview, "go_to", step="welcome", reason=f"The {MARKER} box")
    words = [{"text": MARKER, "start_ms": 0, "end_ms": 300, "probability": 0.9}]
    turn = TurnIn("sp", "child", SENTENCE, 0, 900, source="speech", words=words)
    room.service.add_turn(interview.id, None, turn)
    room.service.close(interview.id, room.user.id, "end", f"The {MARKER} box was found")
    return interview.id


def test_no_file_holds_what_was_said(lite: Room) -> None:
    play(lite)
    files = [path for path in lite.config.home.rglob("*") if path.is_file()]
    assert any(path.name.endswith("sqlite3") for path in files)
    assert holding(files) == []


def holding(files: list[Path]) -> list[str]:
    return [path.name for path in files if MARKER.encode() in path.read_bytes().lower()]


def test_the_same_words_are_readable_with_the_key(lite: Room) -> None:
    interview = lite.service.get(play(lite))
    assert MARKER in str(lite.service.history(interview.id))
    assert MARKER in str(lite.service.details(interview))


def test_without_the_key_nothing_can_be_read(lite: Room) -> None:
    """Erasing the wrapped key is enough: rows stay, words are gone."""
    interview = play(lite)
    with lite.database.read() as session:
        event = session.scalars(select(Event).where(Event.interview_id == interview)).first()
        turn = session.scalars(select(Turn).where(Turn.interview_id == interview)).first()
    assert event is not None
    assert turn is not None
    assert MARKER.encode() not in event.sealed_payload + turn.sealed_text + (turn.sealed_words or b"")


def test_the_dialogue_is_told_codes_only(lite: Room) -> None:
    play(lite)
    with lite.database.read() as session:
        labels = session.scalars(select(DialogueLabel.label)).all()
    assert labels
    assert MARKER not in str(labels)
    assert all(len(str(value)) < 30 for label in labels for value in label["entities"].values())


def test_no_log_holds_what_was_said(lite: Room, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    lite.coder.fail_on = MARKER
    play(lite)
    assert caplog.records, "the failing coder is logged"
    assert MARKER not in caplog.text


def test_no_log_of_a_failing_part_holds_what_was_said(
    lite: Room, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)

    def broken(*args: object, **kwargs: object) -> None:
        raise ValueError(SENTENCE)

    monkeypatch.setattr(lite.coder, "cues", broken)
    interview = lite.new()
    lite.say(interview, "child", SENTENCE)
    assert "ValueError" in caplog.text
    assert MARKER not in caplog.text
