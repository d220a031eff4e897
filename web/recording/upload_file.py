"""A recorded file that lies on disk in sealed parts, read as one; only a few parts are open at a time."""

from __future__ import annotations

import io
from collections import OrderedDict
from pathlib import Path
from typing import Any

from web.recording.files import SealedFiles
from web.store import Sealer, Upload

OPEN_PARTS = 4  # a container whose index lies at its end goes to and fro


def folder(files: SealedFiles, upload: Upload) -> Path:
    return files.path(upload.interview_id, f"upload-{upload.id}")


def part_path(files: SealedFiles, upload: Upload, number: int) -> Path:
    return folder(files, upload) / f"{number}.part"


def context(upload: Upload, number: int) -> str:
    """What a sealed part is tied to: another part in its place is noticed."""
    return f"upload:{upload.id}:{number}"


class SealedParts(io.RawIOBase):
    """Reads raise Unreadable where a part was altered or moved, and OSError where one is gone.

    At most `OPEN_PARTS` opened parts are held. Wrap it in `io.BufferedReader`: a read ends with its part.
    """

    def __init__(self, files: SealedFiles, sealer: Sealer, upload: Upload) -> None:
        super().__init__()
        self._files, self._sealer, self._upload = files, sealer, upload
        self._opened: OrderedDict[int, bytes] = OrderedDict()
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._upload.size}[whence]
        if start + offset < 0:
            raise ValueError("a place before the beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._upload.size:
            return 0
        number, begin = divmod(self._at, self._upload.part_bytes)
        found = memoryview(self.part(number))[begin : begin + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def part(self, number: int) -> bytes:
        """One part as it arrived."""
        if number not in self._opened:
            sealed = part_path(self._files, self._upload, number).read_bytes()
            while len(self._opened) >= OPEN_PARTS:
                self._opened.popitem(last=False)
            self._opened[number] = self._sealer.open_bytes(sealed, context(self._upload, number))
        self._opened.move_to_end(number)
        return self._opened[number]
