"""The worker reads files that came in parts: to the end, again after a kill, and not when it cannot."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from tests.recording.conftest import PART
from tests.recording.sounds import Sender, wav
from web.interview.errors import Conflict
from web.recording import upload_reading
from web.recording.endings import end_left
from web.recording.file_tracks import FileTracks
from web.recording.files import SealedFiles
from web.recording.service import RecordingService
from web.recording.upload_file import OPEN_PARTS, SealedParts, part_path
from web.recording.upload_parts import PartsService
from web.recording.upload_reading import STALE, FileReader
from web.store import Chunk, Database, Interview, Original, Segment, Track, Turn, Upload, Vault
from web.store.base import now
from web.store.vault import Unreadable

SOUND = wav(25)


@pytest.fixture
def author(database: Database, interview_id: str) -> str:
    with database.read() as session:
        return session.get_one(Interview, interview_id).interviewer_id


@pytest.fixture
def sender(parts: PartsService, interview_id: str, author: str) -> Sender:
    return Sender(parts, interview_id, author, SOUND)


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_reading, "PIECES_A_STEP", 1)


def begin_reading(sender: Sender, reader: FileReader, steps: int = 20) -> None:
    """Send the file, and read until some of its sound is on record."""
    sender.send()
    for _ in range(steps):
        if sender.status.read_ms:
            break
        reader.step()


def read_all(reader: FileReader) -> int:
    steps = 1
    while reader.step().more:
        steps += 1
    return steps


def rows(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def tracks(database: Database) -> list[Track]:
    with database.read() as session:
        return list(session.scalars(select(Track).order_by(Track.name)))


def written_down(database: Database, until_ms: int = 24_992) -> None:
    """As the listener notes it."""
    with database.write() as session:
        session.execute(update(Track).values(transcribed_ms=until_ms, heard_out=True))


def sound(recordings: RecordingService, database: Database) -> bytes:
    (track,) = tracks(database)
    return b"".join(recordings.pcm(track.id))


def files_of(tmp_path: Path, kind: str) -> list[Path]:
    return list((tmp_path / "audio").rglob(f"*.{kind}"))


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


def said(database: Database, interview_id: str) -> None:
    """A turn that was heard in the file."""
    (track,) = tracks(database)
    with database.write() as session:
        session.add(
            Turn(
                id="t" * 24,
                interview_id=interview_id,
                seq=1,
                number=1,
                speaker="child",
                language="en",
                source="speech",
                sealed_text=b"-",
            )
        )
        session.flush()
        session.add(Segment(track_id=track.id, turn_id="t" * 24, start_ms=0, end_ms=900, confidence=1.0))


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
