"""Where files stand in an interview: behind one another, behind the microphones, or where they stood."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.recording.reading import (
    begin_reading,
    read_all,
    tracks,
)
from tests.recording.sounds import Sender, wav
from web.recording.service import RecordingService
from web.recording.upload_reading import STALE, FileReader
from web.store import Database, Track, Upload
from web.store.base import now

pytestmark = pytest.mark.usefixtures("short_steps")


def test_the_next_file_begins_where_the_one_before_ends(
    sender: Sender, reader: FileReader, database: Database
) -> None:
    """Recorders cut long recordings into files."""
    second = replace(sender, upload_id="", content=wav(5, pitch=30))
    beside = replace(sender, content=wav(6, pitch=40), beside=True)
    third = replace(sender, content=wav(7, pitch=50))
    for one in (sender, second, beside, third):
        one.send()
    read_all(reader)
    with database.read() as session:
        found = list(session.scalars(select(Track).order_by(Track.created_at)))
    assert [track.offset_ms for track in found] == [0, 25_000, 25_000, 31_000]


def test_a_file_stopped_keeps_the_place_that_is_its_own(
    sender: Sender, reader: FileReader, database: Database
) -> None:
    begin_reading(sender, reader)
    sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    second = replace(sender, upload_id="", content=wav(5, pitch=30))
    second.send()
    read_all(reader)
    sender.service.again(sender.interview_id, sender.upload_id)
    read_all(reader)
    assert sorted(track.offset_ms for track in tracks(database)) == [0, 25_000]


def test_a_file_waits_for_one_begun_before_it(sender: Sender, reader: FileReader, database: Database) -> None:
    sender.begin()
    second = replace(sender, upload_id="", content=wav(5, pitch=30))
    second.send()
    assert not reader.step().more
    assert second.status.state == "waiting"
    sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    read_all(reader)
    assert second.status.state == "done"


def test_a_file_that_nobody_goes_on_sending_is_waited_for_an_hour(
    sender: Sender, reader: FileReader, database: Database
) -> None:
    sender.begin()
    second = replace(sender, upload_id="", content=wav(5, pitch=30))
    second.send()
    before = now() - STALE - timedelta(minutes=1)
    with database.write() as session:
        session.execute(update(Upload).where(Upload.id == sender.upload_id).values(updated_at=before))
    read_all(reader)
    assert (sender.status.state, second.status.state) == ("receiving", "done")


def test_a_file_waits_for_the_end_of_the_microphones_so_that_it_stands_behind_them(
    sender: Sender, reader: FileReader, recordings: RecordingService, database: Database
) -> None:
    recordings.open_track(sender.interview_id, "mic", "child", 0, None)
    body = bytes(32_000)
    digest = hashlib.sha256(body).hexdigest()
    recordings.add_chunk(sender.interview_id, "mic", 0, body, digest)
    sender.send()
    assert not reader.step().more
    assert sender.status.state == "waiting"
    recordings.add_chunk(sender.interview_id, "mic", 1, body, digest)
    recordings.end_track(sender.interview_id, "mic", 2, None)
    read_all(reader)
    assert sender.status.state == "done"
    assert {track.name == "mic": track.offset_ms for track in tracks(database)} == {True: 0, False: 2000}


def test_a_length_that_a_file_only_claims_moves_nothing_once_it_was_read(
    sender: Sender, reader: FileReader, database: Database
) -> None:
    """An MP3 without an index may say anything."""
    sender.send()
    read_all(reader)
    with database.write() as session:
        session.execute(update(Upload).values(total_ms=13 * 3600 * 1000))
    second = replace(sender, upload_id="", content=wav(5, pitch=30))
    second.send()
    read_all(reader)
    assert (second.status.state, second.status.problem) == ("done", None)
    assert sorted(track.offset_ms for track in tracks(database)) == [0, 25_000]
