"""Files whose reading a person stops: taken up again, removed, or kept with the words made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recording.reading import (
    SOUND,
    begin_reading,
    files_of,
    read_all,
    rows,
    said,
    sound,
    written_down,
)
from tests.recording.sounds import Sender
from web.interview.errors import Conflict
from web.recording import upload_reading
from web.recording.service import RecordingService
from web.recording.upload_reading import FileReader
from web.store import Chunk, Database, Track

pytestmark = pytest.mark.usefixtures("short_steps")


@pytest.mark.parametrize(
    ("heard", "turn", "refused"),
    [(False, False, True), (True, True, True), (True, False, False)],
    ids=["not heard yet", "written down", "no word in it"],
)
def test_an_original_of_which_there_are_words_stays(
    sender: Sender, reader: FileReader, database: Database, tmp_path: Path, heard, turn, refused
) -> None:
    begin_reading(sender, reader)
    given = (sender.interview_id, sender.upload_id, sender.actor_id)
    sender.service.cancel(*given)
    reader.step()
    if heard:
        written_down(database)
    if turn:
        said(database, sender.interview_id)
    if refused:
        with pytest.raises(Conflict) as why:
            sender.service.remove(*given)
        assert "stays with it" in why.value.detail
        assert sender.status.kept
        assert len(files_of(tmp_path, "part")) == sender.status.of
    else:
        assert not sender.service.remove(*given).kept
        assert not files_of(tmp_path, "part")


def test_a_file_that_is_read_otherwise_the_second_time_is_kept(
    sender: Sender, reader: FileReader, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new decoder, for example: its first part is in the record, and this the only original."""
    begin_reading(sender, reader)
    sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    reader.step()
    real = upload_reading.pieces
    monkeypatch.setattr(upload_reading, "pieces", lambda recording: (piece + 1 for piece in real(recording)))
    sender.service.again(sender.interview_id, sender.upload_id)
    read_all(reader)
    found = sender.status
    assert (found.state, found.problem, found.again) == ("failed", "other_sound", True)
    assert len(files_of(tmp_path, "part")) == found.of


def test_cancelling_stops_the_reading_and_it_can_be_taken_up_again(
    sender: Sender, reader: FileReader, recordings: RecordingService, database: Database
) -> None:
    begin_reading(sender, reader)
    sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    assert not reader.step().more
    stopped = sender.status
    assert (stopped.state, stopped.again) == ("cancelled", True)
    assert 0 < stopped.read_ms < 25_000
    assert len(sound(recordings, database)) == stopped.read_ms * 32
    sender.service.again(sender.interview_id, sender.upload_id)
    read_all(reader)
    assert sender.status.state == "done"
    assert sound(recordings, database) == SOUND[44:]


def test_a_file_stopped_before_any_sound_was_read_can_be_removed(
    sender: Sender, reader: FileReader, database: Database, tmp_path: Path
) -> None:
    """The wrong one, for example."""
    sender.send()
    reader.step()
    for kept, end in ((True, sender.service.cancel), (False, sender.service.remove)):
        found = end(sender.interview_id, sender.upload_id, sender.actor_id)
        assert (found.state, found.again, found.kept) == ("cancelled", kept, kept)
        assert not reader.step().more
    assert not files_of(tmp_path, "part")
    assert rows(database, Track) == 0


def test_cancelling_while_sound_is_being_written_keeps_the_file_with_it(
    sender: Sender, reader: FileReader, recordings: RecordingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.send()
    add = recordings.add_chunk

    def cancelled_meanwhile(*given: object, **named: object) -> object:
        sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
        return add(*given, **named)

    monkeypatch.setattr(recordings, "add_chunk", cancelled_meanwhile)
    read_all(reader)
    assert (sender.status.state, sender.status.read_ms) == ("cancelled", 10_000)
    found = sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    assert found.again, "a second press must not part the sound from its file"


def test_pressing_stop_twice_within_a_step_keeps_the_file_with_its_sound(
    sender: Sender,
    reader: FileReader,
    recordings: RecordingService,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(upload_reading, "PIECES_A_STEP", 6)  # as it is shipped
    sender.send()
    add = recordings.add_chunk

    def stopped_twice(*given: object, **named: object) -> object:
        for _ in range(2):
            sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
        return add(*given, **named)

    monkeypatch.setattr(recordings, "add_chunk", stopped_twice)
    read_all(reader)
    assert rows(database, Chunk)
    assert (sender.status.state, sender.status.again) == ("cancelled", True)
