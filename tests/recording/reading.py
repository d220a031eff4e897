"""What tests of the reading of files share: a short recording, and looks at what became of it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select, update

from tests.recording.sounds import Sender, wav
from web.recording.service import RecordingService
from web.recording.upload_reading import FileReader
from web.store import Database, Segment, Track, Turn

SOUND = wav(25)


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
