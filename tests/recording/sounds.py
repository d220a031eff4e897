"""Recordings made for a test, and the way a client sends them in parts."""

from __future__ import annotations

import hashlib
import io
import wave
from dataclasses import dataclass

import numpy as np

from web.recording.upload_parts import PartsService
from web.recording.upload_status import UploadStatus
from web.store.base import new_id


def wav(seconds: float, channels: int = 1, rate: int = 16_000, pitch: int = 20) -> bytes:
    tone = (np.sin(np.arange(int(seconds * rate)) / pitch) * 8000).astype("<i2")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(tone, channels).tobytes())
    return content.getvalue()


@dataclass
class Sender:
    """Sends one file; `part` says of which bytes each part is."""

    service: PartsService
    interview_id: str
    actor_id: str
    content: bytes
    speakers: tuple[str | None, ...] = ()
    upload_id: str = ""
    beside: bool = False

    def begin(self) -> UploadStatus:
        self.upload_id = self.upload_id or new_id()
        found, _ = self.service.begin(
            self.interview_id,
            self.upload_id,
            len(self.content),
            self.speakers,
            self.actor_id,
            beside=self.beside,
        )
        self.size = found.part_bytes
        return found

    def part(self, number: int) -> bytes:
        return self.content[number * self.size : (number + 1) * self.size]

    def put(self, number: int, body: bytes | None = None, digest: str | None = None) -> UploadStatus:
        body = self.part(number) if body is None else body
        digest = hashlib.sha256(body).hexdigest() if digest is None else digest
        return self.service.put(self.interview_id, self.upload_id, number, body, digest)[0]

    def send(self) -> UploadStatus:
        found = self.begin()
        for number in range(found.next, found.of):
            found = self.put(number)
        return found

    @property
    def status(self) -> UploadStatus:
        return self.service.status(self.interview_id, self.upload_id)
