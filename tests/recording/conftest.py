"""An interview to record into."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interview.parts import Room, make_room
from tests.recording.reading import SOUND
from tests.recording.sounds import Sender
from tests.recording.studio import Studio
from web.config import Config
from web.recording import upload_reading
from web.recording.files import SealedFiles
from web.recording.service import RecordingService
from web.recording.upload_parts import PartsService
from web.recording.upload_reading import FileReader
from web.speech.transcriber import Transcriber
from web.store import Database, Interview, Role, User, Vault
from web.store.base import new_id

CHUNK_LIMIT = 64 * 1024


@pytest.fixture
def vault() -> Vault:
    return Vault(os.urandom(32))


@pytest.fixture
def files(tmp_path: Path) -> SealedFiles:
    return SealedFiles(tmp_path)


@pytest.fixture
def interview_id(database: Database, vault: Vault) -> str:
    user = User(id=new_id(), name=f"rec-{new_id()}", role=Role.INTERVIEWER, password_hash="-")
    key = new_id()
    wrapped = vault.new_key(key)
    with database.write() as session:
        session.add(user)
        session.flush()
        session.add(
            Interview(
                id=key,
                case_code="K-1",
                interviewer_id=user.id,
                protocol="minimal_facts",
                protocol_hash="0",
                child_age=8,
                interviewer_language="en",
                child_language="en",
                wrapped_key=wrapped,
                sealed_details=vault.sealer(key, wrapped).seal({}, f"details:{key}"),
            )
        )
    return key


@pytest.fixture
def recordings(database: Database, vault: Vault, files: SealedFiles) -> RecordingService:
    return RecordingService(database, vault, files, CHUNK_LIMIT)


PART = 64 * 1024


@pytest.fixture
def parts(database: Database, vault: Vault, files: SealedFiles) -> PartsService:
    return PartsService(database, vault, files, PART, 1 << 22)


@pytest.fixture
def reader(database: Database, vault: Vault, files: SealedFiles, recordings: RecordingService) -> FileReader:
    recordings._max_chunk_bytes = 1 << 20
    return FileReader(database, vault, files, recordings, 1 << 22)


@pytest.fixture
def author(database: Database, interview_id: str) -> str:
    with database.read() as session:
        return session.get_one(Interview, interview_id).interviewer_id


@pytest.fixture
def sender(parts: PartsService, interview_id: str, author: str) -> Sender:
    return Sender(parts, interview_id, author, SOUND)


@pytest.fixture
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read a piece at a time."""
    monkeypatch.setattr(upload_reading, "PIECES_A_STEP", 1)


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return Transcriber.load(threads=1)


@pytest.fixture
def room(config: Config) -> Iterator[Room]:
    opened = Database(config.database_url)
    yield make_room(config, opened)
    opened.close()


@pytest.fixture
def studio(room: Room, transcriber: Transcriber) -> Studio:
    return Studio(room, transcriber)
