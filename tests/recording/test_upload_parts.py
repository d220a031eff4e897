"""The way of a file's parts: lost, doubled, reordered, altered."""

from __future__ import annotations

import hashlib
import random
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.recording.conftest import PART
from tests.recording.sounds import Sender
from web.interview.errors import Conflict, Invalid, NotFound
from web.problems import Problem
from web.recording import upload_parts
from web.recording.files import SealedFiles
from web.recording.upload_file import SealedParts
from web.recording.upload_parts import FORGOTTEN, KEEP_FREE, MOST_AT_ONCE, SPARE_BYTES, PartsService
from web.store import Database, Interview, Upload, Vault
from web.store.base import now

CONTENT = random.Random(7).randbytes(5 * PART + 123)


@pytest.fixture
def sender(parts: PartsService, database: Database, interview_id: str) -> Sender:
    with database.read() as session:
        author = session.get_one(Interview, interview_id).interviewer_id
    return Sender(parts, interview_id, author, CONTENT)


def kept(database: Database, vault: Vault, sender: Sender) -> bytes:
    """What lies on disk, put together."""
    with database.read() as session:
        upload = session.get_one(Upload, sender.upload_id)
        interview = session.get_one(Interview, sender.interview_id)
    file = SealedParts(sender.service._files, vault.sealer(interview.id, interview.wrapped_key), upload)
    return b"".join(file.part(number) for number in range(upload.parts))


def on_disk(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "audio").rglob("*") if path.is_file()]


def test_parts_arrive_sealed_and_with_the_last_one_the_file_waits(
    sender: Sender, database: Database, vault: Vault, tmp_path: Path
) -> None:
    begun = sender.begin()
    assert (begun.state, begun.next, begun.of, begun.part_bytes) == ("receiving", 0, 6, PART)
    assert sender.send().state == "waiting"
    assert kept(database, vault, sender) == CONTENT
    assert len(on_disk(tmp_path)) == 6
    assert not any(CONTENT[:64] in path.read_bytes() for path in on_disk(tmp_path))


def damaged(dice: random.Random, body: bytes) -> bytes:
    """Some of it changed, cut off or repeated on the way."""
    at = dice.randrange(len(body))
    return dice.choice([body[:at], body + body[:at], body[:at] + b"?" + body[at + 1 :], b""])


@pytest.mark.parametrize("seed", range(3))
def test_chaos_on_the_way_leaves_the_file_as_it_was_sent(
    sender: Sender, database: Database, vault: Vault, seed: int
) -> None:
    """Answers get lost; parts come twice, too early, and damaged on the way."""
    dice = random.Random(seed)
    known = sender.begin()
    for _ in range(150):
        number = dice.choice([known.next, known.next, 0, known.next - 1, known.next + 1, 17])
        whole = sender.part(max(number, 0))
        body = damaged(dice, whole) if whole and dice.random() < 0.4 else whole
        try:
            sender.put(number, body, hashlib.sha256(whole).hexdigest())
            assert body == whole
        except Invalid:
            assert body != whole or not 0 <= number < known.of
        except Conflict as refused:
            assert refused.extra["next"] > known.next or number != known.next  # noqa: PT017
            known = sender.status
        if dice.random() < 0.8:  # else the answer got lost, and the client knows nothing of it
            known = sender.status
    assert kept(database, vault, sender) == CONTENT
    assert sender.status.state == "waiting"


def test_the_same_part_again_is_harmless_and_another_in_its_place_refused(sender: Sender) -> None:
    sender.begin()
    sender.put(0)
    assert sender.put(0).next == 1
    with pytest.raises(Conflict) as refused:
        sender.put(0, bytes(PART))
    assert (refused.value.extra["field"], refused.value.extra["next"]) == ("number", 1)


def test_a_part_too_early_names_the_one_that_is_awaited(sender: Sender, tmp_path: Path) -> None:
    sender.begin()
    with pytest.raises(Conflict) as refused:
        sender.put(1)
    assert refused.value.extra["next"] == 0
    assert not on_disk(tmp_path)


def test_two_that_send_the_same_part_at_once_get_one_part(
    sender: Sender, files: SealedFiles, monkeypatch: pytest.MonkeyPatch, database: Database, vault: Vault
) -> None:
    """The second comes while the first is writing to disk, and holds other bytes."""
    sender.begin()
    stage = files.stage

    def slow(path: Path, sealed: bytes) -> Path:
        staged = stage(path, sealed)
        monkeypatch.undo()
        sender.put(0)
        return staged

    monkeypatch.setattr(sender.service._files, "stage", slow)
    with pytest.raises(Conflict):
        sender.put(0, bytes(PART))
    assert kept(database, vault, sender) == CONTENT[:PART]


def test_beginning_again_finds_the_file_where_it_was_left(sender: Sender) -> None:
    sender.begin()
    sender.put(0)
    assert sender.begin().next == 1


def test_an_id_that_stands_for_another_file_is_refused(sender: Sender) -> None:
    sender.begin()
    for other in (
        replace(sender, content=CONTENT[:-1]),
        replace(sender, speakers=("child",)),
    ):
        with pytest.raises(Conflict) as refused:
            other.begin()
        assert refused.value.extra["field"] == "upload_id"


@pytest.mark.parametrize("upload_id", ["", "x" * 24, "ABCDEF" * 4, "a" * 23, "../" * 8])
def test_an_id_is_no_path(sender: Sender, upload_id: str) -> None:
    with pytest.raises(Invalid):
        sender.service.begin(sender.interview_id, upload_id, 10, (), sender.actor_id)


@pytest.mark.parametrize("size", [0, -1, (1 << 22) + 1])
def test_a_size_that_cannot_be_is_refused(sender: Sender, size: int) -> None:
    with pytest.raises(Invalid) as refused:
        sender.service.begin(sender.interview_id, "a" * 24, size, (), sender.actor_id)
    assert refused.value.extra["field"] == "size"


def test_what_no_disk_can_hold_is_refused_before_it_is_sent(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_parts, "SPARE_BYTES", 1 << 60)
    with pytest.raises(Problem) as refused:
        sender.begin()
    assert refused.value.status == 507


@dataclass
class Disk:
    free: int


def test_room_is_not_promised_twice(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that have arrived are no longer free, and no longer to come."""
    disk = Disk(2 * SPARE_BYTES + 2 * len(CONTENT) - PART)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk)
    sender.begin()
    second = replace(sender, upload_id="")
    with pytest.raises(Problem) as refused:
        second.begin()
    assert refused.value.status == 507
    sender.put(0)
    second.begin()


def test_a_disk_that_filled_up_meanwhile_is_left_to_live_sound(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sender.begin()
    disk = Disk(KEEP_FREE + PART - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk)
    with pytest.raises(Problem) as refused:
        sender.put(0)
    assert refused.value.status == 507
    assert not on_disk(tmp_path)
    disk.free += 1
    assert sender.put(0).next == 1


def test_only_so_many_files_are_on_their_way_at_once(sender: Sender) -> None:
    for _ in range(MOST_AT_ONCE):
        replace(sender, upload_id="").begin()
    with pytest.raises(Conflict) as refused:
        replace(sender, upload_id="").begin()
    assert "on their way" in refused.value.detail


def test_cancelling_removes_what_has_arrived(sender: Sender, tmp_path: Path) -> None:
    sender.begin()
    sender.put(0)
    cancelled = sender.service.cancel(sender.interview_id, sender.upload_id, sender.actor_id)
    assert (cancelled.state, cancelled.next, cancelled.again) == ("cancelled", 0, False)
    assert not on_disk(tmp_path)
    for after in (sender.put, lambda _: sender.service.again(sender.interview_id, sender.upload_id)):
        with pytest.raises(Conflict):
            after(0)


def test_a_file_nobody_goes_on_sending_is_dropped_after_a_week(
    sender: Sender, database: Database, tmp_path: Path
) -> None:
    sender.begin()
    sender.put(0)
    assert sender.service.sweep() == 0
    with database.write() as session:
        session.execute(update(Upload).values(updated_at=now() - FORGOTTEN - timedelta(minutes=1)))
    assert sender.service.sweep() == 1
    assert (sender.status.state, on_disk(tmp_path)) == ("cancelled", [])


def test_a_file_of_another_interview_is_not_found(sender: Sender, database: Database) -> None:
    sender.begin()
    with database.read() as session:
        other = session.scalars(select(Interview.id)).one() + "x"
    with pytest.raises(NotFound):
        sender.service.status(other, sender.upload_id)
