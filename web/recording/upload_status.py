"""How a recorded file on its way stands, for pages and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from web.store import Upload, UploadState
from web.store.base import now


@dataclass(frozen=True)
class UploadStatus:
    """How a file stands. `next` is the first part that has not arrived, `of` how many there are; sizes in
    bytes, `read_ms` of `total_ms` (null: the file does not say) have become sound of the interview.
    `beside`: it begins together with the file before it. `again`: whether reading can be taken up again;
    `kept`: whether the file is over with and lies here whole; `sha256`, of the file, once it was checked."""

    id: str
    state: str
    size: int
    part_bytes: int
    next: int
    of: int
    speakers: list[Any]
    read_ms: int
    total_ms: int | None
    problem: str | None
    beside: bool
    again: bool
    kept: bool
    sha256: str | None
    created_at: str


def part_count(upload: Upload) -> int:
    return -(-upload.size // upload.part_bytes)


def may_go_on(upload: Upload) -> bool:
    """Whether more of a file that is here may be read, now or later."""
    stopped = upload.state in (UploadState.CANCELLED, UploadState.FAILED)
    whole = upload.parts == part_count(upload)
    return upload.state in (UploadState.WAITING, UploadState.READING) or (stopped and whole)


def status(upload: Upload) -> UploadStatus:
    stopped = upload.state in (UploadState.CANCELLED, UploadState.FAILED)
    whole = upload.parts == part_count(upload)
    return UploadStatus(
        id=upload.id,
        state=upload.state.value,
        size=upload.size,
        part_bytes=upload.part_bytes,
        next=upload.parts,
        of=part_count(upload),
        speakers=upload.speakers,
        read_ms=upload.read_ms,
        total_ms=upload.total_ms,
        problem=upload.problem,
        beside=upload.beside,
        again=stopped and whole,
        kept=(stopped or upload.state is UploadState.DONE) and whole,
        sha256=upload.sha256.hex() if upload.sha256 else None,
        created_at=upload.created_at.isoformat(),
    )


def stop(upload: Upload, state: UploadState, *, keep: bool, problem: str | None = None) -> None:
    """End it. Without `keep` its parts are about to be removed; `problem` is a code, see upload_words."""
    upload.state, upload.problem, upload.updated_at = state, problem, now()
    if not keep:
        upload.parts = 0
