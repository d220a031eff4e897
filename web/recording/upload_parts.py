"""Recorded files arrive in parts: each sealed on disk before it is acknowledged, in order, once.

The names of files are not kept: people write children's names into them.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from web.interview import events
from web.interview.errors import Conflict, Invalid, NotFound
from web.problems import Problem
from web.recording import upload_file
from web.recording.files import SealedFiles
from web.recording.places import of_file, refuse_beside_transcript
from web.recording.service import SPEAKERS
from web.recording.upload_status import UploadStatus, part_count, status, stop
from web.store import Chunk, Database, Interview, Sealer, Segment, Track, Upload, UploadState, Vault
from web.store.base import now

UPLOAD_ID = re.compile(r"[0-9a-f]{24}")
MOST_AT_ONCE = 8  # files on their way to one interview
FORGOTTEN = timedelta(days=7)
SPARE_BYTES = 1 << 30  # beside the file: the sound decoded from it (115 MB an hour and track), and the record
KEEP_FREE = 1 << 28  # of a disk that filled up meanwhile, for sound that is being spoken
UNDER_WAY = (UploadState.RECEIVING, UploadState.WAITING, UploadState.READING)


class PartsService:
    """The console's side: takes parts, tells how things stand, cancels. Sizes in bytes.

    `audit(session, actor_id, action, subject_id)` adds to the audit log.
    """

    def __init__(  # noqa: PLR0917
        self,
        database: Database,
        vault: Vault,
        files: SealedFiles,
        part_bytes: int,
        max_bytes: int,
        audit: Callable[..., Any] = lambda *_: None,
    ) -> None:
        self._database, self._vault, self._files = database, vault, files
        self._part_bytes, self._max_bytes, self._audit = part_bytes, max_bytes, audit

    def begin(  # noqa: PLR0917
        self,
        interview_id: str,
        upload_id: str,
        size: int,
        speakers: Sequence[str | None],
        actor_id: str,
        *,
        beside: bool = False,
    ) -> tuple[UploadStatus, bool]:
        """Announce a file; True where it is new. The client makes the id, so that saying it again is
        harmless. It follows what the interview has by then; `beside`: it begins together with the newest of
        that. Raises Invalid, Conflict (id used otherwise, too many at once, the turns come from a
        transcript), Problem(507)."""
        self._check(upload_id, size, speakers)
        self.sweep()
        with self._database.write() as session:
            events.lock(session, interview_id)
            upload = session.get(Upload, upload_id)
            if upload is not None:
                said = (upload.interview_id, upload.size, upload.speakers, upload.beside)
                if said != (interview_id, size, list(speakers), beside):
                    raise Conflict("This id stands for another file. Take a new one.", field="upload_id")
                return status(upload), False
            refuse_beside_transcript(session, interview_id)
            self._make_room(session, interview_id, size)
            upload = Upload(
                id=upload_id,
                interview_id=interview_id,
                author_id=actor_id,
                size=size,
                part_bytes=self._part_bytes,
                speakers=list(speakers),
                beside=beside,
            )
            session.add(upload)
            session.flush()
            self._audit(session, actor_id, "upload:begin", interview_id)
            return status(upload), True

    def put(
        self, interview_id: str, upload_id: str, number: int, body: bytes, sha256_hex: str
    ) -> tuple[UploadStatus, bool]:
        """Keep one part; True where it is new, and repeating it is harmless. With the last one the file
        waits to be read. Raises Invalid (hash, length), NotFound, and Conflict with `next` for a part out of
        order or other content under a known number, Problem(507)."""
        with self._database.read() as session:
            upload = _find(session, interview_id, upload_id)
            sealer = self._sealer(session, interview_id)
        self._check_part(upload, number, body, sha256_hex)
        if number < upload.parts:
            self._check_same(sealer, upload, number, body)
            return status(upload), False
        _refuse_out_of_order(upload, number)
        if self._free() < len(body) + KEEP_FREE:
            raise Problem(507)
        path = upload_file.part_path(self._files, upload, number)
        staged = self._files.stage(path, sealer.seal_bytes(body, upload_file.context(upload, number)))
        return self._settle(interview_id, upload_id, number, staged, path)

    def _settle(
        self, interview_id: str, upload_id: str, number: int, staged: Path, path: Path
    ) -> tuple[UploadStatus, bool]:
        try:
            with self._database.write() as session:
                events.lock(session, interview_id)
                upload = _find(session, interview_id, upload_id)
                _refuse_out_of_order(upload, number)  # somebody else may have sent it meanwhile
                self._files.settle(staged, path)
                upload.parts, upload.updated_at = number + 1, now()
                if upload.parts == part_count(upload):
                    upload.state = UploadState.WAITING
                return status(upload), True
        except BaseException:
            staged.unlink(missing_ok=True)
            raise

    def status(self, interview_id: str, upload_id: str) -> UploadStatus:
        with self._database.read() as session:
            return status(_find(session, interview_id, upload_id))

    def all(self, interview_id: str) -> list[UploadStatus]:
        """Newest first."""
        rows = select(Upload).where(Upload.interview_id == interview_id).order_by(Upload.created_at.desc())
        with self._database.read() as session:
            return [status(upload) for upload in session.scalars(rows)]

    def cancel(self, interview_id: str, upload_id: str, actor_id: str | None) -> UploadStatus:
        """Stop. Before reading began nothing is kept; after that, what was read stays in the record and the
        file beside it, and `again` goes on. Harmless where it is over."""
        with self._database.write() as session:
            events.lock(session, interview_id)
            upload = _find(session, interview_id, upload_id)
            if upload.state in UNDER_WAY:
                self._audit(session, actor_id, "upload:cancel", interview_id)
                drop = upload.state is not UploadState.READING and upload.read_ms == 0
                stop(upload, UploadState.CANCELLED, keep=not drop)
            found = status(upload)
        if found.state == UploadState.CANCELLED and not found.next:  # only once that is on record
            self._files.remove(upload_file.folder(self._files, upload))
        return found

    def again(self, interview_id: str, upload_id: str) -> UploadStatus:
        """Go on reading a file that was stopped. Raises Conflict where nothing of it is kept."""
        with self._database.write() as session:
            events.lock(session, interview_id)
            upload = _find(session, interview_id, upload_id)
            if upload.state in UNDER_WAY or upload.state is UploadState.DONE:
                return status(upload)
            if not status(upload).again:
                raise Conflict("Nothing of this file was kept. Choose it again.", state=upload.state.value)
            upload.state, upload.problem, upload.updated_at = UploadState.WAITING, None, now()
            return status(upload)

    def remove(self, interview_id: str, upload_id: str, actor_id: str) -> UploadStatus:
        """Remove a file that was stopped or could not be read; the sound that was read of it stays. Raises
        Conflict for any other, and for the only copy of one that words on record come from."""
        with self._database.write() as session:
            events.lock(session, interview_id)
            upload = _find(session, interview_id, upload_id)
            if upload.state not in (UploadState.CANCELLED, UploadState.FAILED):
                raise Conflict("Only a file that was stopped can be removed.", state=upload.state.value)
            if _needed(session, upload):
                raise Conflict(
                    "Part of the transcript comes from this file, or is still being written down from it. As"
                    " evidence it stays with it.",
                    state=upload.state.value,
                )
            self._audit(session, actor_id, "upload:remove", interview_id)
            upload.parts, upload.updated_at = 0, now()
            found = status(upload)
        self._files.remove(upload_file.folder(self._files, upload))
        return found

    def give(self, interview_id: str, upload_id: str, actor_id: str) -> tuple[UploadStatus, Iterator[bytes]]:
        """The file as it was brought in, part by part; the audit log says who took it. Raises NotFound where
        it is not here, Unreadable and OSError where its first part cannot be opened."""
        with self._database.write() as session:
            upload = _find(session, interview_id, upload_id)
            if not status(upload).kept:
                raise NotFound
            sealer = self._sealer(session, interview_id)
            self._audit(session, actor_id, "upload:give", interview_id)
        file = upload_file.SealedParts(self._files, sealer, upload)
        file.part(0)
        return status(upload), (file.part(number) for number in range(part_count(upload)))

    def sweep(self) -> int:
        """Cancel files nobody has sent a part of for a week; returns how many."""
        old = select(Upload).where(
            Upload.state == UploadState.RECEIVING, Upload.updated_at < now() - FORGOTTEN
        )
        with self._database.read() as session:
            found = list(session.scalars(old))
        for upload in found:
            self.cancel(upload.interview_id, upload.id, None)
        return len(found)

    def _check(self, upload_id: str, size: int, speakers: Sequence[str | None]) -> None:
        if not UPLOAD_ID.fullmatch(upload_id):
            raise Invalid("upload_id", "An upload's id is 24 of 0-9 and a-f, made new for each file.")
        if not 0 < size <= self._max_bytes:
            raise Invalid(
                "size", f"A recording has 1 to {self._max_bytes} bytes, not {size}. Nothing was saved."
            )
        if len(speakers) > 2 or any(name not in (None, *SPEAKERS) for name in speakers):
            raise Invalid("speakers", f"At most two, each one of {', '.join(SPEAKERS)}, or null.")

    def _make_room(self, session: Session, interview_id: str, size: int) -> None:
        mine = select(func.count()).where(Upload.interview_id == interview_id, Upload.state.in_(UNDER_WAY))
        if (session.scalar(mine) or 0) >= MOST_AT_ONCE:
            raise Conflict(f"{MOST_AT_ONCE} files are on their way already. Wait for one, or cancel it.")
        if self._free() < size + self._promised(session) + SPARE_BYTES:
            raise Problem(507)

    def _free(self) -> int:
        home = self._files.path("").parent
        return shutil.disk_usage(home if home.exists() else Path("/")).free

    def _promised(self, session: Session) -> int:
        """What files on their way, of all interviews, will still take, with the sound in them."""
        coming = select(func.sum(Upload.size - Upload.parts * Upload.part_bytes))
        files = select(func.count()).where(Upload.state.in_(UNDER_WAY))
        left = session.scalar(coming.where(Upload.state == UploadState.RECEIVING)) or 0
        return int(left) + (session.scalar(files) or 0) * SPARE_BYTES

    def _check_part(self, upload: Upload, number: int, body: bytes, sha256_hex: str) -> None:
        count = part_count(upload)
        if not 0 <= number < count:
            raise Invalid("number", f"This file's parts are numbered from 0 to {count - 1}.")
        wanted = upload.part_bytes if number < count - 1 else upload.size - number * upload.part_bytes
        if len(body) != wanted:
            raise Invalid(
                "body", f"Part {number} has {wanted} bytes, not {len(body)}. It was not saved; send it again."
            )
        if hashlib.sha256(body).hexdigest() != sha256_hex.lower():
            raise Invalid("X-Chunk-SHA256", "The part does not match its checksum. Send it again.")

    def _check_same(self, sealer: Sealer, upload: Upload, number: int, body: bytes) -> None:
        """The client asks about a part it may have sent before; a file that is no longer held differs."""
        try:
            sealed = upload_file.part_path(self._files, upload, number).read_bytes()
        except FileNotFoundError:
            sealed = b""
        if not sealed or sealer.open_bytes(sealed, upload_file.context(upload, number)) != body:
            raise Conflict(
                "This is not the file that was begun. Choose the same file, or cancel and begin anew.",
                field="number",
                next=upload.parts,
            )

    def _sealer(self, session: Session, interview_id: str) -> Sealer:
        interview = session.get(Interview, interview_id)
        if interview is None or interview.wrapped_key is None:
            raise NotFound
        return self._vault.sealer(interview.id, interview.wrapped_key)


def _find(session: Session, interview_id: str, upload_id: str) -> Upload:
    upload = session.get(Upload, upload_id)
    if upload is None or upload.interview_id != interview_id:
        raise NotFound
    return upload


def _needed(session: Session, upload: Upload) -> bool:
    """Whether turns were made of it, or may yet be, and no other copy of it lies here."""
    if upload.sha256 is None:
        return False
    same = select(Upload).where(
        Upload.interview_id == upload.interview_id, Upload.sha256 == upload.sha256, Upload.id != upload.id
    )
    if any(status(one).kept for one in session.scalars(same)):
        return False
    said = exists().where(Segment.track_id == Track.id, Segment.turn_id.is_not(None))
    sound = exists().where(Chunk.track_id == Track.id)
    mine = Track.name.startswith(of_file(upload.sha256)) & (Track.interview_id == upload.interview_id)
    return (
        session.scalar(select(Track.id).where(mine, said | (~Track.heard_out & sound)).limit(1)) is not None
    )


def _refuse_out_of_order(upload: Upload, number: int) -> None:
    if upload.state is not UploadState.RECEIVING or number != upload.parts:
        raise Conflict(
            f"Part {upload.parts} is awaited, not part {number}; the file is {upload.state.value}.",
            next=upload.parts,
            state=upload.state.value,
        )
