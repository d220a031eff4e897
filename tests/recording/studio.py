"""A worker that listens to an interview, and the page that sends the sound: for tests of what is heard."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from tests.interview.parts import Room
from web.recording.files import SealedFiles
from web.recording.listening import Listener
from web.recording.service import RecordingService
from web.review import reading
from web.speech.audio import Recording
from web.speech.model import RATE, Samples
from web.speech.transcriber import Transcriber
from web.store import EventKind, Interview, Segment, Track

AUDIO = Path(__file__).parents[1] / "speech" / "audio"
CHUNK = 2 * RATE
LIVE = RATE // 5
SPOKEN: list[dict[str, Any]] = json.loads((AUDIO / "dialogue.json").read_text())["turns"]
SHORT_MS = 13_800  # the first four turns
Said = tuple[str, str, int, int]


def sound(name: str, until_ms: int) -> Samples:
    with Recording(AUDIO / name) as recording:
        return np.concatenate(list(recording.chunks()), axis=1)[:, : until_ms * RATE // 1000]


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


class Studio:
    """A worker's side and a page's side of one interview."""

    def __init__(self, room: Room, transcriber: Transcriber, **interview: object) -> None:
        self.room, self.transcriber = room, transcriber
        self.now = 0.0
        self.busy = False
        self.told: list[list[dict[str, Any]]] = []
        files = SealedFiles(room.config.home)
        self.recordings = RecordingService(room.database, room.vault, files, 1 << 20)
        self.interview: Interview = room.new(**interview)
        self.sent: dict[str, int] = {}
        self.restart()

    def restart(self) -> None:
        """A worker that knows nothing but what is in the record."""
        self.listener = Listener(
            self.room.database,
            self.recordings,
            self.room.service,
            lambda: self.transcriber,
            clock=lambda: self.now,
            tell=lambda _, lines: self.told.append(lines),
            busy=lambda: self.busy,
        )

    def open(self, track: str, speaker: str | None, offset_ms: int = 0) -> None:
        self.recordings.open_track(self.interview.id, track, speaker, offset_ms, None)
        self.sent[track] = 0

    def send(self, track: str, samples: Samples) -> None:
        body, number = np.ascontiguousarray(samples).astype("<i2").tobytes(), self.sent[track]
        digest = hashlib.sha256(body).hexdigest()
        self.recordings.add_chunk(self.interview.id, track, number, body, digest)
        self.sent[track] += 1

    def end(self) -> None:
        for track, count in self.sent.items():
            self.recordings.end_track(self.interview.id, track, count, None)
        self.listen()

    def listen(self) -> None:
        while self.listener.listen(self.interview.id):
            pass

    def mark(self, at_ms: int, speaker: str) -> None:
        self.recordings.mark_speaker(self.interview.id, f"m{at_ms}", at_ms, speaker, None)

    def mark_all(self) -> None:
        for turn in SPOKEN:
            self.mark(turn["start_ms"] - 300, turn["speaker"])

    def play(self, tracks: dict[str, Samples], chunk: int = CHUNK) -> None:
        """As it comes in from a page, in parts of two seconds or less, listened to all the while."""
        longest = max(len(samples) for samples in tracks.values())
        for start in range(0, longest, chunk):
            self.now += chunk / RATE
            for track, samples in tracks.items():
                self.send(track, samples[start : start + chunk])
            self.listen()

    @property
    def said(self) -> list[Said]:
        shown = self.room.service.history(self.interview.id, kinds=(EventKind.TURN,))
        names = ("speaker", "text", "started_ms", "ended_ms")
        return [tuple(event.payload[name] for name in names) for event in shown]  # type: ignore[misc]

    @property
    def unheard(self) -> list[tuple[int, int]]:
        sealer = self.room.vault.sealer(self.interview.id, self.interview.wrapped_key)
        with self.room.database.read() as session:
            found = reading.talk(session, sealer, self.interview).unheard
        return [(one.from_ms, one.to_ms) for one in found]

    def segments(self) -> list[Segment]:
        with self.room.database.read() as session:
            return list(session.scalars(select(Segment).order_by(Segment.start_ms)))

    def heard_out(self) -> bool:
        with self.room.database.read() as session:
            return all(session.scalars(select(Track.heard_out)))
