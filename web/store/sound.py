"""What was recorded: tracks of numbered, hashed chunks. A chunk, once acknowledged, is never altered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.store.base import ID, Base, new_id, now
from web.store.people import text_enum


class Track(Base):
    """One microphone or one channel of a file. `offset_ms` is its first sample on the interview's clock."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("interview_id", "name"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"))
    name: Mapped[str] = mapped_column(String(20))
    speaker: Mapped[str | None] = mapped_column(String(12))  # None: several, told apart by speaker marks
    language: Mapped[str | None] = mapped_column(String(12))  # an interpreter's; None: the speaker's
    offset_ms: Mapped[int] = mapped_column(default=0)
    ended: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    transcribed_ms: Mapped[int] = mapped_column(default=0)  # all speech before this has become turns
    heard_out: Mapped[bool] = mapped_column(default=False)  # ended, and all of it transcribed


class Original(Base):
    """A recorded file as it was brought in, kept whole beside the samples decoded from it."""

    __tablename__ = "original"
    __table_args__ = (UniqueConstraint("interview_id", "sha256"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    received_at: Mapped[datetime] = mapped_column(default=now)
    read_until_ms: Mapped[int]  # how far the sound in it could be read
    complete: Mapped[bool]  # False: the file broke off


class UploadState(StrEnum):
    RECEIVING = "receiving"
    WAITING = "waiting"  # all parts are here; the worker has not begun
    READING = "reading"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Upload(Base):
    """A recorded file on its way: parts of one size arrive in order, then the worker reads it.

    `speakers` names who is on which channel (null: several); `beside`: it begins together with the file
    before it, not at that one's end; `problem` is a code of the room's, never words.
    """

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"))
    size: Mapped[int] = mapped_column(BigInteger)  # bytes, as announced
    part_bytes: Mapped[int]
    parts: Mapped[int] = mapped_column(default=0)  # received without a gap
    state: Mapped[UploadState] = mapped_column(text_enum(UploadState), default=UploadState.RECEIVING)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    speakers: Mapped[list[Any]]
    beside: Mapped[bool] = mapped_column(default=False)
    read_ms: Mapped[int] = mapped_column(default=0)
    total_ms: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class Chunk(Base):
    """PCM, 16 kHz, mono, signed 16 bit, encrypted in a file of its own under the home folder."""

    __tablename__ = "chunk"
    __table_args__ = (UniqueConstraint("track_id", "number"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    track_id: Mapped[str] = mapped_column(ForeignKey("track.id"))
    number: Mapped[int]  # 0, 1, 2 …
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))  # of the plain samples
    samples: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(default=now)


class Segment(Base):
    """One utterance that became a turn; its unique start makes a repeated job harmless."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("track_id", "start_ms"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    track_id: Mapped[str] = mapped_column(ForeignKey("track.id"))
    turn_id: Mapped[str | None] = mapped_column(ForeignKey("turn.id"))  # None: nothing was understood
    start_ms: Mapped[int]  # in the track
    end_ms: Mapped[int]
    confidence: Mapped[float]


class SpeakerMark(Base):
    """From this moment on, until the next mark, this person speaks (the speaker key)."""

    __tablename__ = "speaker_mark"

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    interview_id: Mapped[str] = mapped_column(ForeignKey("interview.id"), index=True)
    at_ms: Mapped[int]
    speaker: Mapped[str] = mapped_column(String(12))
    language: Mapped[str | None] = mapped_column(String(12))  # an interpreter's, from now on
