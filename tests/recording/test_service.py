"""Chunks: acknowledged ones stay, wrong ones leave nothing."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event, func, select

from web.interview.errors import Conflict, Invalid, NotFound, TooLarge
from web.recording.files import SealedFiles
from web.recording.service import Receipt, RecordingService
from web.store import Chunk, Database, Event, EventKind

SECOND = 16_000


def sound(number: int, samples: int = SECOND) -> bytes:
    return np.full(samples, number + 1, dtype="<i2").tobytes()


def put(recordings: RecordingService, interview_id: str, number: int, body: bytes | None = None) -> Receipt:
    body = sound(number) if body is None else body
    return recordings.add_chunk(interview_id, "room", number, body, hashlib.sha256(body).hexdigest())


@pytest.fixture
def room(recordings: RecordingService, interview_id: str) -> str:
    recordings.open_track(interview_id, "room", None, 0, None)
    return interview_id


class TestReceiving:
    def test_an_acknowledged_chunk_comes_back_byte_for_byte(self, recordings, room, database):
        receipt = put(recordings, room, 0)
        assert (receipt.number, receipt.next, receipt.created) == (0, 1, True)
        assert receipt.sha256 == hashlib.sha256(sound(0)).hexdigest()
        assert b"".join(recordings.pcm(track_id(database))) == sound(0)

    def test_the_same_chunk_again_changes_nothing(self, recordings, room, database):
        put(recordings, room, 0)
        assert put(recordings, room, 0).created is False
        assert count(database) == 1

    def test_other_sound_under_a_known_number_is_refused_and_the_first_stays(
        self, recordings, room, database
    ):
        put(recordings, room, 0)
        with pytest.raises(Conflict):
            put(recordings, room, 0, sound(7))
        assert b"".join(recordings.pcm(track_id(database))) == sound(0)

    def test_chunks_out_of_order_report_the_first_gap(self, recordings, room):
        assert put(recordings, room, 2).next == 0
        assert put(recordings, room, 0).next == 1
        assert put(recordings, room, 1).next == 3

    def test_sound_after_a_gap_is_kept_but_not_handed_out_before_the_gap_is_filled(
        self, recordings, room, database
    ):
        put(recordings, room, 0)
        put(recordings, room, 2)
        assert b"".join(recordings.pcm(track_id(database))) == sound(0)
        assert recordings.state(room, "room").saved_ms == 1000
        put(recordings, room, 1)
        assert b"".join(recordings.pcm(track_id(database))) == sound(0) + sound(1) + sound(2)
        assert recordings.state(room, "room").saved_ms == 3000

    def test_many_uploads_of_one_chunk_at_once_make_one_row(self, recordings, room, database):
        receipts: list[Receipt] = []
        threads = [
            threading.Thread(target=lambda: receipts.append(put(recordings, room, 0))) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(receipts) == 6
        assert sum(receipt.created for receipt in receipts) == 1
        assert count(database) == 1

    def test_nobody_waits_while_sound_is_written_to_disk(self, recordings, room, files, monkeypatch):
        """Another microphone's part comes while the first is being written."""
        recordings.open_track(room, "other", None, 0, None)
        stage, asked = files.stage, []

        def slow(path: Path, sealed: bytes) -> Path:
            if not asked:
                asked.append(path)
                body = sound(0)
                recordings.add_chunk(room, "other", 0, body, hashlib.sha256(body).hexdigest())
            return stage(path, sealed)

        monkeypatch.setattr(recordings._files, "stage", slow)
        put(recordings, room, 0)
        assert (asked, recordings.state(room, "other").chunks) != ([], 0)

    def test_one_more_part_does_not_count_all_before_it(self, recordings, room, database):
        """What has come without a gap is known, and looked at no more; a gap before it is found again."""
        seen: list[tuple[int, int]] = []
        for number in range(5):
            put(recordings, room, number)
        seen += [(put(recordings, room, 6).next, put(recordings, room, 5).next)]
        assert seen == [(5, 7)]
        counted: list[str] = []
        listen = (database.engine, "before_cursor_execute", lambda *given: counted.append(str(given[2:4])))
        event.listen(*listen)
        try:
            put(recordings, room, 7)
        finally:
            event.remove(*listen)
        counts = [one for one in counted if "count" in one]
        assert counts
        assert all("chunk.number >=" in one for one in counts)

    def test_a_part_that_is_refused_leaves_no_file(self, recordings, room, tmp_path):
        recordings.end_track(room, "room", 0, None)
        with pytest.raises(Conflict):
            put(recordings, room, 0)
        assert not [path for path in (tmp_path / "audio").rglob("*") if path.is_file()]


class TestRefusing:
    @pytest.mark.parametrize(
        ("body", "error"),
        [(b"", Invalid), (b"abc", Invalid), (bytes(128 * 1024), TooLarge)],
        ids=["empty", "half a sample", "too large"],
    )
    def test_what_cannot_be_sound_leaves_no_row_and_no_file(
        self, recordings, room, database, tmp_path, body, error
    ):
        with pytest.raises(error):
            put(recordings, room, 0, body)
        assert count(database) == 0
        assert not list(tmp_path.rglob("*.chunk"))

    def test_a_wrong_checksum_is_refused(self, recordings, room, database):
        with pytest.raises(Invalid) as caught:
            recordings.add_chunk(room, "room", 0, sound(0), "0" * 64)
        assert caught.value.extra["field"] == "X-Chunk-SHA256"
        assert count(database) == 0

    def test_an_unknown_track_is_refused(self, recordings, interview_id):
        with pytest.raises(NotFound):
            put(recordings, interview_id, 0)

    @pytest.mark.parametrize("name", ["", "A", "../x", "x" * 21, "a b"])
    def test_a_track_name_is_checked(self, recordings, interview_id, name):
        with pytest.raises(Invalid):
            recordings.open_track(interview_id, name, None, 0, None)

    def test_a_track_is_not_begun_twice_for_different_speakers(self, recordings, interview_id):
        recordings.open_track(interview_id, "one", "child", 0, None)
        recordings.open_track(interview_id, "one", "child", 0, None)
        with pytest.raises(Conflict):
            recordings.open_track(interview_id, "one", "interviewer", 0, None)


class TestEnding:
    def test_ending_before_everything_arrived_names_what_is_missing(self, recordings, room):
        put(recordings, room, 0)
        put(recordings, room, 2)
        with pytest.raises(Conflict) as caught:
            recordings.end_track(room, "room", 3, None)
        assert caught.value.extra["next"] == 1
        assert not recordings.state(room, "room").ended

    def test_nothing_is_added_after_the_end(self, recordings, room):
        put(recordings, room, 0)
        assert recordings.end_track(room, "room", 1, None).ended
        with pytest.raises(Conflict):
            put(recordings, room, 1)

    def test_opening_and_ending_are_events_once(self, recordings, room, database):
        recordings.open_track(room, "room", None, 0, None)
        recordings.end_track(room, "room", 0, None)
        recordings.end_track(room, "room", 0, None)
        with database.read() as session:
            kinds = list(session.scalars(select(Event.kind).where(Event.interview_id == room)))
        assert kinds == [EventKind.AUDIO, EventKind.AUDIO]


class TestReading:
    @pytest.mark.parametrize(("first", "last"), [(0, 3000), (500, 1500), (999, 1001), (2500, None), (0, 1)])
    def test_any_stretch_is_exact(self, recordings, room, database, first, last):
        for number in range(3):
            put(recordings, room, number)
        whole = b"".join(sound(number) for number in range(3))
        expected = whole[first * 32 : None if last is None else last * 32]
        assert b"".join(recordings.pcm(track_id(database), first, last)) == expected

    def test_a_stretch_of_a_long_track_loads_no_row_for_each_part(self, recordings, room, database):
        for number in range(20):
            put(recordings, room, number)
        loaded = []
        listen = ("load", lambda row, _: loaded.append(row))
        event.listen(Chunk, *listen)
        try:
            assert b"".join(recordings.pcm(track_id(database), 10_500, 11_500)) == (
                sound(10)[SECOND:] + sound(11)[:SECOND]
            )
        finally:
            event.remove(Chunk, *listen)
        assert not loaded

    def test_sound_on_disk_is_sealed(self, recordings, room, tmp_path: Path):
        put(recordings, room, 0)
        (chunk,) = tmp_path.rglob("*.chunk")
        assert sound(0)[:64] not in chunk.read_bytes()
        assert chunk.stat().st_mode & 0o077 == 0

    def test_a_chunk_moved_to_another_place_is_not_opened(self, recordings, room, database, tmp_path: Path):
        put(recordings, room, 0)
        put(recordings, room, 1)
        first, second = sorted(tmp_path.rglob("*.chunk"))
        second.write_bytes(first.read_bytes())
        with pytest.raises(Exception, match="cannot be opened"):
            b"".join(recordings.pcm(track_id(database)))


class TestMarks:
    def test_a_mark_is_kept_once_however_often_it_is_sent(self, recordings, room):
        first = recordings.mark_speaker(room, "k1", 1200, "child", None)
        assert recordings.mark_speaker(room, "k1", 1200, "child", None) == first

    @pytest.mark.parametrize(("at", "speaker"), [(-1, "child"), (10**9, "child"), (0, "judge")])
    def test_a_wrong_mark_is_refused(self, recordings, room, at, speaker):
        with pytest.raises(Invalid):
            recordings.mark_speaker(room, "k", at, speaker, None)


def test_unfinished_files_of_a_killed_process_are_swept(files: SealedFiles, recordings, room, tmp_path: Path):
    put(recordings, room, 0)
    (chunk,) = tmp_path.rglob("*.chunk")
    chunk.with_name(".5.chunk.half").write_bytes(b"x")
    assert files.sweep() == 1
    assert chunk.exists()


def track_id(database: Database) -> str:
    with database.read() as session:
        return str(session.scalar(select(Chunk.track_id).limit(1)))


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Chunk)) or 0
