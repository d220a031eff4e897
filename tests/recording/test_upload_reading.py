"""The worker reads files that came in parts: to the end, again after a kill, and into the right tracks."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from tests.recording.conftest import PART
from tests.recording.reading import (
    SOUND,
    begin_reading,
    files_of,
    read_all,
    rows,
    sound,
    tracks,
    written_down,
)
from tests.recording.sounds import Sender, wav
from web.recording.files import SealedFiles
from web.recording.service import RecordingService
from web.recording.upload_file import OPEN_PARTS, SealedParts
from web.recording.upload_reading import FileReader
from web.store import Chunk, Database, Interview, Original, Track, Upload, Vault

pytestmark = pytest.mark.usefixtures("short_steps")


def test_a_file_becomes_an_ended_track_with_all_its_sound(
    sender: Sender, reader: FileReader, recordings: RecordingService, database: Database, tmp_path: Path
) -> None:
    sender.send()
    assert read_all(reader) >= 4  # it lets others have their turn
    done = sender.status
    assert (done.state, done.read_ms, done.total_ms, done.problem) == ("done", 25_000, 25_000, None)
    assert sound(recordings, database) == SOUND[44:]
    assert tracks(database)[0].ended
    with database.read() as session:
        original = session.scalars(select(Original)).one()
    assert (original.sha256, original.size) == (hashlib.sha256(SOUND).digest(), len(SOUND))
    assert original.complete
    assert len(files_of(tmp_path, "part")) == done.of, "the file itself is kept"


def test_two_channels_are_two_tracks_with_their_speakers(
    sender: Sender, reader: FileReader, database: Database
) -> None:
    sender.content, sender.speakers = wav(3, channels=2), ("interviewer", "child")
    sender.send()
    read_all(reader)
    assert [track.speaker for track in tracks(database)] == ["interviewer", "child"]


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_a_worker_killed_at_any_step_goes_on_and_doubles_nothing(
    sender: Sender,
    database: Database,
    vault: Vault,
    files: SealedFiles,
    recordings: RecordingService,
    steps: int,
) -> None:
    recordings._max_chunk_bytes = 1 << 20
    sender.send()
    workers = [FileReader(database, vault, files, recordings, 1 << 22) for _ in range(2)]
    for _ in range(steps):
        workers[0].step()
    read_all(workers[1])
    assert sender.status.state == "done"
    assert sound(recordings, database) == SOUND[44:]
    assert (rows(database, Chunk), rows(database, Original)) == (3, 1)


def test_the_same_file_again_adds_nothing(
    sender: Sender, reader: FileReader, database: Database, tmp_path: Path
) -> None:
    sender.send()
    read_all(reader)
    again = Sender(sender.service, sender.interview_id, sender.actor_id, SOUND)
    again.send()
    read_all(reader)
    assert again.status.state == "done"
    assert (rows(database, Track), rows(database, Original)) == (1, 1)
    assert len(files_of(tmp_path, "part")) == again.status.of


def test_a_file_that_is_written_down_is_refused_with_other_speakers(
    sender: Sender, reader: FileReader, database: Database, tmp_path: Path
) -> None:
    sender.send()
    read_all(reader)
    written_down(database)
    other = Sender(sender.service, sender.interview_id, sender.actor_id, SOUND, speakers=("child",))
    other.send()
    read_all(reader)
    assert (other.status.state, other.status.problem) == ("failed", "same_file")
    assert tracks(database)[0].speaker is None
    assert len(files_of(tmp_path, "part")) == sender.status.of


@pytest.mark.parametrize("written", [0, 9_600])
def test_a_file_brought_in_with_the_wrong_channels_is_brought_in_rightly(
    sender: Sender, reader: FileReader, database: Database, tmp_path: Path, written: int
) -> None:
    """What was written down by then stays as it is; nothing is heard twice."""
    sender.content = wav(25, channels=2)
    begin_reading(sender, reader, steps=60)
    sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    reader.step()
    assert all(track.ended for track in tracks(database))
    written_down(database, written)
    right = Sender(
        sender.service,
        sender.interview_id,
        sender.actor_id,
        sender.content,
        speakers=("interviewer", "child"),
    )
    right.send()
    read_all(reader)
    assert (right.status.state, right.status.problem) == ("done", "other_speakers" if written else None)
    found = tracks(database)
    assert [(track.speaker, track.transcribed_ms) for track in found] == [
        ("interviewer", written),
        ("child", written),
    ]
    assert all(track.ended and not track.heard_out for track in found), "the rest is to be heard"
    assert rows(database, Chunk) == 6
    assert not sender.status.kept, "one copy is enough"
    assert len(files_of(tmp_path, "part")) == right.status.of


@pytest.fixture
def sealed(sender: Sender, database: Database, vault: Vault, files: SealedFiles) -> SealedParts:
    sender.content = random.Random(1).randbytes(OPEN_PARTS * 3 * PART + 77)
    sender.send()
    with database.read() as session:
        upload = session.get_one(Upload, sender.upload_id)
        interview = session.get_one(Interview, sender.interview_id)
    return SealedParts(files, vault.sealer(interview.id, interview.wrapped_key), upload)


def test_parts_read_as_one_file_and_few_are_open(sealed: SealedParts, sender: Sender) -> None:
    """From any place to any other, as containers with their index at the end are read."""
    dice = np.random.default_rng(2)
    for _ in range(100):
        place, count = int(dice.integers(0, len(sender.content) + 10)), int(dice.integers(0, 3 * PART))
        assert sealed.seek(place) == place
        found = sealed.read(count) or b""
        assert found == sender.content[place : place + len(found)]
        assert found or not count or place >= len(sender.content)
        assert len(sealed._opened) <= OPEN_PARTS
    sealed.seek(0)
    assert sealed.readall() == sender.content
