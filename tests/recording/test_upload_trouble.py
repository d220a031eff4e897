"""Files that cannot be read, or not to their end: nothing is lost, and nothing of them is told."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.recording.conftest import PART
from tests.recording.reading import (
    SOUND,
    begin_reading,
    read_all,
    rows,
    sound,
    tracks,
    written_down,
)
from tests.recording.sounds import Sender, wav
from web.recording import upload_reading
from web.recording.endings import end_left
from web.recording.file_tracks import FileTracks
from web.recording.files import SealedFiles
from web.recording.service import RecordingService
from web.recording.upload_file import part_path
from web.recording.upload_reading import FileReader
from web.store import Database, Interview, Original, Track, Upload, Vault
from web.store.vault import Unreadable

pytestmark = pytest.mark.usefixtures("short_steps")


@pytest.mark.parametrize("how", ["stopped", "failed", "no worker"])
def test_a_track_that_is_not_read_further_ends_and_goes_on_when_it_is(
    sender: Sender,
    reader: FileReader,
    recordings: RecordingService,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """So what was said last in it is written down."""
    begin_reading(sender, reader)
    if how == "failed":
        with monkeypatch.context() as broken:
            broken.setattr(FileTracks, "add", lambda *_: (_ for _ in ()).throw(OSError()))
            reader.step()
    else:
        sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    if how == "no worker":
        assert end_left(database, recordings) == [sender.interview_id]
        assert end_left(database, recordings) == []
    else:
        assert reader.step().interview_id == (sender.interview_id if how == "stopped" else None)
    assert tracks(database)[0].ended
    written_down(database)
    sender.service.again(sender.interview_id, sender.upload_id)
    read_all(reader)
    assert sound(recordings, database) == SOUND[44:]
    (track,) = tracks(database)
    assert (track.ended, track.heard_out) == (True, False)


def test_a_file_whose_key_cannot_be_opened_is_in_no_others_way(
    sender: Sender, reader: FileReader, database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.send()
    second = replace(sender, upload_id="", content=wav(5, pitch=30))
    second.send()
    real, asked = vault.sealer, []

    def broken(*given: object) -> object:
        asked.append(given)
        if len(asked) == 1:
            raise Unreadable
        return real(*given)

    monkeypatch.setattr(vault, "sealer", broken)
    read_all(reader)
    assert (sender.status.state, sender.status.problem, sender.status.again) == ("failed", "damaged", True)
    assert second.status.state == "done"


@pytest.mark.parametrize(
    ("content", "speakers", "problem"),
    [
        (b"\x89PNG" + bytes(3 * PART), (), "no_sound"),
        (b"#EXTM3U\nfile:///etc/passwd\n", (), "no_sound"),
        (SOUND, ("interviewer", "child"), "speakers"),
    ],
    ids=["a picture", "a list of other files", "one channel for two"],
)
def test_what_cannot_be_used_leaves_nothing(
    sender: Sender, reader: FileReader, database: Database, tmp_path: Path, content, speakers, problem
) -> None:
    sender.content, sender.speakers = content, speakers
    sender.send()
    read_all(reader)
    assert (sender.status.state, sender.status.problem, sender.status.again) == ("failed", problem, False)
    assert rows(database, Track) == rows(database, Original) == 0
    assert not [path for path in (tmp_path / "audio").rglob("*") if path.is_file()]


def test_a_recording_that_breaks_off_keeps_what_there_is_and_says_so(
    sender: Sender, reader: FileReader, database: Database
) -> None:
    sender.content = SOUND[: 16_000 * 2 * 8]
    sender.send()
    read_all(reader)
    assert (sender.status.state, sender.status.problem) == ("done", "broke_off")
    with database.read() as session:
        assert session.scalar(select(Original.complete)) is False


def test_a_part_altered_on_disk_is_noticed_before_any_sound_is_taken(
    sender: Sender, reader: FileReader, database: Database, files: SealedFiles
) -> None:
    sender.send()
    with database.read() as session:
        upload = session.get_one(Upload, sender.upload_id)
    path = part_path(files, upload, 3)
    whole = path.read_bytes()
    for damage in (whole[:-1], part_path(files, upload, 4).read_bytes()):
        path.write_bytes(damage)
        read_all(reader)
        assert (sender.status.state, sender.status.problem) == ("failed", "damaged")
        assert rows(database, Track) == 0
        sender.service.again(sender.interview_id, sender.upload_id)
    path.write_bytes(whole)  # from a backup
    read_all(reader)
    assert sender.status.state == "done"


def test_an_interview_erased_meanwhile_is_not_read_further(
    sender: Sender, reader: FileReader, database: Database
) -> None:
    sender.send()
    reader.step()
    with database.write() as session:
        session.get_one(Interview, sender.interview_id).wrapped_key = None
    assert not reader.step().more
    assert not reader.unfinished()
    assert rows(database, Track) == 0


def test_trouble_of_ours_keeps_the_file_and_says_nothing_of_its_content(
    sender: Sender,
    reader: FileReader,
    recordings: RecordingService,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sender.send()
    with monkeypatch.context() as broken:
        broken.setattr(
            recordings, "add_chunk", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("secret"))
        )
        read_all(reader)
    assert (sender.status.state, sender.status.problem, sender.status.again) == ("failed", "trouble", True)
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    sender.service.again(sender.interview_id, sender.upload_id)
    read_all(reader)
    assert sender.status.state == "done"


def test_a_recording_longer_than_allowed_keeps_what_was_read(
    sender: Sender, reader: FileReader, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = upload_reading.Recording
    monkeypatch.setattr(
        upload_reading, "Recording", lambda *given, **named: real(*given, **named, max_seconds=15)
    )
    sender.send()
    read_all(reader)
    assert (sender.status.state, sender.status.problem) == ("done", "too_long")
    with database.read() as session:
        assert session.scalar(select(Original.complete)) is False


def test_a_database_that_is_busy_for_a_moment_costs_no_sound(
    sender: Sender,
    reader: FileReader,
    recordings: RecordingService,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The queue tries again; the piece that was not written is not passed over."""
    sender.send()
    add, failed = recordings.add_chunk, []

    def busy(*given: object, **named: object) -> object:
        number = given[2]
        if number == 1 and not failed:
            failed.append(number)
            raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))
        return add(*given, **named)

    monkeypatch.setattr(recordings, "add_chunk", busy)
    with pytest.raises(OperationalError):
        read_all(reader)
    read_all(reader)
    assert sender.status.state == "done"
    assert sound(recordings, database) == SOUND[44:]
