"""The record: rows, keys and transactions. Knows nothing of Flask."""

from web.store.base import Base
from web.store.db import Database
from web.store.people import LoginAttempt, Role, User, UserSession
from web.store.protocols import Edition, ProtocolDraft
from web.store.record import (
    WRITTEN,
    Coding,
    DialogueLabel,
    Event,
    EventKind,
    Interview,
    InterviewState,
    Translation,
    Turn,
)
from web.store.review import Decision, Tag, TagDecision
from web.store.sound import Chunk, Original, Segment, SpeakerMark, Track, Upload, UploadState
from web.store.system import AuditEntry, Heartbeat
from web.store.transcript import Certification, InterpreterNote, TranscriptEdit
from web.store.vault import Sealer, Vault

__all__ = [
    "WRITTEN",
    "AuditEntry",
    "Base",
    "Certification",
    "Chunk",
    "Coding",
    "Database",
    "Decision",
    "DialogueLabel",
    "Edition",
    "Event",
    "EventKind",
    "Heartbeat",
    "InterpreterNote",
    "Interview",
    "InterviewState",
    "LoginAttempt",
    "Original",
    "ProtocolDraft",
    "Role",
    "Sealer",
    "Segment",
    "SpeakerMark",
    "Tag",
    "TagDecision",
    "Track",
    "TranscriptEdit",
    "Translation",
    "Turn",
    "Upload",
    "UploadState",
    "User",
    "UserSession",
    "Vault",
]
